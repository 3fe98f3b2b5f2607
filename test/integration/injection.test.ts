import { chmodSync, copyFileSync, existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith, type Need } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { type Fate, live } from '../harness/live.ts';
import { newcomer } from '../harness/newcomer.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { until } from '../harness/until.ts';

interface Injection {
  readonly call: string;
  readonly step: string;
  readonly errors: readonly string[];
}

/** Every call between clone and exec, in the order in which a launch makes them. */
const INJECTIONS: readonly Injection[] = [
  { call: 'clone', step: 'clone', errors: ['EAGAIN', 'ENOMEM'] },
  { call: 'rt_sigprocmask', step: 'sigmask', errors: ['EINVAL'] },
  { call: 'setsid', step: 'setsid', errors: ['EPERM'] },
  { call: 'dup3', step: 'dup', errors: ['EBADF'] },
  { call: 'close_range', step: 'close_range', errors: ['ENOSYS'] },
  { call: 'setsockopt', step: 'setsockopt', errors: ['ENOMEM'] },
  { call: 'prlimit64', step: 'setrlimit', errors: ['EPERM'] },
  { call: 'setpriority', step: 'setpriority', errors: ['EPERM', 'EACCES'] },
  // The kernel has no way to fail it; the check is there all the same.
  { call: 'umask', step: 'umask', errors: ['EPERM'] },
  { call: 'chdir', step: 'chdir', errors: ['EACCES'] },
  { call: 'setgroups', step: 'setgroups', errors: ['EPERM', 'ENOMEM'] },
  { call: 'setresgid', step: 'setresgid', errors: ['EPERM'] },
  { call: 'setresuid', step: 'setresuid', errors: ['EPERM', 'EAGAIN'] },
  { call: 'prctl', step: 'prctl', errors: ['EPERM'] },
  { call: 'execve', step: 'exec', errors: ['ENOENT', 'EACCES', 'ENOMEM', 'ETXTBSY', 'E2BIG'] },
];
const ROWS = INJECTIONS.flatMap(({ errors, ...rest }) => errors.map((error) => ({ ...rest, error })));

const STRACE_AND_ROOT: readonly Need[] = ['root', { program: 'strace' }];
const user = isRoot ? { user: 'nobody' } : {};

interface Marked {
  readonly zinetd: Zinetd;
  /** Whether the handler ran, ever. */
  readonly hasRun: () => boolean;
}

/** A service of one instance whose handler leaves a mark and says so. */
async function serveMarker(): Promise<Marked> {
  const directory = scratch('mark');
  chmodSync(directory, 0o777);
  const mark = join(directory, 'mark');
  const allow = join(scratch('hosts'), 'hosts.allow');
  writeFileSync(allow, 'ALL: ALL: linger 1\n', { mode: 0o644 });
  const it = {
    listen: 'tcp://127.0.0.1:0',
    server: '/bin/sh',
    server_args: ['-c', `: >${mark}; echo ran`],
    ...{ instances: 1, nice: 1, groups: [1, 2], hosts_access: { allow, deny: '/nonexistent' }, ...user },
  };
  const zinetd = await startZinetd({ config: { services: { it } } });
  return { zinetd, hasRun: () => existsSync(mark) };
}

/** One connection that must come to nothing: closed without a byte, and told of in one record. */
async function expectFailure(zinetd: Zinetd, wanted: { step: string; error: string }): Promise<void> {
  const before = zinetd.log.count('failed');
  const client = await connect(zinetd.port('it'));
  expect(await client.ended()).toBe('end');
  expect(client.received.length).toBe(0);
  expect(await zinetd.event('failed')).toMatchObject({ ...wanted, peer: { port: client.localPort } });
  expect(zinetd.log.count('failed')).toBe(before + 1);
}

describeWith('a launch in which a system call fails', { needs: STRACE_AND_ROOT }, () => {
  test.each(ROWS)(
    'ends without a handler when $call says $error; the next one is served (S9, S21, S22, S88)',
    async ({ call, step, error }) => {
      const { zinetd, hasRun } = await serveMarker();
      const filter = ['-f', '-e', `trace=${call}`, '-e', `inject=${call}:error=${error}`];
      const strace = await attachStrace(zinetd.pid, filter);
      for (let time = 0; time < 3; time++) await expectFailure(zinetd, { step, error });
      await strace.detach();
      expect(hasRun()).toBe(false);
      expect(await ask(zinetd.port('it'))).toBe('ran\n');
      expect(hasRun()).toBe(true);
      await zinetd.event('exited');
      expect(zinetd.log.count('refused')).toBe(0);
    },
  );
});

describeWith('a launch under strace', { needs: STRACE_AND_ROOT }, () => {
  const CALLS = INJECTIONS.map(({ call }) => call).filter((call) => call !== 'clone');

  test('makes its calls in order, groups before gid before uid, and nothing but exec after the last (S23)', async () => {
    const { zinetd } = await serveMarker();
    const strace = await attachStrace(zinetd.pid, ['-f', '-e', `trace=${CALLS.join(',')}`]);
    expect(await ask(zinetd.port('it'))).toBe('ran\n');
    const { pid } = await zinetd.event('started');
    const lines = await strace.detach();
    const calls = lines.flatMap((line) => {
      const [, caller, call] = /^(\d+)\s+(\w+)\(/.exec(line) ?? [];
      return Number(caller) === pid && call !== undefined ? [call] : [];
    });
    const strip = calls.slice(0, calls.indexOf('execve') + 1);
    const withoutRepeats = strip.filter((call, at) => call !== strip[at - 1]);
    expect(withoutRepeats).toEqual(CALLS);
  });
});

describe('a launch that cannot be', () => {
  test('fails with ENOENT when the program was removed, and works once it is back (S9, S22)', async () => {
    const directory = scratch('removed');
    const server = join(directory, 'echo');
    copyFileSync(handler('echo'), server);
    const it = { listen: 'tcp://127.0.0.1:0', server, instances: 1, ...user };
    const zinetd = await startZinetd({ config: { services: { it } } });
    rmSync(server);
    for (let time = 0; time < 3; time++) await expectFailure(zinetd, { step: 'exec', error: 'ENOENT' });
    copyFileSync(handler('echo'), server);
    expect(await ask(zinetd.port('it'), 'hello')).toBe('hello');
  });

  test('fails with ENOENT when the working directory was removed, and works once it is back (S9, S22)', async () => {
    const cwd = join(scratch('removed'), 'cwd');
    mkdirSync(cwd);
    const it = { listen: 'tcp://127.0.0.1:0', server: handler('echo'), cwd, instances: 1, ...user };
    const zinetd = await startZinetd({ config: { services: { it } } });
    rmdirSync(cwd);
    for (let time = 0; time < 3; time++) await expectFailure(zinetd, { step: 'chdir', error: 'ENOENT' });
    mkdirSync(cwd);
    expect(await ask(zinetd.port('it'), 'hello')).toBe('hello');
  });
});

describeWith('connections of every fate', { needs: STRACE_AND_ROOT }, () => {
  const FATES: readonly Fate[] = ['end', 'kill', 'reset'];
  const INSTANCES = 4;

  function told(zinetd: Zinetd): number {
    return zinetd.log.count(({ event }) => event === 'failed' || event === 'exited');
  }

  test('end in one record each, and leave the counters at 0 (S9)', async () => {
    const limits = { instances: INSTANCES, per_source: 'UNLIMITED' };
    const it = { listen: 'tcp://127.0.0.1:0', server: handler('sleeper'), ...limits, ...user };
    const zinetd = await startZinetd({ config: { services: { it } } });
    const strace = await attachStrace(zinetd.pid, [
      '-f',
      ...['-e', 'trace=clone', '-e', 'inject=clone:error=EAGAIN:when=3+3'],
    ]);
    let total = 0;
    const batch = fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: INSTANCES });
    await fc.assert(
      fc.asyncProperty(batch, async (fates) => {
        await Promise.all(fates.map((fate) => live(zinetd, fate, { from: newcomer() })));
        total += fates.length;
        await until(() => told(zinetd) >= total, { what: `${total} connections are told of` });
        expect(told(zinetd)).toBe(total);
      }),
      { numRuns: 30 },
    );
    await strace.detach();
    expect(zinetd.log.count('failed')).toBeGreaterThan(0);
    expect(zinetd.log.count('refused')).toBe(0);
    const clients = await Promise.all(Array.from({ length: INSTANCES }, () => connect(zinetd.port('it'))));
    await Promise.all(clients.map((client) => client.readUntil('\n')));
    expect(await ask(zinetd.port('it'))).toBe('');
    await zinetd.event('refused');
    for (const client of clients) client.halfClose();
    await Promise.all(clients.map((client) => client.ended()));
  });
});
