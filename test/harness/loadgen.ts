import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { handler } from './handler.ts';

const run = promisify(execFile);

/** What bench/loadgen prints. */
export interface Load {
  readonly total: number;
  readonly perSecond: number;
  readonly p99Us: number;
  readonly maxUs: number;
  readonly errors: Readonly<
    Record<'refused' | 'reset' | 'timeout' | 'noData' | 'wrongData' | 'other', number>
  > & { readonly served?: number };
}

export interface LoadOptions {
  readonly inFlight: number;
  /** How long; with `atLeast`, how long after those. */
  readonly seconds: number;
  /** So many connections, and a few more; within a minute. */
  readonly atLeast?: number;
  /** The service must turn everybody away: `total` counts the refusals, and `errors.served` the others. */
  readonly expectRefusal?: boolean;
  /** The service sends back so many bytes, instead of saying "ok". */
  readonly echoBytes?: number;
  /** On a schedule; without it, as fast as the service answers. */
  readonly perSecond?: number;
  /** So many addresses of 127.0.0.0/8, in turn; without it, 64 from 127.77.0.1 on. */
  readonly sources?: { readonly first: string; readonly count: number };
}

const MOST_MS = 60_000;

/** Keeps connections coming to a service that answers "ok", or refuses, for a time. */
export async function loadgen(port: number, options: LoadOptions): Promise<Load> {
  const { inFlight, seconds, atLeast, expectRefusal = false, echoBytes, perSecond, sources } = options;
  const args = [
    ...['-p', String(port), '-c', String(inFlight), '-d', String(seconds)],
    ...(atLeast === undefined ? [] : ['-w', String(atLeast), '-t', String(MOST_MS)]),
    ...(expectRefusal ? ['-x'] : []),
    ...(echoBytes === undefined ? [] : ['-e', String(echoBytes)]),
    ...(perSecond === undefined ? [] : ['-r', String(perSecond)]),
    ...(sources === undefined ? [] : ['-s', sources.first, '-n', String(sources.count)]),
  ];
  const { stdout } = await run(handler('loadgen'), args, { timeout: seconds * 1000 + 2 * MOST_MS });
  return JSON.parse(stdout) as Load;
}
