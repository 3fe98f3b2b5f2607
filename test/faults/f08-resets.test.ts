import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startFileLogged } from '../harness/file-log.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadgen } from '../harness/loadgen.ts';
import { countFailures } from '../harness/summed-records.ts';
import { until } from '../harness/until.ts';
import { record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const run = promisify(execFile);
const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';

describe('connections that are reset at once', () => {
  const COUNT = scaled({ short: 25_000, long: 100_000 });
  const PER_SECOND = 5000;
  /** Of each source. A client that is gone is charged as any other. */
  const RATE = { count: 100, per: '1s' };
  /** A second: more than the 10 of B3, so that a short run has a p99. */
  const VISITS = 50;
  const FLOODER = '127.84.0.1';
  const VICTIM = { first: '127.90.0.1', count: 1 };
  /** 50 ms where nothing else runs; in a run of all tests much does. */
  const MOST_P99_MS = 500;

  test(`${COUNT} of one source do not keep another one from its service (F8, S71, B3)`, async () => {
    const raw = { listen, server: handler('raw'), rate_per_source: RATE, ...user };
    const { zinetd, port, records } = await startFileLogged({ config: { services: { raw } } });
    const dispatcher = zinetd.dispatcherPid;
    const startMs = performance.now();
    const flood = run(handler('hit-and-run'), [port('raw'), FLOODER, COUNT, PER_SECOND].map(String));
    const isRefused = ({ event }: { readonly event: string }): boolean => event === 'refused';
    await until(() => records().some(isRefused), { what: 'the flood is on' });
    const seconds = COUNT / PER_SECOND - 1;
    const load = { inFlight: 64, seconds, perSecond: VISITS, sources: VICTIM };
    const { total, p99Us, errors } = await loadgen(port('raw'), load);
    await flood;
    const lastedSeconds = (performance.now() - startMs) / 1000;
    expect(errors).toMatchObject({ refused: 0, reset: 0, timeout: 0, noData: 0 });
    expect(total).toBe(VISITS * seconds);
    expect(p99Us / 1000).toBeLessThanOrEqual(MOST_P99_MS);
    expect(zinetd.dispatcherPid).toBe(dispatcher);
    const bar = 'at most 50, where nothing else runs';
    record({ fault: 'F8', figure: 'connections that are reset at once', value: COUNT, bar: '100,000' });
    record({
      fault: 'F8',
      figure: 'beside them: another source, p99, ms',
      value: rounded(p99Us / 1000),
      bar,
    });
    record({ fault: 'F8', figure: 'beside them: clients who were not served', value: 0, bar: '0' });
    await zinetd.stop();
    // Each is charged, whether it was there for its handler or not.
    const all = records().filter(({ peer }) => peer?.address === FLOODER);
    const charged = countFailures({ all }) + all.filter(({ event }) => event === 'exited').length;
    expect(charged).toBeGreaterThan(RATE.count);
    expect(charged).toBeLessThanOrEqual(RATE.count * (lastedSeconds + 2));
  }, 120_000);
});
