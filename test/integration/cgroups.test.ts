import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { unprivilegedUser } from '../harness/identity.ts';
import { cgroupMount, OwnCgroup } from '../harness/own-cgroup.ts';
import { commandLineOf } from '../harness/processes.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { zinetdCommand } from '../harness/zinetd-command.ts';
import { Upgraded } from './upgraded.ts';

type Attributes = Readonly<Record<string, unknown>>;

const SECOND_MS = 1000;
const base = { listen: 'tcp://127.0.0.1:0', server: '/bin/sh', user: 'nobody' };

let lefts = 0;

/** A command line that nobody else has. */
function someSleep(): string {
  lefts += 1;
  return `sleep ${100_000 + process.pid}.${lefts}`;
}

function isRunning(command: string): boolean {
  const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  return pids.some((pid) => commandLineOf(Number(pid)).join(' ') === command);
}

/** A process that has left session, group and parent is there before the handler says so, or goes on. */
function escapeOf(left: string): string {
  return `(setsid sh -c 'echo; exec ${left} >/dev/null' </dev/null 2>/dev/null &) | read line`;
}

function escaping(left: string, rest: string): Attributes {
  return { ...base, server_args: ['-c', `${escapeOf(left)}; ${rest}`] };
}

/** Within a second of what was awaited (S86). */
async function ended(left: string): Promise<void> {
  await until(() => !isRunning(left), { what: `${left} is ended`, timeoutMs: SECOND_MS });
}

async function start(
  cgroup: OwnCgroup,
  it: Attributes,
  options: Partial<StartOptions> = {},
): Promise<Zinetd> {
  return startZinetd({ config: { services: { it } }, prefix: cgroup.prefix, ...options });
}

/** A configuration that a test changes. */
class Changing {
  readonly path = join(scratch('config'), 'zinetd.yaml');

  write(services: object): void {
    writeFileSync(`${this.path}.new`, JSON.stringify({ version: 1, watch: false, services }));
    renameSync(`${this.path}.new`, this.path);
  }

  async reload(zinetd: Zinetd, services: object): Promise<void> {
    this.write(services);
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
  }
}

function whatIsIn(cgroup: OwnCgroup, zinetd: Zinetd): readonly string[] {
  return cgroup.tree.map((path) => path.replace(`zinetd-${zinetd.pid}`, 'zinetd'));
}

describeWith('what a handler leaves behind', { needs: ['root', 'a mount namespace', 'a cgroup'] }, () => {
  test.each(['inetd', 'extended'])(
    'ends with it where kill_mode is control-group, without private_pids: mode %s (S86)',
    async (mode) => {
      const left = someSleep();
      const cgroup = new OwnCgroup();
      const handler = { ...escaping(left, 'echo bye'), mode, kill_mode: 'control-group', required: true };
      const zinetd = await start(cgroup, handler);
      expect(await ask(zinetd.port('it'), '')).toBe('bye\n');
      await zinetd.event('exited');
      expect(isRunning(left)).toBe(false);
      expect(whatIsIn(cgroup, zinetd)).toEqual(['zinetd', 'zinetd/self', 'zinetd/service-it']);
      await zinetd.stop();
      expect(cgroup.tree).toEqual([]);
    },
  );

  test('goes on where it is not, as with every inetd', async () => {
    const left = someSleep();
    const cgroup = new OwnCgroup();
    const zinetd = await start(cgroup, { ...escaping(left, 'echo bye'), kill_mode: 'process' });
    expect(await ask(zinetd.port('it'), '')).toBe('bye\n');
    await zinetd.event('exited');
    await until(() => isRunning(left), { what: `${left} runs` });
    expect(cgroup.tree).toEqual([]);
  });

  test('ends when a handler that ignores TERM is killed (S86)', async () => {
    const left = someSleep();
    const handler = escaping(left, 'trap "" TERM; echo ready; while :; do sleep 1; done');
    const life = { kill_mode: 'control-group', max_connection_age: '200ms', grace: '100ms' };
    const zinetd = await start(new OwnCgroup(), { ...handler, ...life });
    const client = await connect(zinetd.port('it'));
    await client.readUntil('ready\n');
    expect(await zinetd.event('exited')).toMatchObject({ signal: 9 });
    await ended(left);
    client.reset();
  });

  test('ends with zinetd, which leaves no directory (S86, S91)', async () => {
    const left = someSleep();
    const cgroup = new OwnCgroup();
    const handler = { ...escaping(left, 'echo ready; cat'), kill_mode: 'control-group' };
    const zinetd = await start(cgroup, { ...handler, on_stop: 'terminate' });
    const client = await connect(zinetd.port('it'));
    await client.readUntil('ready\n');
    expect(whatIsIn(cgroup, zinetd)).toContainEqual(expect.stringMatching(/^zinetd\/service-it\/[0-9a-f]+$/));
    await zinetd.stop();
    await ended(left);
    expect(cgroup.tree).toEqual([]);
    client.reset();
  });

  test('ends of many at once, and their counters and directories go to nothing (S83, S91)', async () => {
    const lefts = Array.from({ length: 20 }, someSleep);
    const cgroup = new OwnCgroup();
    const services = Object.fromEntries(
      lefts.map((left, index) => [`it-${index}`, { ...escaping(left, ''), kill_mode: 'control-group' }]),
    );
    const zinetd = await startZinetd({ config: { services }, prefix: cgroup.prefix });
    await Promise.all(lefts.map((_, index) => ask(zinetd.port(`it-${index}`), '')));
    for (const _ of lefts) await zinetd.event('exited');
    expect(lefts.filter(isRunning)).toEqual([]);
    expect(whatIsIn(cgroup, zinetd)).toHaveLength(lefts.length + 2);
  });

  test('goes with a handler that outlives an upgrade, of which nothing is left (must show 4)', async () => {
    const left = someSleep();
    const cgroup = new OwnCgroup();
    const upgraded = new Upgraded();
    const it = { ...escaping(left, 'echo ready; cat'), kill_mode: 'control-group' };
    const zinetd = await upgraded.start({ it }, { prefix: cgroup.prefix });
    const client = await connect(zinetd.port('it'));
    await client.readUntil('ready\n');
    upgraded.newVersion();
    expect((await upgraded.upgrade()).result).toBeDefined();
    await zinetd.event('upgraded');
    await zinetd.event('ready');
    await until(() => isRunning(left), { what: `${left} runs` });
    client.halfClose();
    await zinetd.event('exited');
    expect(isRunning(left)).toBe(false);
    expect(whatIsIn(cgroup, zinetd)).toEqual(['zinetd', 'zinetd/self', 'zinetd/service-it']);
    await zinetd.stop();
    expect(cgroup.tree).toEqual([]);
  });
});

describeWith(
  'the tree of cgroups',
  { needs: ['root', 'an unprivileged user', 'a mount namespace', 'a cgroup'] },
  () => {
    test('is not there for services that want none, nor moved into', async () => {
      const cgroup = new OwnCgroup();
      const zinetd = await start(cgroup, { ...base, server_args: ['-c', 'cat /proc/self/cgroup'] });
      expect(await ask(zinetd.port('it'), '')).toContain(`0::/${cgroup.path.split('/').at(-1)}\n`);
      expect(cgroup.tree).toEqual([]);
      expect(cgroup.pidsOf('')).toContain(zinetd.pid);
    });

    test('has zinetd itself, and handlers of services without a cgroup, in a leaf', async () => {
      const cgroup = new OwnCgroup();
      const services = {
        it: { ...base, server_args: ['-c', 'cat'], kill_mode: 'control-group' },
        plain: { ...base, server_args: ['-c', 'echo $$; exec cat'] },
      };
      const zinetd = await startZinetd({ config: { services }, prefix: cgroup.prefix });
      const client = await connect(zinetd.port('plain'));
      const handler = Number(await client.readUntil('\n'));
      expect(cgroup.pidsOf('')).toEqual([]);
      const pids = cgroup.pidsOf(`zinetd-${zinetd.pid}/self`);
      expect(pids.toSorted()).toEqual([zinetd.pid, zinetd.dispatcherPid, handler].toSorted());
      client.reset();
    });

    test('follows a reload: services come, change and go', async () => {
      const cgroup = new OwnCgroup();
      const config = new Changing();
      const it = { ...base, server_args: ['-c', 'cat /proc/self/cgroup'] };
      const ending = { ...it, kill_mode: 'control-group' };
      config.write({ it });
      const zinetd = await startZinetd({ configFile: config.path, prefix: cgroup.prefix });
      expect(cgroup.tree).toEqual([]);
      await config.reload(zinetd, { it: ending, other: ending });
      expect(whatIsIn(cgroup, zinetd)).toEqual([
        ...['zinetd', 'zinetd/self', 'zinetd/service-it', 'zinetd/service-other'],
      ]);
      expect(await ask(zinetd.port('it'), '')).toMatch(/\/service-it\/[0-9a-f]+\n/);
      await config.reload(zinetd, { it });
      expect(whatIsIn(cgroup, zinetd)).toEqual(['zinetd', 'zinetd/self']);
      expect(await ask(zinetd.port('it'), '')).not.toContain('service-it');
      await zinetd.stop();
      expect(cgroup.tree).toEqual([]);
    });

    test('keeps the cgroup of a service that is gone until its handlers are', async () => {
      const left = someSleep();
      const cgroup = new OwnCgroup();
      const config = new Changing();
      const it = { ...escaping(left, 'echo ready; cat'), kill_mode: 'control-group' };
      const other = { ...base, server_args: ['-c', 'cat'] };
      config.write({ it, other });
      const zinetd = await startZinetd({ configFile: config.path, prefix: cgroup.prefix });
      const client = await connect(zinetd.port('it'));
      await client.readUntil('ready\n');
      await config.reload(zinetd, { other });
      await until(() => isRunning(left), { what: `${left} runs` });
      client.halfClose();
      await zinetd.event('exited');
      expect(isRunning(left)).toBe(false);
      await zinetd.stop();
      expect(cgroup.tree).toEqual([]);
    });

    test('that a killed zinetd left is taken away at the next start, that of one who lives is not', async () => {
      const cgroup = new OwnCgroup();
      const it = { ...base, server_args: ['-c', 'cat'], kill_mode: 'control-group' };
      const killed = await start(cgroup, it, { lossy: true });
      killed.signal('SIGKILL');
      await killed.ended;
      await until(() => cgroup.pidsOf(`zinetd-${killed.pid}/self`).length === 0, {
        what: 'its workers ended',
      });
      expect(cgroup.tree).toHaveLength(3);
      const living = await start(cgroup, it);
      const its = [`zinetd-${living.pid}`, `zinetd-${living.pid}/self`, `zinetd-${living.pid}/service-it`];
      expect(cgroup.tree).toEqual(its);
      const guest = await start(cgroup, { ...it, kill_mode: undefined });
      expect(cgroup.tree).toEqual(its);
      await guest.stop();
      await living.stop();
      expect(cgroup.tree).toEqual([]);
    });

    test('has no place for a handler: then none is started, and the log says at which step', async () => {
      const cgroup = new OwnCgroup();
      writeFileSync(join(cgroup.path, 'cgroup.max.descendants'), '3');
      const it = { ...base, server_args: ['-c', 'echo here'], kill_mode: 'control-group' };
      const zinetd = await start(cgroup, it);
      expect(await ask(zinetd.port('it'), '')).toBe('');
      expect(await zinetd.event('failed')).toMatchObject({ step: 'cgroup', error: 'EAGAIN' });
    });

    test('that a handler of root made below its own holds up his handler for ten seconds, and nobody else', async () => {
      const cgroup = new OwnCgroup();
      const script = `cd ${cgroup.path}/zinetd-*/service-it/*/ && mkdir below && echo made`;
      const it = { ...base, user: 'root', server_args: ['-c', script], kill_mode: 'control-group' };
      const other = { ...base, server_args: ['-c', 'echo here'] };
      const zinetd = await startZinetd({ config: { services: { it, other } }, prefix: cgroup.prefix });
      expect(await ask(zinetd.port('it'), '')).toBe('made\n');
      expect(await ask(zinetd.port('other'), '')).toBe('here\n');
      const exited = await zinetd.event(({ event, service }) => event === 'exited' && service === 'it', {
        timeoutMs: 15_000,
      });
      expect(exited.duration_ms).toBeGreaterThanOrEqual(10_000);
      await zinetd.stop();
      expect(cgroup.tree).toContainEqual(expect.stringMatching(/\/below$/));
      await (await start(cgroup, other)).stop();
      expect(cgroup.tree).toEqual([]);
    });

    test('is where "zinetd status" says', async () => {
      const cgroup = new OwnCgroup();
      const control = join(scratch('control'), 'control');
      const plain = { ...base, server_args: ['-c', 'cat'] };
      const services = { it: { ...plain, kill_mode: 'control-group' }, plain };
      const zinetd = await startZinetd({
        config: { services },
        prefix: cgroup.prefix,
        args: ['--control', control],
      });
      const path = `${cgroup.path}/zinetd-${zinetd.pid}/service-it`;
      const told = await runProgram([...zinetdCommand(), 'status', '--control', control, 'it', 'plain']);
      expect(told.stdout.match(/handlers are in .*/g)).toEqual([`handlers are in ${path}`]);
      expect(existsSync(path)).toBe(true);
    });

    test('is for a zinetd that is not root as well, where it was given to its user', async () => {
      const user = unprivilegedUser();
      if (!user) throw new Error('Cannot find an unprivileged user');
      const left = someSleep();
      const cgroup = new OwnCgroup(user);
      const handler = { ...escaping(left, 'echo bye'), user: undefined, kill_mode: 'control-group' };
      const zinetd = await start(cgroup, { ...handler, required: true }, { as: user });
      expect(await ask(zinetd.port('it'), '')).toBe('bye\n');
      await zinetd.event('exited');
      expect(isRunning(left)).toBe(false);
      await zinetd.stop();
      expect(cgroup.tree).toEqual([]);
    });

    test('is missed with a warning that says what to do, and the service goes on', async () => {
      const mount = cgroupMount() ?? '';
      const script = `mount --bind ${mount} ${mount} && mount -o remount,bind,ro ${mount} && exec "$@"`;
      const prefix = ['unshare', '--mount', 'sh', '-c', script, 'sh'];
      const it = { ...base, server_args: ['-c', 'echo here'], kill_mode: 'control-group' };
      const zinetd = await startZinetd({ config: { services: { it } }, prefix });
      expect(zinetd.stderr).toContain(
        'warning[config/kernel-lacks]: Cannot keep to "kill_mode" in service "it": zinetd cannot write to its cgroup',
      );
      expect(zinetd.stderr).toContain('help: write "Delegate=yes" in the unit');
      expect(await ask(zinetd.port('it'), '')).toBe('here\n');
      const required = { services: { it: { ...it, required: true } } };
      const refused = await startZinetd({ config: required, prefix, expectFailure: true });
      expect(await refused.ended).toBe(1);
      expect(refused.stderr).toContain('error[config/kernel-too-poor]');
    });

    test('has other processes in it: limits would have to do without', async () => {
      const cgroup = new OwnCgroup();
      const guest = await start(cgroup, { ...base, server_args: ['-c', 'cat'] });
      const it = { ...base, server_args: ['-c', 'cat'], kill_mode: 'control-group' };
      const zinetd = await start(cgroup, it);
      expect(zinetd.stderr).toContain('has other processes in it, and the handler runs without\n');
      expect(guest.stderr).not.toContain('cgroup');
    });
  },
);

/**
 * Files that stand in for a cgroup, with all controllers: what is written to them stays there to be read. zinetd finds
 * them where it looks, in /proc.
 */
function standIn(controllers: string): { readonly path: string; readonly prefix: readonly string[] } {
  const path = join(scratch('cgroup'), 'root');
  mkdirSync(path);
  const script = [
    'set -e; cd "$0"; mkdir -p zinetd-$$/self zinetd-$$/service-it; ln -s zinetd-$$ made',
    'touch cgroup.type cgroup.procs cgroup.subtree_control made/cgroup.subtree_control made/self/cgroup.procs',
    'for file in cgroup.procs memory.max pids.max cpu.max; do : >made/service-it/$file; done',
    `echo ${controllers} >cgroup.controllers; echo 0::/ >../cgroup`,
    'echo "30 29 0:26 / $0 rw,nosuid - cgroup2 cgroup2 rw" >../mountinfo',
    'for file in cgroup mountinfo; do mount --bind ../$file /proc/$$/$file; done; cd /; exec "$@"',
  ];
  return { path, prefix: ['unshare', '--mount', 'sh', '-c', script.join('\n'), path] };
}

describeWith('limits of a service', { needs: ['root', 'a mount namespace'] }, () => {
  const limits = { memory_max: '64m', tasks_max: 20, cpu_max: '150%' };
  const it = { ...base, server_args: ['-c', 'echo here'] };

  function contents(path: string): Attributes {
    const files = ['memory.max', 'pids.max', 'cpu.max'];
    return Object.fromEntries(
      files.map((file) => [file, readFileSync(join(path, 'made/service-it', file), 'utf8')]),
    );
  }

  test('are written ahead of the first handler, which goes there, and taken back by a reload', async () => {
    const { path, prefix } = standIn('cpu io memory pids');
    const config = new Changing();
    config.write({ it: { ...it, ...limits } });
    const zinetd = await startZinetd({ configFile: config.path, prefix });
    expect(zinetd.stderr).not.toContain('kernel-lacks');
    expect(contents(path)).toEqual({
      ...{ 'memory.max': '67108864', 'pids.max': '20', 'cpu.max': '150000 100000' },
    });
    for (const file of ['cgroup.subtree_control', 'made/cgroup.subtree_control']) {
      expect(readFileSync(join(path, file), 'utf8')).toBe('+cpu +memory +pids');
      writeFileSync(join(path, file), 'cpu memory pids');
    }
    expect(readFileSync(join(path, 'made/self/cgroup.procs'), 'utf8')).toBe('0');
    expect(readFileSync(join(path, 'made/service-it/cgroup.procs'), 'utf8')).toBe('');
    expect(await ask(zinetd.port('it'), '')).toBe('here\n');
    expect(readFileSync(join(path, 'made/service-it/cgroup.procs'), 'utf8')).toBe('0');
    for (const file of Object.keys(contents(path))) truncateSync(join(path, 'made/service-it', file));
    await config.reload(zinetd, { it: { ...it, tasks_max: 7 } });
    expect(contents(path)).toEqual({ 'memory.max': 'max', 'pids.max': '7', 'cpu.max': 'max' });
  });

  test('whose controller was not delegated are missed one by one', async () => {
    const { path, prefix } = standIn('cpu memory');
    const zinetd = await startZinetd({ config: { services: { it: { ...it, ...limits } } }, prefix });
    expect(zinetd.stderr.match(/Cannot keep to "\w+"/g)).toEqual(['Cannot keep to "tasks_max"']);
    expect(zinetd.stderr).toContain('no controller "pids"');
    expect(contents(path)).toMatchObject({ 'memory.max': '67108864', 'pids.max': '' });
  });

  test('that cannot be set end a start, and leave those in force at a reload', async () => {
    const { path, prefix } = standIn('cpu memory pids');
    const config = new Changing();
    config.write({ it: { ...it, memory_max: '64m' } });
    const zinetd = await startZinetd({ configFile: config.path, prefix });
    writeFileSync(join(path, 'made/cgroup.subtree_control'), 'memory');
    rmSync(join(path, 'made/service-it/pids.max'));
    config.write({ it: { ...it, memory_max: '32m', tasks_max: 7 } });
    zinetd.signal('SIGHUP');
    expect(await zinetd.event('reload-failed')).toMatchObject({ reason: 'system', error: 'ENOENT' });
    expect(readFileSync(join(path, 'made/service-it/memory.max'), 'utf8')).toBe('67108864');
    expect(await ask(zinetd.port('it'), '')).toBe('here\n');
    const incomplete = standIn('cpu memory pids').prefix.map((part) => part.replace('pids.max cpu.max', ''));
    const failed = await startZinetd({ configFile: config.path, prefix: incomplete, expectFailure: true });
    expect(await failed.ended).toBe(3);
    expect(failed.stderr).toContain('Cannot make the cgroups of services: No such file or directory');
  });

  test('that come with a reload, where zinetd itself is in the way, wait for a restart', async () => {
    const { path, prefix } = standIn('cpu memory pids');
    const config = new Changing();
    config.write({ it });
    const leaveNothing = prefix.map((part) =>
      part.replace(
        'zinetd-$$/self zinetd-$$/service-it; ln -s zinetd-$$ made',
        'other/self other/service-it; ln -s other made',
      ),
    );
    const zinetd = await startZinetd({ configFile: config.path, prefix: leaveNothing });
    await config.reload(zinetd, { it: { ...it, ...limits } });
    expect(zinetd.log.describe()).toContain('restart zinetd');
    expect(contents(path)).toEqual({ 'memory.max': '', 'pids.max': '', 'cpu.max': '' });
  });
});

describeWith('a fork bomb', { needs: ['root', 'a mount namespace', 'a controller of processes'] }, () => {
  test('meets tasks_max of its service, and no other service of its user does (S87)', async () => {
    const cgroup = new OwnCgroup();
    const bomb = 'for i in $(seq 100); do sleep 1000 & done; echo all';
    const services = {
      bomb: { ...base, server_args: ['-c', bomb], tasks_max: 20, kill_mode: 'control-group' },
      other: { ...base, server_args: ['-c', 'echo here'] },
    };
    const zinetd = await startZinetd({ config: { services }, prefix: cgroup.prefix });
    const client = await connect(zinetd.port('bomb'));
    expect(await client.readUntil('fork')).not.toContain('all');
    expect(await ask(zinetd.port('other'), '')).toBe('here\n');
    await zinetd.event((record) => record.event === 'exited' && record.service === 'bomb');
    await zinetd.stop();
    expect(cgroup.tree).toEqual([]);
  });
});
