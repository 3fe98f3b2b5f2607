import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ask, type Client, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { type Fate, live } from '../harness/live.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};
const INSTANCES = 4;
let newcomers = 0;
const base = { listen: 'tcp://127.0.0.1:0', server: handler('sleeper'), per_source: 'UNLIMITED', ...user };

/** As many clients as may be there, each with its handler. */
async function fill(zinetd: Zinetd, count: number): Promise<readonly Client[]> {
  const clients: Client[] = [];
  for (let index = 0; index < count; index++) {
    const client = await connect(zinetd.port('it'));
    await client.readUntil('\n');
    clients.push(client);
  }
  return clients;
}

async function leave(zinetd: Zinetd, clients: readonly Client[]): Promise<void> {
  for (const client of clients) client.halfClose();
  await Promise.all(clients.map((client) => client.ended()));
  const isOver = () => zinetd.log.count('started') === zinetd.log.count('exited');
  await until(isOver, { what: 'all exits are told' });
}

/** Exactly as many fit as may be there at once: no place was lost, none was won. */
async function expectAllPlaces(zinetd: Zinetd, count: number): Promise<void> {
  const clients = await fill(zinetd, count);
  await expectFull(zinetd);
  await leave(zinetd, clients);
}

async function expectFull(zinetd: Zinetd): Promise<void> {
  // Somebody new each time has a record also in a flood.
  const from = `127.85.0.${++newcomers}`;
  expect(await ask(zinetd.port('it'), '', { from })).toBe('');
  const refused = await zinetd.event(({ event, peer }) => event === 'refused' && peer?.address === from);
  expect(refused).toMatchObject({ reason: 'service_limit', check: { count: INSTANCES, limit: INSTANCES } });
}

describe('connections of every fate', () => {
  const FATES: readonly Fate[] = ['end', 'kill', 'reset', 'reset early'];
  /** More than fit, so that some are refused. */
  const MOST = INSTANCES + 2;

  /** Connections of which the log has told the end. */
  function ends(zinetd: Zinetd): number {
    return zinetd.log.all.reduce((sum, { event, count }) => {
      if (event === 'refused-more') return sum + Number(count);
      return sum + (event === 'failed' || event === 'exited' || event === 'refused' ? 1 : 0);
    }, 0);
  }

  test('leave the counters at 0, whatever their order: served, refused, failed, killed, reset (S9)', async () => {
    const server = join(scratch('fates'), 'sleeper');
    copyFileSync(handler('sleeper'), server);
    const it = { ...base, server, instances: INSTANCES };
    const zinetd = await startZinetd({ config: { services: { it } } });
    let total = 0;
    const begin = (fates: readonly Fate[]) => {
      total += fates.length;
      return fates.map((fate) => live(zinetd, fate));
    };
    const batch = fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: MOST });
    await fc.assert(
      fc.asyncProperty(batch, batch, async (served, failing) => {
        const first = begin(served);
        await first[0];
        renameSync(server, `${server}.gone`);
        await Promise.all([...first, ...begin(failing)]);
        renameSync(`${server}.gone`, server);
        const isOver = () => zinetd.log.count('started') === zinetd.log.count('exited');
        await until(isOver, { what: 'all exits are told' });
      }),
      { numRuns: 40, endOnFailure: true },
    );
    await expectAllPlaces(zinetd, INSTANCES);
    for (const event of ['failed', 'refused', 'exited']) expect(zinetd.log.count(event)).toBeGreaterThan(0);
    await zinetd.stop();
    expect(ends(zinetd)).toBe(total + INSTANCES + 1);
  }, 60_000);
});

test('the limit of instances holds over a suspension and over a dead dispatcher (S10)', async () => {
  const cps = { rate: INSTANCES, wait: '500ms' };
  const it = { ...base, instances: INSTANCES, cps, rate_per_source: 'UNLIMITED' };
  const zinetd = await startZinetd({ config: { services: { it } }, lossy: true });
  const clients = await fill(zinetd, INSTANCES);
  expect(await ask(zinetd.port('it'))).toBe('');
  await zinetd.event('suspended');
  await zinetd.event('resumed');
  await expectFull(zinetd);
  process.kill(zinetd.dispatcherPid ?? 0, 'SIGKILL');
  await zinetd.event('dispatcher-restarted');
  await zinetd.event(({ event, adopted }) => event === 'ready' && adopted === INSTANCES);
  await expectFull(zinetd);
  for (const client of clients) client.halfClose();
  await Promise.all(clients.map((client) => client.ended()));
  const exits = () => zinetd.log.count('exited');
  await until(() => exits() === INSTANCES, { what: 'all exits are told' });
  const again = await fill(zinetd, INSTANCES);
  for (const client of again) client.halfClose();
});
