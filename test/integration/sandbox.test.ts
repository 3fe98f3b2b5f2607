import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { commandLineOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const GOLDEN = 'test/golden/sandbox';

/** What a service with each of them may do is in a golden file. */
const PROFILES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  inetd: { user: 'nobody' },
  extended: { mode: 'extended', user: 'nobody' },
  'extended-root': { mode: 'extended', user: 'root' },
  private: {
    ...{ mode: 'extended', dynamic_user: true, protect_system: 'strict', protect_home: true },
    ...{ private_pids: true, private_network: true, private_ipc: true },
  },
  'read-only-homes': {
    ...{ mode: 'extended', user: 'root', protect_system: 'full', protect_home: 'read-only' },
    ...{ read_only_paths: ['/var', '/srv'], read_write_paths: ['/var/tmp'] },
  },
};

type Outcomes = ReadonlyMap<string, string>;

function outcomesOf(text: string): Outcomes {
  const lines = text.split('\n').filter((line) => / {2,}/.test(line));
  return new Map(lines.map((line) => [line.slice(0, 28).trimEnd(), line.slice(28).trim()]));
}

/** A program that is root's and setuid, in a directory that may be mounted as it likes. */
function setuidProgram(): string {
  const path = join(scratch('setuid'), 'is-root');
  copyFileSync(handler('is-root'), path);
  chmodSync(path, 0o4755);
  return path;
}

async function attempts(profile: Readonly<Record<string, unknown>>, setuid: string): Promise<Outcomes> {
  const it = {
    ...{ listen: 'tcp://127.0.0.1:0', server: handler('attempts'), server_args: [setuid] },
    ...profile,
  };
  const zinetd = await startZinetd({ config: { services: { it } } });
  return outcomesOf(await ask(zinetd.port('it'), ''));
}

/** This machine has no such device, file or system call: nothing is to be learned from it. */
function isAbsent(outcome: string | undefined): boolean {
  return outcome === 'ENOENT' || outcome === 'ENOSYS' || outcome === 'EFAULT';
}

function render(outcomes: Outcomes): string {
  return Array.from(outcomes, ([name, outcome]) => `${name.padEnd(28)} ${outcome}\n`).join('');
}

/** `UPDATE_GOLDEN=1` writes the expected outcomes anew. */
function compare(name: string, outcomes: Outcomes): void {
  const path = join(GOLDEN, `${name}.txt`);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(path, render(outcomes));
  }
  const expected = outcomesOf(readFileSync(path, 'utf8'));
  expect([...outcomes.keys()]).toEqual([...expected.keys()]);
  for (const [attempt, outcome] of expected) {
    if (!isAbsent(outcomes.get(attempt)) && !isAbsent(outcome)) {
      expect(`${attempt}: ${outcomes.get(attempt)}`).toBe(`${attempt}: ${outcome}`);
    }
  }
}

function countOf(command: string): number {
  const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  return pids.filter((pid) => commandLineOf(Number(pid)).join(' ') === command).length;
}

/** As somebody else on the machine would. */
async function listenAbstract(): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  onTestFinished(() => void server.close());
  server.listen('\0zinetd-attempts');
  await once(server, 'listening');
}

async function say(script: string, attributes: Readonly<Record<string, unknown>>): Promise<string> {
  const it = { listen: 'tcp://127.0.0.1:0', server: '/bin/sh', server_args: ['-c', script], user: 'nobody' };
  const zinetd = await startZinetd({ config: { services: { it: { ...it, ...attributes } } } });
  return await ask(zinetd.port('it'), '');
}

describeWith(
  'a handler in a sandbox',
  { needs: ['root', 'a mount namespace', 'a network namespace'] },
  () => {
    test.each(Object.entries(PROFILES))(
      'can do of 60 things what the golden file says, no more: %s (S13, S31, S33, S34)',
      async (name, profile) => {
        await listenAbstract();
        const outcomes = await attempts(profile, setuidProgram());
        expect(outcomes.size).toBeGreaterThanOrEqual(60);
        compare(name, outcomes);
      },
    );

    test.each([
      ['extended', { mode: 'extended' }, '0000000000000000', 1],
      ['extended, as root', { mode: 'extended', user: 'root' }, '0000000000000000', 1],
      [
        'extended, with one',
        { mode: 'extended', capabilities: ['CAP_NET_BIND_SERVICE'] },
        '0000000000000400',
        1,
      ],
      ['inetd, with none', { capabilities: [], user: 'root' }, '0000000000000000', 0],
    ])(
      'has exactly the capabilities of its service, and can get no other: %s (S34)',
      async (_, attributes, set, nnp) => {
        const told = await say("grep -E '^(Cap|NoNewPrivs)' /proc/self/status", attributes);
        const expected = ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'].map((kind) => `Cap${kind}:\t${set}`);
        expect(told.trim().split('\n')).toEqual([...expected, `NoNewPrivs:\t${nnp}`]);
      },
    );

    test('that may gain privileges is started, without a scope', async () => {
      const told = await say('grep NoNewPrivs /proc/self/status', {
        mode: 'extended',
        no_new_privileges: false,
      });
      expect(told).toBe('NoNewPrivs:\t0\n');
      const scoped = await say('grep NoNewPrivs /proc/self/status', { scoped: true });
      expect(scoped).toBe('NoNewPrivs:\t1\n');
    });

    test('has an empty /tmp of its own with private_tmp, which is gone with it', async () => {
      const file = `/tmp/zinetd-private-${process.pid}`;
      const told = await say(`ls -A /tmp /var/tmp; echo x >${file}; ls /tmp`, { private_tmp: true });
      expect(told).toBe(`/tmp:\n\n/var/tmp:\n${file.slice('/tmp/'.length)}\n`);
      expect(existsSync(file)).toBe(false);
    });

    test('ends with all that it has left behind with private_pids (S86)', async () => {
      const left = `sleep ${100_000 + process.pid}`;
      const script = `echo $$; setsid ${left} </dev/null >/dev/null 2>&1 &`;
      expect(await say(script, { private_pids: true })).toBe('1\n');
      await until(() => countOf(left) === 0, { what: 'nothing of it is left' });
    });

    test('that asks for a uid of its own has one that nobody else has, the same at the next start', async () => {
      const attributes = { user: undefined, mode: 'extended', dynamic_user: true };
      const first = await say('id -u; id -G', attributes);
      expect(first).toMatch(/^(6[1-5]\d{3})\n\1\n$/);
      expect(await say('id -u; id -G', attributes)).toBe(first);
    });

    test.each([
      ['private_network', 'net'],
      ['private_ipc', 'ipc'],
      ['private_pids', 'pid'],
    ])('has what it is given alone, in mode inetd as well: %s', async (attribute, kind) => {
      const path = `/proc/self/ns/${kind}`;
      const told = await say(`readlink ${path}`, { [attribute]: true });
      expect(told).toMatch(new RegExp(`^${kind}:\\[\\d+\\]\n$`));
      expect(told.trim()).not.toBe(readlinkSync(path));
    });

    test('that forks without end meets its own limit, and no other service does (S87)', async () => {
      const forks = 'i=0; while [ $i -lt 100 ]; do sleep 30 & i=$((i + 1)); done; echo unbounded';
      // What has filled it up stays, until the client is gone.
      const bomb = `(${forks}); echo full; read line`;
      const shell = (script: string) => ({
        ...{ listen: 'tcp://127.0.0.1:0', mode: 'extended', dynamic_user: true, private_pids: true },
        ...{ server: '/bin/sh', server_args: ['-c', script], rlimits: { nproc: 20 }, stderr: 'none' },
      });
      const zinetd = await startZinetd({
        config: { services: { bomb: shell(bomb), calm: shell('echo calm') } },
      });
      const client = await connect(zinetd.port('bomb'));
      expect(await client.readUntil('full\n')).toBe('full\n');
      expect(await ask(zinetd.port('calm'), '')).toBe('calm\n');
      client.halfClose();
      expect(await client.readAll()).toBe('full\n');
    });

    test('is not started where its sandbox cannot be made, and the log says at which call (S22)', async () => {
      const chroot = scratch('jail');
      copyFileSync(handler('raw'), join(chroot, 'raw'));
      const it = { listen: 'tcp://127.0.0.1:0', server: '/raw', user: 'nobody', chroot };
      const zinetd = await startZinetd({ config: { services: { it } } });
      rmSync(chroot, { recursive: true });
      expect(await ask(zinetd.port('it'), '')).toBe('');
      expect(await zinetd.event('failed')).toMatchObject({ service: 'it', step: 'chroot', error: 'ENOENT' });
    });
  },
);
