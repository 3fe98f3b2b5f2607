import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { startFileLogged } from '../harness/file-log.ts';
import { checkBars, takeBaseline } from '../harness/global-bars.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadgen } from '../harness/loadgen.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { statusOf } from '../harness/processes.ts';
import type { Zinetd } from '../harness/start-zinetd.ts';
import { tally } from '../harness/tally.ts';

const user = isRoot ? { user: 'nobody' } : {};
const WARM = 20_000;
const ALL = 100_000;
const IN_FLIGHT = 16;
const ROUND_SECONDS = 2;
const DEADLINE_MS = 240_000;

const SPAWNER_KIB = 512;
const DISPATCHER_KIB = 8192;
/** One for each connection would be more than the other processes of the machine make meanwhile. */
const DENTRIES = (ALL - WARM) / 2;

/** Connections until there were so many; every one of them must be served. */
async function load(port: number, wanted: number): Promise<number> {
  const deadline = performance.now() + DEADLINE_MS;
  let served = 0;
  while (served < wanted) {
    const { total, errors } = await loadgen(port, { inFlight: IN_FLIGHT, seconds: ROUND_SECONDS });
    const none = { refused: 0, reset: 0, timeout: 0, noData: 0, wrongData: 0, other: 0 };
    expect(errors).toEqual(none);
    served += total;
    if (performance.now() > deadline) throw new Error(`Got ${served} of ${wanted} connections in time`);
  }
  return served;
}

function rssKib(pid: number | undefined): number {
  return Number.parseInt(statusOf(pid ?? 0, 'VmRSS') ?? '', 10);
}

/** Directory entries that the kernel keeps; undefined where only root may look, and we are not. */
function dentries(): number | undefined {
  try {
    return Number(/^dentry +(\d+)/m.exec(readFileSync('/proc/slabinfo', 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

function measure(zinetd: Zinetd) {
  return { spawner: rssKib(zinetd.pid), dispatcher: rssKib(zinetd.dispatcherPid), dentries: dentries() };
}

/** Each pid that started has ended before it starts again, and at the end. */
function expectPairs(records: readonly LogRecord[]): void {
  const live = new Set<number | undefined>();
  for (const { event, pid, peer } of records) {
    if (event === 'started') {
      expect(live.has(pid), `pid ${pid} started twice`).toBe(false);
      live.add(pid);
    } else if (event === 'exited') {
      expect(live.delete(pid), `pid ${pid} ended and had not started: ${peer?.port}`).toBe(true);
    }
  }
  expect([...live]).toEqual([]);
}

describe('100,000 connections', () => {
  test('leave nothing behind: memory, descriptors, zombies, counts, records (B1, S91, promise 7)', async () => {
    const raw = { listen: 'tcp://127.0.0.1:0', server: handler('raw'), instances: 500, ...user };
    const { zinetd, port, records: recorded } = await startFileLogged({ config: { services: { raw } } });
    const baseline = await takeBaseline(zinetd);
    const began = performance.now();
    const warm = await load(port('raw'), WARM);
    const before = measure(zinetd);
    const served = warm + (await load(port('raw'), ALL - warm));
    const after = measure(zinetd);
    const seconds = (performance.now() - began) / 1000;
    console.info(`${served} connections in ${seconds.toFixed(0)} s`, { before, after });
    await checkBars(zinetd, { baseline, lossy: true });
    expect(after.spawner - before.spawner).toBeLessThan(SPAWNER_KIB);
    expect(after.dispatcher - before.dispatcher).toBeLessThan(DISPATCHER_KIB);
    expect((after.dentries ?? 0) - (before.dentries ?? 0)).toBeLessThan(DENTRIES);
    await zinetd.stop();
    const records = recorded();
    const counts = tally(records.map(({ event }) => event));
    expect(counts).toMatchObject({ started: served, exited: served });
    for (const bad of ['refused', 'failed', 'records-lost']) expect(counts).not.toHaveProperty(bad);
    expect(records.find(({ event }) => event === 'stopping')).toMatchObject({ running: 0 });
    expectPairs(records);
  }, 300_000);
});
