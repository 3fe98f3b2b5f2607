import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { ask, type Client, connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadgen } from '../harness/loadgen.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};
const HELD = 5;
const IN_FLIGHT = 8;
const KILLS = 5;
const WAITING = 20;
/** What the dispatcher takes from the spawner, and tells, in one turn. */
const TURN = 64;
const SERVED = { code: undefined, received: 'ok\n' };

/** A second is the promise; the machine of a test run may be busy. */
const AGAIN_MS = 3000;

function start(): Promise<Zinetd> {
  const services = {
    held: { listen: 'tcp://127.0.0.1:0', server: handler('echo'), instances: HELD, per_source: 'UNLIMITED' },
    busy: { listen: 'tcp://127.0.0.1:0', server: handler('raw'), instances: 500 },
  };
  // What the dispatcher has not written when it is killed is lost: the tests count for themselves.
  return startZinetd({ config: { defaults: user, services }, lossy: true });
}

/** Clients whose handlers run: they have answered. */
async function hold(port: number, count: number): Promise<readonly Client[]> {
  const clients: Client[] = [];
  for (let index = 0; index < count; index++) {
    const client = await connect(port);
    client.send('before ');
    await client.readUntil('before ');
    clients.push(client);
  }
  return clients;
}

function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) throw new Error('There is no dispatcher to signal');
  process.kill(pid, signal);
}

/** Kills the dispatcher, and waits for the record of the next one. */
async function crash(zinetd: Zinetd): Promise<void> {
  kill(zinetd.dispatcherPid, 'SIGKILL');
  await zinetd.event('dispatcher-restarted');
  await zinetd.event('ready');
}

function pidsOf(zinetd: Zinetd, event: string, service: string): readonly (number | undefined)[] {
  const records = zinetd.log.all.filter((record) => record.event === event && record.service === service);
  return records.map(({ pid }) => pid).sort();
}

/** The limit counts those that the dead dispatcher had started, and gives each place back once. */
async function finishHeld(zinetd: Zinetd, clients: readonly Client[]): Promise<void> {
  const port = zinetd.port('held');
  expect(await ask(port, 'one too many')).toBe('');
  expect(await zinetd.event('refused')).toMatchObject({ service: 'held', reason: 'service_limit' });
  for (const client of clients) {
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
  }
  await until(() => pidsOf(zinetd, 'exited', 'held').length === clients.length, {
    what: 'all exits are told',
  });
  expect(pidsOf(zinetd, 'exited', 'held')).toEqual(pidsOf(zinetd, 'started', 'held'));
  for (const client of await hold(port, HELD)) client.halfClose();
}

/** Connections that no one has accepted yet, as ss(8) shows them. */
function waitingIn(port: number): number {
  const text = execFileSync('ss', ['-Hltn', `sport = :${port}`], { encoding: 'utf8' });
  return Number(text.trim().split(/\s+/)[1]);
}

describe('a dispatcher that is killed', { timeout: 60_000 }, () => {
  test('costs no connection that waits, no handler that runs, and no count (S129, B1)', async () => {
    const zinetd = await start();
    const clients = await hold(zinetd.port('held'), HELD);
    const load = loadgen(zinetd.port('busy'), { inFlight: IN_FLIGHT, seconds: 3 });
    await until(() => zinetd.log.count('exited') > 100, { what: 'the load is on' });
    await crash(zinetd);
    const { errors, total, maxUs } = await load;
    console.info(`longest wait of a client across the crash: ${(maxUs / 1000).toFixed(0)} ms`);
    expect(errors).toMatchObject({ refused: 0, timeout: 0, wrongData: 0, other: 0 });
    // Only those that it had accepted and not yet passed on.
    expect(errors.reset + errors.noData).toBeLessThanOrEqual(IN_FLIGHT);
    expect(maxUs / 1000).toBeLessThan(AGAIN_MS);
    await finishHeld(zinetd, clients);
    // Records of the turn in which it was killed are lost, and no others.
    await until(() => pidsOf(zinetd, 'exited', 'busy').length >= total - TURN, { what: 'exits are told' });
  });

  test('is started again as often as it takes, and adopts what runs each time (S129)', async () => {
    const zinetd = await start();
    const [client] = await hold(zinetd.port('held'), 1);
    // A handler may answer before it is told of: then the next dispatcher tells of it instead of adopting it.
    await zinetd.event((record) => record.event === 'started' && record.service === 'held');
    for (let times = 1; times <= KILLS; times++) {
      kill(zinetd.dispatcherPid, 'SIGKILL');
      const visiting = visit(zinetd.port('busy'));
      expect(await zinetd.event('dispatcher-restarted')).toMatchObject({ times });
      expect(await zinetd.event('ready')).toMatchObject({ adopted: 1 });
      expect(await visiting).toMatchObject({ code: undefined, received: 'ok\n' });
    }
    client?.send('after');
    client?.halfClose();
    expect(await client?.readAll()).toBe('before after');
    await zinetd.event((record) => record.event === 'exited' && record.service === 'held');
  });

  test('leaves clients waiting, not refused, until another one serves them (S129)', async () => {
    const zinetd = await start();
    kill(zinetd.dispatcherPid, 'SIGSTOP');
    const port = zinetd.port('busy');
    const visits = Promise.all(Array.from({ length: WAITING }, () => visit(port)));
    await until(() => waitingIn(port) === WAITING, { what: 'all clients are in the queue' });
    kill(zinetd.dispatcherPid, 'SIGKILL');
    for (const { code, received } of await visits) expect({ code, received }).toEqual(SERVED);
    await zinetd.event('dispatcher-restarted');
  });
});

describe('a dispatcher that is stopped', () => {
  test('leaves clients waiting, and serves them once it goes on (S129)', async () => {
    const zinetd = await start();
    const [client] = await hold(zinetd.port('held'), 1);
    // Told of, the dispatcher has closed its copy of the connection.
    await zinetd.event('started');
    const dispatcher = zinetd.dispatcherPid;
    kill(dispatcher, 'SIGSTOP');
    const port = zinetd.port('busy');
    const visits = Promise.all(Array.from({ length: WAITING }, () => visit(port)));
    await until(() => waitingIn(port) === WAITING, { what: 'all clients are in the queue' });
    // A handler needs no dispatcher.
    client?.send('meanwhile');
    await client?.readUntil('meanwhile');
    client?.halfClose();
    await client?.readAll();
    kill(dispatcher, 'SIGCONT');
    for (const { code, received } of await visits) expect({ code, received }).toEqual(SERVED);
    expect(zinetd.dispatcherPid).toBe(dispatcher);
    await until(() => zinetd.log.count('exited') === WAITING + 1, { what: 'all exits are told' });
  });
});
