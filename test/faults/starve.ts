import { expect } from 'vitest';
import { type Client, connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { cpuSecondsOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const HELD = 5;
const INJECTED_MS = scaled({ short: 1000, long: 10_000 });
/** Of a core (B5). */
const MOST_CPU = 0.05;
/** A second is the promise; the machine of a test run may be busy. */
const AGAIN_MS = 3000;

export interface Starving {
  readonly zinetd: Zinetd;
  readonly dispatcher: number;
  readonly clients: readonly Client[];
}

/** A daemon with handlers that run, before it is kept from accepting. */
export async function startStarving(): Promise<Starving> {
  const services = {
    echo: { listen, server: handler('echo'), ...user },
    other: { listen, server: handler('raw'), ...user },
  };
  const zinetd = await startZinetd({ config: { services } });
  const clients: Client[] = [];
  for (let count = 0; count < HELD; count++) {
    const client = await connect(zinetd.port('echo'));
    client.send('before ');
    await client.readUntil('before ');
    await zinetd.event('started');
    clients.push(client);
  }
  const dispatcher = zinetd.dispatcherPid;
  if (dispatcher === undefined) throw new Error('There is no dispatcher');
  return { zinetd, dispatcher, clients };
}

/** Those handlers have noticed nothing. */
export async function finish(clients: readonly Client[]): Promise<void> {
  for (const client of clients) {
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
  }
}

/** While the machine says no, a client waits; the daemon rests, and tells of it once (B5). */
export async function starve(
  { zinetd, dispatcher }: Starving,
  options: {
    readonly fault: string;
    readonly error: string;
    readonly reason: string;
    readonly clear: () => Promise<void>;
  },
): Promise<void> {
  const records = zinetd.log.all.length;
  const waiting = visit(zinetd.port('echo'), 'waited');
  const otherWaiting = visit(zinetd.port('other'));
  expect(await zinetd.event('paused')).toMatchObject({ level: 'warning', reason: options.reason });
  const before = { cpu: cpuSecondsOf(dispatcher), ms: performance.now() };
  // No event to wait for: what is measured is how little happens.
  await new Promise((done) => setTimeout(done, INJECTED_MS));
  const seconds = (performance.now() - before.ms) / 1000;
  const share = (cpuSecondsOf(dispatcher) - before.cpu) / seconds;
  const told = zinetd.log.all.slice(records);
  const clearedMs = performance.now();
  await options.clear();
  expect(await waiting).toMatchObject({ code: undefined, received: 'waited' });
  expect(await otherWaiting).toMatchObject({ code: undefined, received: 'ok\n' });
  const againMs = performance.now() - clearedMs;
  const tell = (figure: string, value: number, bar: string): void =>
    record({ fault: options.fault, figure: `${options.error}: ${figure}`, value, bar, of: 'B5' });
  tell('CPU of the dispatcher, % of a core', rounded(share * 100), 'at most 5');
  tell(
    'log records a second and service',
    rounded(told.length / 2 / seconds),
    'at most 1, and one more at first',
  );
  tell('those who waited are served after, ms', Math.round(againMs), 'at most 1,000');
  tell('clients that were turned away', zinetd.log.count('refused') + zinetd.log.count('failed'), '0');
  expect(share).toBeLessThan(MOST_CPU);
  // One a service and second at most.
  expect(told.length).toBeLessThanOrEqual(2 * Math.ceil(seconds));
  expect(againMs).toBeLessThan(AGAIN_MS);
  expect(zinetd.log.count(({ event }) => event === 'refused' || event === 'failed')).toBe(0);
  await zinetd.event('resumed');
}
