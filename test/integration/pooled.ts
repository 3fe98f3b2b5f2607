import { type Client, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};

/** A service of workers that do what their clients say: test/fixtures/handlers/pooled.c. */
export function pooled(pool: object, changes: object = {}): Readonly<Record<string, unknown>> {
  const server = handler('pooled');
  return { listen: 'tcp://127.0.0.1:0', mode: 'extended', server, ...user, pool, ...changes };
}

/** Waits until so many workers have started since. */
export async function staffed(zinetd: Zinetd, workers: number): Promise<readonly number[]> {
  const pids: number[] = [];
  for (let count = 0; count < workers; count++) pids.push((await zinetd.event('worker-started')).pid ?? 0);
  return pids;
}

/** Starts it, and waits until so many workers serve. */
export async function startPool(
  services: Readonly<Record<string, object>>,
  { workers, ...options }: Partial<StartOptions> & { readonly workers: number },
): Promise<Zinetd> {
  const zinetd = await startZinetd({ config: { services }, ...options });
  await staffed(zinetd, workers);
  await zinetd.settled();
  return zinetd;
}

export interface PoolVisit {
  readonly client: Client;
  readonly pid: number;
  /** What the worker was told. */
  readonly told: Readonly<Record<string, string>>;
}

/** What the worker has said to a client, at its beginning. */
export function greetingOf(text: string): Omit<PoolVisit, 'client'> {
  const [pid = '', ...lines] = text.slice(0, text.indexOf('\n\n')).split('\n');
  const told = lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return { pid: Number(pid), told: Object.fromEntries(told) };
}

/** A client that a worker has. */
export async function enter(
  zinetd: Zinetd,
  { service = 'it', from }: { readonly service?: string; readonly from?: string } = {},
): Promise<PoolVisit> {
  const client = await connect(zinetd.port(service), from === undefined ? {} : { from });
  return { client, ...greetingOf(await client.readUntil('\n\n')) };
}

/** What the log says of the end of a worker. */
export function workerExit(zinetd: Zinetd, pid: number): Promise<LogRecord> {
  return zinetd.event((record) => record.event === 'worker-exited' && record.pid === pid);
}

/** And of one of the connections that it had, in the order of its ends. */
export function exitOf(zinetd: Zinetd, { client }: Pick<PoolVisit, 'client'>): Promise<LogRecord> {
  const { localPort } = client;
  return zinetd.event((record) => record.event === 'exited' && record.peer?.port === localPort);
}
