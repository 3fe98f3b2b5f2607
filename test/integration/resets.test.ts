import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { startFileLogged } from '../harness/file-log.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadgen } from '../harness/loadgen.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { until } from '../harness/until.ts';

const run = promisify(execFile);
const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const SERVED = { code: undefined, received: 'ok\n' };

function dispatcherOf(zinetd: Zinetd): number {
  const pid = zinetd.dispatcherPid;
  if (pid === undefined) throw new Error('There is no dispatcher');
  return pid;
}

describe('connections that are reset at once', () => {
  /** The whole of S71 is 100,000. */
  const COUNT = Number(process.env['ZINETD_TEST_RESETS'] ?? 25_000);
  const PER_SECOND = 5000;
  /** Of each source. A client that is gone is charged as any other. */
  const RATE = { count: 100, per: '1s' };
  /** A second: more than the 10 of B3, so that a short run has a p99. */
  const VISITS = 50;
  const FLOODER = '127.84.0.1';
  const VICTIM = { first: '127.90.0.1', count: 1 };
  /** 50 ms where nothing else runs; in a run of all tests much does. */
  const MOST_P99_MS = 500;
  /** Of the log, when the dispatcher has seen what is to come. */
  const WARM_BYTES = 50_000;

  test(`${COUNT} of one source do not keep another one from its service (S71, B3)`, async () => {
    const raw = { listen, server: handler('raw'), rate_per_source: RATE, ...user };
    const { zinetd, port, path, records } = await startFileLogged({ config: { services: { raw } } });
    const dispatcher = zinetd.dispatcherPid;
    const flood = run(handler('hit-and-run'), [port('raw'), FLOODER, COUNT, PER_SECOND].map(String));
    await until(() => statSync(path).size > WARM_BYTES, { what: 'the flood is on' });
    const seconds = COUNT / PER_SECOND - 1;
    const load = { inFlight: 64, seconds, perSecond: VISITS, sources: VICTIM };
    const { total, p99Us, errors } = await loadgen(port('raw'), load);
    await flood;
    console.info(`beside ${COUNT} resets: p99 ${(p99Us / 1000).toFixed(1)} ms`);
    expect(errors).toMatchObject({ refused: 0, reset: 0, timeout: 0, noData: 0 });
    expect(total).toBe(VISITS * seconds);
    expect(p99Us / 1000).toBeLessThanOrEqual(MOST_P99_MS);
    expect(zinetd.dispatcherPid).toBe(dispatcher);
    await zinetd.stop();
    // Each is charged, whether it was there for its handler or not.
    const charged = records().filter(
      ({ event, peer }) => peer?.address === FLOODER && (event === 'exited' || event === 'failed'),
    );
    expect(charged.length).toBeGreaterThan(RATE.count);
    expect(charged.length).toBeLessThanOrEqual(RATE.count * (seconds + 4));
  }, 60_000);

  test('before anybody looks are told of with their address, and harm nothing (S72)', async () => {
    const no_access = ['127.84.0.2'];
    const zinetd = await startZinetd({
      config: { services: { raw: { listen, server: handler('raw'), no_access, ...user } } },
    });
    const dispatcher = dispatcherOf(zinetd);
    process.kill(dispatcher, 'SIGSTOP');
    for (const from of ['127.84.0.1', '127.84.0.2']) {
      const client = await connect(zinetd.port('raw'), { from });
      client.reset();
      await client.ended();
    }
    process.kill(dispatcher, 'SIGCONT');
    const refused = await zinetd.event('refused');
    expect(refused).toMatchObject({ reason: 'address', peer: { address: '127.84.0.2' } });
    const failed = await zinetd.event('failed');
    expect(failed).toMatchObject({ reason: 'client_gone', peer: { address: '127.84.0.1' } });
    expect(refused.peer?.port).toBeGreaterThan(0);
    expect(failed.peer?.port).toBeGreaterThan(0);
    expect(zinetd.log.count('started')).toBe(0);
    expect(await visit(zinetd.port('raw'))).toMatchObject(SERVED);
    expect(zinetd.dispatcherPid).toBe(dispatcher);
    expect(zinetd.stderr).not.toContain('    at ');
  });
});

describeWith('an accept(2) that fails for once', { needs: ['root', { program: 'strace' }] }, () => {
  /** Those that accept(2) says to treat like EAGAIN, and those of a signal, a reset and a firewall. */
  const CODES = [
    'ECONNABORTED',
    'EINTR',
    'EPROTO',
    'EPERM',
    'ENETDOWN',
    'ENOPROTOOPT',
    'EHOSTDOWN',
    'ENONET',
  ].concat(['EHOSTUNREACH', 'EOPNOTSUPP', 'ENETUNREACH']);

  test(`with ${CODES.join(', ')} is passed over, and the client is served (S73)`, async () => {
    const raw = { listen, server: handler('raw'), ...user };
    const zinetd = await startZinetd({ config: { services: { raw } } });
    for (const code of CODES) {
      // In its place a call that the dispatcher's filter allows: -1, which strace would use, ends the process.
      const inject = `inject=accept4:error=${code}:syscall=getpid:when=1`;
      const options = ['-f', '-e', 'trace=accept4', '-e', inject];
      const strace = await attachStrace(dispatcherOf(zinetd), options);
      expect(await visit(zinetd.port('raw')), code).toMatchObject(SERVED);
      const lines = await strace.detach();
      expect(lines.filter((line) => line.includes(`${code} `) && line.includes('INJECTED')).length).toBe(1);
      expect(zinetd.log.count('paused'), code).toBe(0);
    }
  }, 60_000);
});
