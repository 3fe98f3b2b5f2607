import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { startFileLogged } from '../harness/file-log.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadDuel } from '../harness/load-duel.ts';
import { loadgen } from '../harness/loadgen.ts';
import { cpuSecondsOf, statusOf } from '../harness/processes.ts';
import type { Zinetd } from '../harness/start-zinetd.ts';
import { record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const ALL = scaled({ short: 20_000, long: 200_000 });
const WARM = ALL / 5;
const CAPACITY = 1024;
const IN_FLIGHT = 16;
const MOST_GROWTH_KIB = 8192;
const IN_USE = '127.84.0.1';
const LIMIT = 2;

function tell(figure: string, row: { readonly value: number; readonly bar: string }): void {
  record({ fault: 'F7', figure, ...row, of: 'B4' });
}

function rssKib(zinetd: Zinetd): number {
  return Number.parseInt(statusOf(zinetd.dispatcherPid ?? 0, 'VmRSS') ?? '', 10);
}

test(`${ALL} sources leave memory as it is, and a source in use its limits, with a table of ${CAPACITY} (F7, S77)`, async () => {
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
  tell(`growth with ${ALL} sources and a table of ${CAPACITY}, KiB`, {
    value: after - before,
    bar: `less than ${MOST_GROWTH_KIB}`,
  });
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
}, 300_000);

const SECONDS = scaled({ short: 8, long: 120 });

test(
  '5,000 connections a second of 65,536 sources do not keep another source from its 10 a second (F7, B4)',
  async () => {
    const abused = { listen, server: handler('raw'), ...user };
    const { zinetd, port } = await startFileLogged({ config: { services: { abused } } });
    const before = rssKib(zinetd);
    const { abusers, victim, bar } = await loadDuel(port('abused'), { abusers: 'many', seconds: SECONDS });
    tell('65,536 sources: connections a second', { value: Math.round(abusers.perSecond), bar: '5,000' });
    tell('65,536 sources: victim, % served', { value: rounded(victim.share * 100), bar: 'at least 99' });
    tell('65,536 sources: victim, p99, ms', {
      value: rounded(victim.p99Ms),
      bar: `at most ${bar.p99Ms}, where nothing else runs`,
    });
    tell('65,536 sources: growth of the dispatcher, KiB', { value: rssKib(zinetd) - before, bar: '' });
    expect(abusers.perSecond).toBeGreaterThan(4_500);
    expect(victim.share).toBeGreaterThanOrEqual(bar.share);
  },
  60_000 + 2000 * SECONDS,
);

const STAGES = scaled({ short: [500, 5_000], long: [10_000, 100_000, 1_000_000] });
const SAMPLE = scaled({ short: 3_000, long: 30_000 });
/** loadgen takes no more than a minute for them. */
const MOST_AT_ONCE = 100_000;
const MOST_RATIO = 2;

test(`an accept costs no more with ${STAGES.at(-1)} sources than with ${STAGES[0]} (F7)`, async () => {
  const raw = { listen, server: handler('raw'), instances: 1000, per_source: 100, ...user };
  const { zinetd, port } = await startFileLogged({ config: { services: { raw } } });
  const visitFrom = async (first: string, { visits, count }: { visits: number; count: number }) => {
    const load = { inFlight: IN_FLIGHT, seconds: 0.01, atLeast: visits, sources: { first, count } };
    const { total, errors } = await loadgen(port('raw'), load);
    expect(errors).toMatchObject({ refused: 0, reset: 0, timeout: 0, noData: 0 });
    return total;
  };
  const costs: number[] = [];
  let seen = 0;
  for (const stage of STAGES) {
    for (; seen < stage; seen += Math.min(MOST_AT_ONCE, stage - seen)) {
      const first = `127.${100 + Math.floor(seen / 65_536)}.${Math.floor(seen / 256) % 256}.${seen % 256}`;
      const visits = Math.min(MOST_AT_ONCE, stage - seen);
      await visitFrom(first, { visits, count: visits });
    }
    const before = cpuSecondsOf(zinetd.dispatcherPid ?? 0);
    const total = await visitFrom('127.100.0.0', { visits: SAMPLE, count: stage });
    costs.push(((cpuSecondsOf(zinetd.dispatcherPid ?? 0) - before) * 1e6) / total);
    const value = rounded(costs.at(-1) ?? 0);
    tell(`CPU of the dispatcher for a connection after ${stage} sources, µs`, { value, bar: '' });
  }
  const ratio = (costs.at(-1) ?? 0) / (costs[0] ?? 1);
  tell('ratio of the last to the first', { value: rounded(ratio), bar: `at most ${MOST_RATIO}` });
  expect(ratio).toBeLessThanOrEqual(MOST_RATIO);
}, 900_000);

const V6 = 'ip link set lo up && ip -6 route add local 2001:db8:77::/48 dev lo && exec "$@"';
const V6_COUNT = scaled({ short: 9000, long: 60_000 });

describeWith('networks of IPv6', { needs: ['a network namespace'] }, () => {
  test(`${V6_COUNT} of them are as many sources, and leave memory as it is (F7, S48, S77)`, async () => {
    const limits = { instances: 1000, per_source: 10, rate_per_source: { count: 5, per: '1h' } };
    const raw = { listen: 'tcp://[::1]:0', server: handler('raw'), ...limits, ...user };
    const config = { sources: { capacity: CAPACITY }, services: { raw } };
    const prefix = ['unshare', '--net', 'sh', '-c', V6, 'sh'];
    const { zinetd, port } = await startFileLogged({ config, prefix });
    const visitFrom = async (first: number, count: number): Promise<void> => {
      const script = resolve('test/fixtures/clients/crowd-v6.py');
      const order = [port('raw'), first, count].map(String);
      const enter = ['-t', String(zinetd.pid), '-n', '/usr/bin/python3', script, ...order];
      const { stdout } = await promisify(execFile)('nsenter', enter);
      expect(JSON.parse(stdout)).toEqual({ served: count, others: 0 });
    };
    await visitFrom(0, V6_COUNT / 3);
    const before = rssKib(zinetd);
    await visitFrom(V6_COUNT / 3, (2 * V6_COUNT) / 3);
    const growth = rssKib(zinetd) - before;
    tell(`growth with ${V6_COUNT} networks of IPv6, KiB`, {
      value: growth,
      bar: `less than ${MOST_GROWTH_KIB}`,
    });
    expect(growth).toBeLessThan(MOST_GROWTH_KIB);
  }, 300_000);
});
