import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isArmable, isFilterLate, isMoulded, LAUNCH_CALLS } from '../../src/compile/armable.ts';
import { SANDBOX_CALLS, type Sandbox } from '../../src/model/sandbox.ts';
import type { Program } from '../../src/model/service.ts';
import type { SyscallName } from '../../src/model/syscall-numbers.ts';
import { exampleConfig } from './example.ts';

const CHILD = 'src/native/spawner/child.c';

function sandboxed(denied: readonly SyscallName[], more: Partial<Sandbox> = {}): Sandbox {
  const denials = denied.map((name) => ({ name, denial: 'kill' as const }));
  const filter = { denied: denials, nameless: 'allow', families: undefined } as const;
  return {
    ...{ namespaces: 0, isBare: true, calls: [], isScoped: true, landlock: undefined },
    filter: { ...filter, deniedNamespaces: [], restrictions: [] },
    ...more,
  };
}

function program(changes: Partial<Program>): Program {
  const [first] = exampleConfig.services.flatMap(({ programs }) => programs);
  if (!first) throw new Error('The example has no program');
  const plain = { keepalive: false, lingerSeconds: undefined, listenName: undefined, rlimits: [] };
  return { ...first, ...plain, sandbox: sandboxed([]), ...changes };
}

const SERVICE = { cgroup: undefined, isWaiting: false };
const ENDLESS = { soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY };

describe('children that may be there ahead of their connections (decision 24)', () => {
  test('are those of a service with a sandbox, and those of one whose handlers come one after the other', () => {
    expect(isArmable(program({}), SERVICE)).toBe(true);
    expect(isArmable(program({ sandbox: undefined }), SERVICE)).toBe(false);
    expect(isArmable(program({}), { ...SERVICE, isWaiting: true })).toBe(true);
    expect(isArmable(program({ sandbox: undefined }), { ...SERVICE, isWaiting: true })).toBe(true);
  });

  test('are none that a limit counts, or that need the descriptors which it takes away', () => {
    const limited = (rlimit: Program['rlimits'][number]) =>
      isArmable(program({ rlimits: [rlimit] }), SERVICE);
    expect(limited({ name: 'nproc', soft: 10, hard: 10 })).toBe(false);
    expect(limited({ name: 'nproc', ...ENDLESS })).toBe(true);
    expect(limited({ name: 'nofile', soft: 3, hard: 3 })).toBe(false);
    expect(limited({ name: 'nofile', soft: 4, hard: 4 })).toBe(true);
    const cgroup = { path: 'zinetd-1/it', limits: {}, isEnding: false };
    expect(isArmable(program({}), { ...SERVICE, cgroup })).toBe(false);
  });

  test('are none whose connection is changed on its way', () => {
    for (const changes of [{ keepalive: true }, { lingerSeconds: 0 }, { listenName: 'it' }]) {
      expect(isArmable(program(changes), SERVICE)).toBe(false);
    }
  });

  test('wait without a filter that they could not go on with', () => {
    for (const name of ['recvmsg', 'dup3', 'exit_group'] as const) {
      expect(isFilterLate({ sandbox: sandboxed([name]) })).toBe(true);
    }
    expect(isFilterLate({ sandbox: sandboxed(['socket']) })).toBe(false);
    expect(isFilterLate({ sandbox: undefined })).toBe(false);
  });
});

describe('a filter that who bears children has already (decision 20)', () => {
  test('lets through all that is called from clone to execve', () => {
    const called = readFileSync(CHILD, 'utf8').matchAll(/\bSYS_(\w+)/g);
    const ofSandbox: readonly string[] = SANDBOX_CALLS;
    const calls = new Set([...called].map(([, name = '']) => name));
    const missing = [...calls].filter(
      (name) => name !== 'execve' && !ofSandbox.includes(name) && !LAUNCH_CALLS.some((it) => it === name),
    );
    expect(missing.filter((name) => name !== 'seccomp')).toEqual([]);
    for (const name of LAUNCH_CALLS) expect(isMoulded({ sandbox: sandboxed([name]) })).toBe(false);
    expect(isMoulded({ sandbox: sandboxed(['socket', 'ptrace']) })).toBe(true);
  });

  test('lets through what the sandbox calls besides', () => {
    const call = { name: 'mount', args: [], isLate: false, isOptional: false } as const;
    expect(isMoulded({ sandbox: sandboxed(['mount'], { calls: [call] }) })).toBe(false);
    expect(isMoulded({ sandbox: sandboxed(['umount2'], { calls: [call] }) })).toBe(true);
  });

  test('is of a service that keeps no privileges, and makes no namespaces', () => {
    expect(isMoulded({ sandbox: sandboxed([], { isBare: false }) })).toBe(false);
    expect(isMoulded({ sandbox: sandboxed([], { namespaces: 0x2000_0000 }) })).toBe(false);
    expect(isMoulded({ sandbox: sandboxed([], { filter: undefined }) })).toBe(false);
  });
});
