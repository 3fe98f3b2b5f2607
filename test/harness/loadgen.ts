import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { handler } from './handler.ts';

const run = promisify(execFile);

/** What bench/loadgen.c prints. */
export interface Load {
  readonly total: number;
  readonly perSecond: number;
  readonly p99Us: number;
  readonly maxUs: number;
  readonly errors: Readonly<
    Record<'refused' | 'reset' | 'timeout' | 'noData' | 'wrongData' | 'other', number>
  >;
}

/** Keeps connections coming to a service that answers "ok", for a time. */
export async function loadgen(
  port: number,
  options: { readonly inFlight: number; readonly seconds: number },
): Promise<Load> {
  const args = ['-p', String(port), '-c', String(options.inFlight), '-d', String(options.seconds)];
  const { stdout } = await run(handler('loadgen'), args, { timeout: (options.seconds + 30) * 1000 });
  return JSON.parse(stdout) as Load;
}
