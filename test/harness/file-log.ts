import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogRecord } from './log-records.ts';
import { scratch } from './scratch.ts';
import { type StartOptions, startZinetd, type Zinetd } from './start-zinetd.ts';
import { until } from './until.ts';

/** A daemon whose log goes to a file: for loads at which a reader in JavaScript would be the slowest part of all. */
export interface FileLogged {
  readonly zinetd: Zinetd;
  readonly path: string;
  records(): readonly LogRecord[];
  port(service: string): number;
}

/** Starts zinetd so, and waits until it serves. */
export async function startFileLogged(options: StartOptions): Promise<FileLogged> {
  const path = join(scratch('log'), 'log');
  const prefix = [...(options.prefix ?? []), 'sh', '-c', 'exec "$@" >"$0"', path];
  const zinetd = await startZinetd({ ...options, prefix, lossy: true, expectFailure: true });
  const records = () => {
    const lines = readFileSync(path, { encoding: 'utf8', flag: 'a+' }).split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as LogRecord);
  };
  await until(() => records().some(({ event }) => event === 'ready'), { what: 'zinetd is ready' });
  const port = (service: string) => {
    const found = records().find((record) => record.event === 'listening' && record.service === service);
    if (!found?.local) throw new Error(`Cannot find the port of "${service}"`);
    return found.local.port;
  };
  return { zinetd, path, records, port };
}
