import { expect, test } from 'vitest';
import { visit } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { cpuSecondsOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { countFailures } from '../harness/summed-records.ts';
import { until } from '../harness/until.ts';
import { percentile, record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const ALL = [
  ...['EAGAIN', 'ENOMEM'].map((error) => ['clone', error] as const),
  ...['ENOMEM', 'EACCES', 'ETXTBSY', 'ENOENT', 'E2BIG'].map((error) => ['execve', error] as const),
];
/** launch-calls.test.ts and injection.test.ts have all of them, once each. */
const FAULTS = scaled({ short: [0, 2, 5].flatMap((at) => ALL.slice(at, at + 1)), long: ALL });
const HELD_MS = scaled({ short: 1000, long: 10_000 });
const EVERY_MS = 50;
/** A second is the promise; the machine of a test run may be busy. */
const CLOSED_MS = 3000;
const INSTANCES = 4;
/** Five of a client at first, and then one a second: a sum each ten seconds, and five more. */
const MOST_RECORDS = 6 + HELD_MS / 1000;

interface Outcome {
  readonly closedMs: readonly number[];
  readonly cpuShare: number;
}

/** Clients come at a steady pace, and none of them gets a byte. */
async function visitInVain(zinetd: Zinetd): Promise<Outcome> {
  const pids = [zinetd.pid, zinetd.dispatcherPid ?? 0];
  const cpuSeconds = (): number => pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  const before = { cpu: cpuSeconds(), ms: performance.now() };
  const visits: Promise<number>[] = [];
  while (performance.now() - before.ms < HELD_MS) {
    visits.push(
      visit(zinetd.port('it')).then(({ received, durationMs }) => {
        expect(received).toBe('');
        return durationMs;
      }),
    );
    // The pace of the load.
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
  const closedMs = await Promise.all(visits);
  return { closedMs, cpuShare: ((cpuSeconds() - before.cpu) * 1000) / (performance.now() - before.ms) };
}

/** In how many records. */
function recordsOf(zinetd: Zinetd): number {
  return zinetd.log.count('failed') + zinetd.log.count('refused-more');
}

describeWith('launches that fail, as long as they do', { needs: ['root', { program: 'strace' }] }, () => {
  test.each(FAULTS)(
    'at %s with %s: each client is closed within a second, and served as soon as it is over (F4, S9, S88, B5)',
    async (call, error) => {
      const limits = { instances: INSTANCES, per_source: 'UNLIMITED' };
      const it = { listen: 'tcp://127.0.0.1:0', server: handler('raw'), user: 'nobody', ...limits };
      const zinetd = await startZinetd({ config: { services: { it } } });
      const options = ['-f', '-e', `trace=${call}`, '-e', `inject=${call}:error=${error}`];
      const strace = await attachStrace(zinetd.pid, options);
      const { closedMs, cpuShare } = await visitInVain(zinetd);
      const attempts = (await strace.detach()).filter((line) => line.includes('INJECTED')).length;
      const beganMs = performance.now();
      // The counters are 0: as many as may run at once are served.
      for (let count = 0; count < 2 * INSTANCES; count++)
        expect(await visit(zinetd.port('it'))).toMatchObject({ code: undefined, received: 'ok\n' });
      const servedMs = (performance.now() - beganMs) / (2 * INSTANCES);
      await until(() => countFailures(zinetd.log) >= closedMs.length, {
        what: 'all failures are told',
        timeoutMs: 45_000,
      });
      expect(countFailures(zinetd.log)).toBe(closedMs.length);
      expect(zinetd.log.count('refused')).toBe(0);
      const tell = (figure: string, value: number, bar: string, of: object = {}): void =>
        record({ fault: 'F4', figure: `${call} says ${error}: ${figure}`, value, bar, ...of });
      tell('clients, each told of once', closedMs.length, 'all');
      tell('closed after, longest, ms', Math.round(percentile(closedMs, 100)), 'at most 1,000');
      tell('attempts a client', rounded(attempts / closedMs.length), 'at most 3');
      tell('CPU of spawner and dispatcher under strace, % of a core', rounded(cpuShare * 100), 'at most 5', {
        of: 'B5',
      });
      tell('log records', recordsOf(zinetd), 'one a second, and five more at first', { of: 'B5' });
      tell('a client is served afterwards in, ms', rounded(servedMs), 'at most 1,000', { of: 'B5' });
      expect(recordsOf(zinetd)).toBeLessThanOrEqual(MOST_RECORDS);
      expect(Math.max(...closedMs)).toBeLessThan(CLOSED_MS);
      expect(attempts / closedMs.length).toBeLessThanOrEqual(3);
    },
    90_000,
  );
});
