import { describe, expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const SERVED = { code: undefined, received: 'ok\n' };

function dispatcherOf(zinetd: Zinetd): number {
  const pid = zinetd.dispatcherPid;
  if (pid === undefined) throw new Error('There is no dispatcher');
  return pid;
}

describe('connections that are reset at once', () => {
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
