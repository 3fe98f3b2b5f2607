import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { newcomer } from '../harness/newcomer.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';

/** Which of the calls of its name a child makes it is. */
interface Call {
  readonly name: string;
  readonly nth: number;
}

function secret(): string {
  const path = join(scratch('credential'), 'secret');
  writeFileSync(path, 'hunter2', { mode: 0o600 });
  return path;
}

/** With a program that needs nothing else there. */
function jail(): string {
  const directory = scratch('jail');
  copyFileSync(handler('raw'), join(directory, 'raw'));
  return directory;
}

/** Between them they make every kind of call that a launch can make. */
const PROFILES: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
  'by mounts': () => ({
    ...{ nice: 1, groups: [1, 2], rlimits: { nofile: 100 }, capabilities: ['CAP_NET_BIND_SERVICE'] },
    ...{ protect_system: 'strict', protect_home: true, read_write_paths: ['/var/tmp'], private_tmp: true },
    ...{ private_pids: true, private_ipc: true, private_network: true, system_calls: ['@system-service'] },
  }),
  'by Landlock alone': () => ({ read_only_paths: ['/var'], exec_paths: ['/usr', '/bin', '/lib', '/lib64'] }),
  'with a root of its own': () => ({ chroot: jail(), server: '/raw', server_args: [], umask: '027' }),
  'with a credential': () => ({ credentials: { token: secret() }, groups: true }),
  'of the classic contract': () => ({ mode: 'inetd', groups: [1, 2], nice: 1, cwd: '/tmp' }),
};

/** Nothing is lost when they fail: what they close is closed by exec, and exec says what is wrong with a program. */
const HARMLESS = ['close', 'getpid'];

async function serve(profile: Readonly<Record<string, unknown>>): Promise<Zinetd> {
  const server = { server: '/bin/sh', server_args: ['-c', 'echo ran'] };
  const it = { listen: 'tcp://127.0.0.1:0', mode: 'extended', user: 'nobody', ...server, ...profile };
  // Nobody waits for a connection where that is limited: each launch is a whole one (decision 24).
  const rlimits = { nproc: 50_000, ...('rlimits' in profile && (profile['rlimits'] as object)) };
  const ownRun = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /run && exec "$@"', 'sh'];
  return startZinetd({ config: { services: { it: { ...it, rlimits } } }, prefix: ownRun });
}

/** What a child does between clone and exec. */
async function callsOf(zinetd: Zinetd): Promise<readonly Call[]> {
  const strace = await attachStrace(zinetd.pid, ['-f']);
  expect(await ask(zinetd.port('it'))).not.toBe('');
  const { pid } = await zinetd.event('started');
  await zinetd.event('exited');
  const lines = await strace.detach();
  const names = lines.flatMap((line) => {
    const [, caller, name] = /^(\d+)\s+(\w+)\(/.exec(line) ?? [];
    return Number(caller) === pid && name !== undefined ? [name] : [];
  });
  const own = names.slice(0, names.indexOf('execve'));
  return own.map((name, at) => ({ name, nth: own.slice(0, at + 1).filter((it) => it === name).length }));
}

/** One connection to a launch of which that call fails. */
async function failAt(zinetd: Zinetd, { name, nth }: Call): Promise<void> {
  const inject = `inject=${name}:error=EPERM:when=${nth}`;
  const strace = await attachStrace(zinetd.pid, ['-f', '-e', `trace=${name},execve`, '-e', inject]);
  const client = await connect(zinetd.port('it'), { from: newcomer() });
  await client.ended();
  const lines = await strace.detach();
  const what = `${name}, call ${nth}`;
  expect(client.received.length, what).toBe(0);
  expect(
    lines.filter((line) => line.includes('execve(')),
    what,
  ).toEqual([]);
  expect(await zinetd.event('failed'), what).toMatchObject({ service: 'it', error: 'EPERM' });
}

describeWith(
  'a launch into a sandbox, of which one system call fails',
  { needs: ['root', 'a mount namespace', 'a network namespace', { program: 'strace' }] },
  () => {
    test.each(Object.keys(PROFILES))(
      'starts no program, whichever call it is, and tells the client nothing: %s (S22, S33, S34, S143)',
      async (name) => {
        const zinetd = await serve(PROFILES[name]?.() ?? {});
        const calls = await callsOf(zinetd);
        // The first is a look at the program, which exec takes again.
        const isHarmless = (it: Call) =>
          HARMLESS.includes(it.name) || (it.name === 'newfstatat' && it.nth === 1);
        const failing = calls.filter((it) => !isHarmless(it));
        console.info(`${name}: ${failing.length} calls`);
        expect(failing.length).toBeGreaterThan(20);
        for (const call of failing) await failAt(zinetd, call);
        expect(zinetd.log.count('failed')).toBe(failing.length);
        expect(await ask(zinetd.port('it'))).not.toBe('');
      },
      120_000,
    );
  },
);
