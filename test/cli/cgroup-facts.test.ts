import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cgroupFacts } from '../../src/cli/cgroup-facts.ts';
import { scratch } from '../harness/scratch.ts';

const PID = 4711;

interface Machine {
  /** Of the cgroup of zinetd, as its own namespace has it. */
  readonly cgroup: string;
  /** Which cgroup the root of the mount is. */
  readonly mounted: string;
  /** Where that cgroup is below the mount; undefined: nowhere. */
  readonly at: string | undefined;
  readonly procs?: string;
}

/** Files as /proc and a tree of cgroups have them. */
function machine({ cgroup, mounted, at, procs = `${PID}\n` }: Machine) {
  const path = scratch('machine with a blank');
  const mount = join(path, 'tree');
  const directory = join(mount, at ?? '');
  mkdirSync(directory, { recursive: true });
  const of = { 'cgroup.controllers': 'cpu memory pids', 'cgroup.subtree_control': 'cpu' };
  const files = { ...of, 'cgroup.procs': procs };
  writeFileSync(join(mount, 'cgroup.controllers'), 'cpuset cpu memory pids\n');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  if (at !== undefined) {
    for (const name of ['cgroup.type', 'cgroup.kill']) writeFileSync(join(directory, name), '');
  }
  const escaped = mount.replaceAll(' ', '\\040');
  const mounts = [
    '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw',
    `34 24 0:29 ${mounted} ${escaped} rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate`,
  ];
  writeFileSync(join(path, 'mountinfo'), `${mounts.join('\n')}\n`);
  writeFileSync(join(path, 'cgroup'), `4:memory:/elsewhere\n0::${cgroup}\n`);
  return { path, mount, directory };
}

function factsOf(path: string, kept: readonly string[] = []) {
  return cgroupFacts({ pid: PID, isKept: (root) => kept.includes(root) }, path);
}

test.each([
  ['by a service manager', { cgroup: '/system.slice/z.service', mounted: '/', at: 'system.slice/z.service' }],
  ['in a container with a view of its own', { cgroup: '/deep/z', mounted: '/deep', at: 'z' }],
])('finds the cgroup that zinetd was started in: %s', (_, place) => {
  const { path, directory } = machine(place);
  expect(factsOf(path)).toEqual({
    ...{ root: directory, base: `zinetd-${PID}`, lack: undefined, isTop: false, canKill: true },
    offered: expect.arrayContaining(['cpu', 'memory', 'pids']),
    ...{ controllers: ['cpu', 'memory', 'pids'], given: ['cpu'] },
  });
});

test('says why it is not for zinetd to change', () => {
  const place = { cgroup: '/z', mounted: '/', at: 'z' };
  const shared = machine({ ...place, procs: `1\n${PID}\n` });
  expect(factsOf(shared.path)?.lack).toBe('shared');
  expect(factsOf(shared.path, [shared.directory])?.lack).toBe('not-delegated');
  expect(factsOf(machine({ ...place, cgroup: '/../x', at: undefined }).path)?.lack).toBe('hidden');
  expect(factsOf(machine({ ...place, mounted: '/other' }).path)?.lack).toBe('hidden');
  const foreign = machine(place);
  rmSync(join(foreign.directory, 'cgroup.subtree_control'));
  expect(factsOf(foreign.path)?.lack).toBe('read-only');
});

test('takes processes beside zinetd at the top of the tree, which is nobody else to give', () => {
  const { path, directory } = machine({ cgroup: '/', mounted: '/', at: 'x', procs: '1\n2\n' });
  for (const name of ['cgroup.procs', 'cgroup.subtree_control'])
    writeFileSync(join(directory, '..', name), '1\n2\n');
  expect(factsOf(path)).toMatchObject({ isTop: true, lack: undefined });
});

test('finds nothing where there is no tree of version 2', () => {
  const { path } = machine({ cgroup: '/z', mounted: '/', at: 'z' });
  writeFileSync(join(path, 'cgroup'), '4:memory:/z\n');
  expect(factsOf(path)).toBeUndefined();
  expect(factsOf('/nonexistent')).toBeUndefined();
});
