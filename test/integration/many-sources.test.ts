import { expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { startFileLogged } from '../harness/file-log.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadgen } from '../harness/loadgen.ts';
import { statusOf } from '../harness/processes.ts';
import type { Zinetd } from '../harness/start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const ALL = 70_000;
const WARM = ALL / 5;
const CAPACITY = 1024;
const IN_FLIGHT = 16;
const MOST_GROWTH_KIB = 8192;
const IN_USE = '127.84.0.1';
const LIMIT = 2;

function rssKib(zinetd: Zinetd): number {
  return Number.parseInt(statusOf(zinetd.dispatcherPid ?? 0, 'VmRSS') ?? '', 10);
}

test(`${ALL} sources leave memory as it is, and a source in use its limits, with a table of ${CAPACITY} (S77)`, async () => {
  const held = { listen, server: handler('sleeper'), per_source: LIMIT, ...user };
  // Places enough for the exits of handlers whose clients have their answer already.
  const places = { instances: 1000, rate_per_source: { count: 5, per: '1h' } };
  const raw = { listen, server: handler('raw'), ...places, ...user };
  const config = { sources: { capacity: CAPACITY }, services: { held, raw } };
  const { zinetd, port, records } = await startFileLogged({ config });
  const clients = [];
  for (let count = 0; count < LIMIT; count++) {
    const client = await connect(port('held'), { from: IN_USE });
    await client.readUntil('\n');
    clients.push(client);
  }
  const visitFrom = async (first: string, count: number) => {
    const load = { inFlight: IN_FLIGHT, seconds: 0.01, atLeast: count, sources: { first, count } };
    const { errors } = await loadgen(port('raw'), load);
    expect(errors).toMatchObject({ refused: 0, reset: 0, timeout: 0, noData: 0 });
    expect(await ask(port('held'), '', { from: IN_USE })).toBe('');
  };
  await visitFrom('127.100.0.0', WARM);
  const before = rssKib(zinetd);
  await visitFrom('127.110.0.0', ALL - WARM);
  const after = rssKib(zinetd);
  console.info(`${ALL} sources, KiB`, { before, after });
  expect(after - before).toBeLessThan(MOST_GROWTH_KIB);
  for (const client of clients) client.halfClose();
  await Promise.all(clients.map((client) => client.ended()));
  await zinetd.stop();
  const refused = records().filter(({ event }) => event === 'refused');
  expect(refused.map(({ reason, peer }) => [reason, peer?.address])).toEqual([
    ['per_source_limit', IN_USE],
    ['per_source_limit', IN_USE],
  ]);
  // Nobody had to be served without being counted.
  expect(records().filter(({ event }) => event === 'sources-full')).toEqual([]);
}, 120_000);
