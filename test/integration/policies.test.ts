import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { ask, type Client, connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { descriptorCountOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { tally } from '../harness/tally.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};
const SERVED = { code: undefined, received: 'ok\n' };
const raw = { listen: 'tcp://127.0.0.1:0', server: handler('raw'), ...user };
const sleeper = { ...raw, server: handler('sleeper') };
const unlimited = { per_source: 'UNLIMITED' };

/** A client whose handler runs. */
async function hold(zinetd: Zinetd, service: string, from = '127.0.0.1'): Promise<Client> {
  const client = await connect(zinetd.port(service), { from });
  await client.readUntil('\n');
  return client;
}

async function holdMany(zinetd: Zinetd, service: string, options: { count: number; from?: string }) {
  const clients: Client[] = [];
  for (let index = 0; index < options.count; index++) clients.push(await hold(zinetd, service, options.from));
  return clients;
}

async function leave(...clients: readonly Client[]): Promise<void> {
  for (const client of clients) client.halfClose();
  await Promise.all(clients.map((client) => client.ended()));
}

/** The listening socket: how many wait in it, and which one it is. */
function listenerOf(port: number): { readonly waiting: number; readonly inode: string | undefined } {
  const text = execFileSync('ss', ['-Hltne', `sport = :${port}`], { encoding: 'utf8' });
  return { waiting: Number(text.trim().split(/\s+/)[1]), inode: /\bino:(\d+)/.exec(text)?.[1] };
}

describeWith('the policy "queue"', { needs: [{ program: 'ss' }] }, () => {
  const INSTANCES = 2;
  const CPS = 5;
  const CROWD = 15;

  test('of instances leaves clients in the backlog until a handler ends, and refuses nobody', async () => {
    const it = { ...sleeper, ...unlimited, instances: INSTANCES, policies: { instances: 'queue' } };
    const zinetd = await startZinetd({ config: { services: { it } } });
    const { inode } = listenerOf(zinetd.port('it'));
    const [first, second] = await holdMany(zinetd, 'it', { count: INSTANCES });
    const third = await connect(zinetd.port('it'));
    const fourth = await connect(zinetd.port('it'));
    await until(() => listenerOf(zinetd.port('it')).waiting === 2, { what: 'both wait in the backlog' });
    expect([third.received.length, fourth.received.length]).toEqual([0, 0]);
    first?.halfClose();
    await third.readUntil('\n');
    expect(fourth.received.length).toBe(0);
    expect(listenerOf(zinetd.port('it'))).toEqual({ waiting: 1, inode });
    second?.halfClose();
    await fourth.readUntil('\n');
    await leave(third, fourth);
    await zinetd.stop();
    expect(zinetd.log.count('refused')).toBe(0);
  });

  test('of cps serves a crowd one after the other at that rate, and refuses nobody', async () => {
    const it = { ...raw, cps: { rate: CPS }, rate_per_source: 'UNLIMITED', policies: { cps: 'queue' } };
    const zinetd = await startZinetd({ config: { services: { it } } });
    const startMs = performance.now();
    const visits = await Promise.all(Array.from({ length: CROWD }, () => visit(zinetd.port('it'))));
    const lastMs = performance.now() - startMs;
    for (const one of visits) expect(one).toMatchObject(SERVED);
    // A burst of one second at once, the rest as they come.
    expect(lastMs).toBeGreaterThan(((CROWD - CPS) / CPS) * 1000 - 300);
    expect(visits.filter(({ durationMs }) => durationMs < 500).length).toBeLessThanOrEqual(CPS + 3);
    await zinetd.stop();
    expect(zinetd.log.count('refused')).toBe(0);
  });
});

describeWith('the policy "suspend"', { needs: [{ program: 'ss' }] }, () => {
  const WAIT_MS = 1500;

  test('accepts nothing for a time; the socket stays bound and listens, and who waited is served (S76)', async () => {
    const cps = { rate: 2, wait: `${WAIT_MS}ms` };
    const services = { it: { ...raw, cps, rate_per_source: 'UNLIMITED' }, other: raw };
    const zinetd = await startZinetd({ config: { services } });
    const before = listenerOf(zinetd.port('it'));
    for (let count = 0; count < 2; count++) expect(await visit(zinetd.port('it'))).toMatchObject(SERVED);
    expect(await ask(zinetd.port('it'))).toBe('');
    expect(await zinetd.event('suspended')).toMatchObject({ service: 'it', for_ms: WAIT_MS });
    const suspendedMs = performance.now();
    const waiting = visit(zinetd.port('it'));
    await until(() => listenerOf(zinetd.port('it')).waiting === 1, { what: 'a client waits in the backlog' });
    expect(listenerOf(zinetd.port('it')).inode).toBe(before.inode);
    expect(await visit(zinetd.port('other'))).toMatchObject(SERVED);
    expect(zinetd.log.count('resumed')).toBe(0);
    expect(await waiting).toMatchObject(SERVED);
    const forMs = performance.now() - suspendedMs;
    expect(forMs).toBeGreaterThan(WAIT_MS - 200);
    expect(forMs).toBeLessThan(WAIT_MS + 2000);
    await zinetd.event('resumed');
    expect(zinetd.log.count('refused')).toBe(1);
  });
});

describe('the policy "reject"', () => {
  const REFUSED = '127.84.0.1';
  const SENT = 'x'.repeat(20_000);

  test('tells its text also to a client that has sent what nobody read', async () => {
    const text = 'Not you, %a, at %s: %r\n';
    const policies = { access: { reject: { text } } };
    const zinetd = await startZinetd({
      config: { services: { it: { ...raw, no_access: [REFUSED], policies } } },
    });
    const dispatcher = zinetd.dispatcherPid ?? 0;
    process.kill(dispatcher, 'SIGSTOP');
    const client = await connect(zinetd.port('it'), { from: REFUSED });
    await new Promise<void>((sent) => client.socket.write(SENT, () => sent()));
    process.kill(dispatcher, 'SIGCONT');
    expect(await client.ended()).toBe('end');
    expect(client.received.toString()).toBe(`Not you, ${REFUSED}, at it: address\n`);
  });
});

describe('the policy "tarpit"', () => {
  const SLOTS = 3;
  const VISITORS = 5;
  const REFUSED = '127.84.0.2';

  test('holds as many as it has slots, tells them little, and takes others once they are gone', async () => {
    const policies = { access: { tarpit: { bytes_per_second: 4, slots: SLOTS, text: 'wait' } } };
    const services = { it: { ...raw, no_access: [REFUSED], policies } };
    const zinetd = await startZinetd({ config: { services } });
    const descriptors = () => descriptorCountOf(zinetd.dispatcherPid ?? 0) ?? 0;
    const idle = descriptors();
    const clients: Client[] = [];
    for (let count = 0; count < VISITORS; count++) {
      clients.push(await connect(zinetd.port('it'), { from: REFUSED }));
      await zinetd.event('refused');
    }
    expect(descriptors()).toBe(idle + SLOTS);
    const held = clients.slice(0, SLOTS);
    for (const client of clients.slice(SLOTS)) await client.ended();
    for (const client of held) await client.readUntil('waitwait');
    expect(held.map((client) => client.received.length)).toEqual([8, 8, 8]);
    expect(await visit(zinetd.port('it'))).toMatchObject(SERVED);
    for (const client of held) client.reset();
    await until(() => descriptors() === idle, { what: 'the slots are free' });
    const next = await connect(zinetd.port('it'), { from: REFUSED });
    await next.readUntil('wait');
    next.reset();
  });
});

describe('limits between soft and hard', () => {
  const SOFT = 20;
  const DROP = 30;
  const NEWCOMERS = 300;
  /** Five standard deviations of a binomial distribution. */
  const SPREAD = 5 * Math.sqrt((NEWCOMERS * DROP * (100 - DROP)) / 10_000);

  test('drop some newcomers by chance, as many as the configuration says', async () => {
    const instances = { soft: SOFT, hard: 2 * SOFT, drop: DROP };
    const zinetd = await startZinetd({
      config: { services: { it: { ...sleeper, ...unlimited, instances } } },
    });
    const clients = await holdMany(zinetd, 'it', { count: SOFT });
    let dropped = 0;
    for (let count = 0; count < NEWCOMERS; count++) {
      const exits = zinetd.log.count('exited');
      if ((await ask(zinetd.port('it'))) === '') dropped++;
      else await until(() => zinetd.log.count('exited') > exits, { what: 'the exit is told' });
    }
    const wanted = (NEWCOMERS * DROP) / 100;
    expect(dropped).toBeGreaterThan(wanted - SPREAD);
    expect(dropped).toBeLessThan(wanted + SPREAD);
    await leave(...clients);
  });
});

describe('max_processes', () => {
  const MOST = 10;
  const HALF = MOST / 2;
  const [first, second, third] = ['127.84.0.1', '127.84.0.2', '127.84.0.3'] as const;

  test('is for all services together, and half of it for one source (promise 5)', async () => {
    const it = { ...sleeper, ...unlimited, instances: 2 * MOST };
    const zinetd = await startZinetd({ config: { services: { one: it, two: it }, max_processes: MOST } });
    const clients = [
      ...(await holdMany(zinetd, 'one', { count: HALF - 2, from: first })),
      ...(await holdMany(zinetd, 'two', { count: 2, from: first })),
    ];
    expect(await ask(zinetd.port('one'), '', { from: first })).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({
      reason: 'process_limit',
      check: { count: HALF, limit: HALF, note: 'of_one_source' },
    });
    clients.push(...(await holdMany(zinetd, 'two', { count: HALF, from: second })));
    expect(await ask(zinetd.port('one'), '', { from: third })).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({
      reason: 'process_limit',
      check: { count: MOST, limit: MOST },
    });
    await leave(...clients);
    await until(() => zinetd.log.count('exited') === MOST, { what: 'all exits are told' });
    await leave(await hold(zinetd, 'one', third));
    expect(tally(zinetd.log.all.map(({ event }) => event))).toMatchObject({ refused: 2 });
  });
});
