import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startFileLogged } from '../harness/file-log.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadDuel } from '../harness/load-duel.ts';
import { statusOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import type { Zinetd } from '../harness/start-zinetd.ts';
import { record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const user = isRoot ? { user: 'nobody' } : {};
/** The plan says ten minutes. */
const SECONDS = scaled({ short: 5, long: 120 });
const MOST_LOG_BYTES = 5_000_000;
const MOST_GROWTH_KIB = 16_384;
/** More than the victim comes. */
const RATE = { rate_per_source: { count: 15, per: '1s' } };

interface Flooded {
  readonly zinetd: Zinetd;
  readonly port: number;
  readonly logBytes: () => number;
}

function rssKib(pid: number | undefined): number {
  return Number.parseInt(statusOf(pid ?? 0, 'VmRSS') ?? '', 10);
}

/** With the limits that a service has by itself, and a log as it is written for people. */
async function start(program: string, more: object): Promise<Flooded> {
  const file = join(scratch('log'), 'log');
  const log = { log_format: 'text', log_type: { file } };
  const abused = { listen: 'tcp://127.0.0.1:0', server: handler(program), ...log, ...more, ...user };
  const { zinetd, port, path } = await startFileLogged({ config: { services: { abused } } });
  const logBytes = (): number => statSync(path).size + statSync(file).size;
  return { zinetd, port: port('abused'), logBytes };
}

/** How long the other one waits is a matter of the machine: `npm run bench:load` measures it. */
describe('5,000 connections a second of one source', () => {
  test.each([
    ['handlers that answer and end (F6, B3)', 'raw', {}],
    ['handlers that go on for a second (F6, B3, S76)', 'linger', {}],
    ['a service with a rate, of which the log is small (F6, B3, S118)', 'raw', RATE],
  ])(
    'do not keep another source from its 10 a second, nor fill memory: %s',
    async (title, program, more) => {
      const { zinetd, port, logBytes } = await start(program, more);
      const before = { spawner: rssKib(zinetd.pid), dispatcher: rssKib(zinetd.dispatcherPid) };
      const { abusers, victim, bar } = await loadDuel(port, { abusers: 'one', seconds: SECONDS });
      const growth = {
        spawner: rssKib(zinetd.pid) - before.spawner,
        dispatcher: rssKib(zinetd.dispatcherPid) - before.dispatcher,
      };
      const bytes = logBytes();
      const what = title.slice(0, title.indexOf(' ('));
      const tell = (figure: string, value: number, wanted: string): void =>
        record({ fault: 'F6', figure: `${what}: ${figure}`, value, bar: wanted, of: 'B3' });
      tell('seconds', SECONDS, '600, of which the long form is 120');
      tell('abuser, connections a second', Math.round(abusers.perSecond), '5,000');
      tell('victim, % served', rounded(victim.share * 100), 'at least 99.9');
      tell('victim, p50, ms', rounded(victim.p50Ms), '');
      tell('victim, p99, ms', rounded(victim.p99Ms), `at most ${bar.p99Ms}, where nothing else runs`);
      tell('growth of the spawner, KiB', growth.spawner, '');
      tell('growth of the dispatcher, KiB', growth.dispatcher, `less than ${MOST_GROWTH_KIB}`);
      if (more === RATE) tell('log, bytes', bytes, `at most ${MOST_LOG_BYTES}`);
      expect(abusers.perSecond).toBeGreaterThan(4_500);
      expect(victim.share).toBeGreaterThanOrEqual(bar.share);
      expect(growth.dispatcher).toBeLessThan(MOST_GROWTH_KIB);
      if (more === RATE) expect(bytes).toBeLessThanOrEqual(MOST_LOG_BYTES);
    },
    60_000 + 2000 * SECONDS,
  );
});
