import { constants } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handlerFilter } from '../../../src/compile/seccomp/handler-filter.ts';
import { ADDRESS_FAMILIES } from '../../../src/model/address-family.ts';
import type { Architecture } from '../../../src/model/architecture.ts';
import { callsOf } from '../../../src/model/calls-of.ts';
import {
  type Denial,
  type FamilyList,
  type HandlerFilter,
  RESTRICTIONS,
  type Restriction,
} from '../../../src/model/handler-filter.ts';
import { NAMESPACE_NAMES, NAMESPACES } from '../../../src/model/namespace.ts';
import { SYSCALL_GROUP_NAMES } from '../../../src/model/syscall-groups.ts';
import { SYSCALL_NAMES, type SyscallName, syscallNumber } from '../../../src/model/syscall-numbers.ts';
import { decode, interpret } from './bpf-interpreter.ts';

const ARCHITECTURES = ['x64', 'arm64'] as const;
const AUDIT = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
const KILL_PROCESS = 0x8000_0000;
const ALLOW = 0x7fff_0000;
const ERRNO = 0x0005_0000;
const { EPERM, ENOSYS, EAFNOSUPPORT } = constants.errno;

interface Call {
  readonly name: SyscallName;
  /** The low halves, as the kernel takes them. */
  readonly low: readonly number[];
  /** What a caller is free to write into the high halves. */
  readonly high: number;
}

function returned(denial: Denial): number {
  return denial === 'kill' ? KILL_PROCESS : ERRNO + constants.errno[denial];
}

function isListed({ kind, families }: FamilyList, family: number): boolean {
  return families.includes(family) === (kind === 'allow');
}

/** What each switch says, call by call, in the words of docs/reference/configuration.md; 0: nothing against it. */
const RESTRICTED: Readonly<Record<Restriction, (call: Call) => number>> = {
  lock_personality: ({ name, low: [persona = 0] }) =>
    name === 'personality' && persona !== 0 && persona !== 0xffff_ffff ? EPERM : 0,
  memory_deny_write_execute({ name, low: [first = 0, , third = 0] }) {
    if (name === 'mmap') return (third & 2) !== 0 && (third & 4) !== 0 ? EPERM : 0;
    if (name === 'mprotect' || name === 'pkey_mprotect') return (third & 4) !== 0 ? EPERM : 0;
    if (name === 'shmat') return (third & 0x8000) !== 0 ? EPERM : 0;
    return name === 'personality' && first !== 0xffff_ffff && (first & 0x40_0000) !== 0 ? EPERM : 0;
  },
  restrict_realtime({ name, low: [, policy = 0] }) {
    if (name === 'sched_setattr') return EPERM;
    return name === 'sched_setscheduler' && ![0, 3, 5].includes(policy & 0xbfff_ffff) ? EPERM : 0;
  },
  restrict_suid_sgid({ name, low: [, second = 0, third = 0, fourth = 0] }) {
    const isSetid = (mode: number): boolean => (mode & 0o6000) !== 0;
    const isMaking = (flags: number): boolean => (flags & 0o100) !== 0 || (flags & 0x40_0000) !== 0;
    if (name === 'openat2') return ENOSYS;
    if (['chmod', 'fchmod', 'creat', 'mkdir', 'mknod'].includes(name)) return isSetid(second) ? EPERM : 0;
    if (['fchmodat', 'fchmodat2', 'mkdirat', 'mknodat'].includes(name)) return isSetid(third) ? EPERM : 0;
    if (name === 'open') return isMaking(second) && isSetid(third) ? EPERM : 0;
    return name === 'openat' && isMaking(third) && isSetid(fourth) ? EPERM : 0;
  },
};

function errorOfNamespaces(
  { deniedNamespaces }: HandlerFilter,
  { name, low: [first = 0, second = 0] }: Call,
) {
  if (deniedNamespaces.length === 0) return 0;
  if (name === 'clone3') return ENOSYS;
  if (name === 'setns' && second === 0) return EPERM;
  const flags = { unshare: first, setns: second, clone: first & ~0xff }[String(name)] ?? 0;
  return deniedNamespaces.some((each) => (flags & NAMESPACES[each]) !== 0) ? EPERM : 0;
}

function errorOfArguments(filter: HandlerFilter, call: Call): number {
  const { name, low } = call;
  const [family = 0, request = 0] = low;
  if (name === 'ioctl' && (request === 0x5412 || request === 0x541c)) return EPERM;
  const isPair = name === 'socketpair' && family !== 1;
  if (filter.families && (name === 'socket' || isPair) && !isListed(filter.families, family))
    return EAFNOSUPPORT;
  const errors = filter.restrictions.map((restriction) => RESTRICTED[restriction](call));
  return errorOfNamespaces(filter, call) || errors.find((error) => error !== 0) || 0;
}

function expected(filter: HandlerFilter, call: Call): number {
  const denied = filter.denied.find(({ name }) => name === call.name);
  if (denied) return returned(denied.denial);
  const error = errorOfArguments(filter, call);
  return error === 0 ? ALLOW : ERRNO + error;
}

const anyFilter: fc.Arbitrary<HandlerFilter> = fc.record({
  denied: fc
    .uniqueArray(fc.constantFrom(...SYSCALL_NAMES), { maxLength: 200 })
    .chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          fc.constantFrom<Denial>('EPERM', 'EPERM', 'kill', 'ENOENT').map((denial) => ({ name, denial })),
        ),
      ),
    ),
  nameless: fc.constantFrom('allow', 'ENOSYS'),
  families: fc.option(
    fc.record({
      kind: fc.constantFrom('allow', 'deny'),
      families: fc.uniqueArray(fc.constantFrom(...Object.values(ADDRESS_FAMILIES)), { maxLength: 45 }),
    }),
    { nil: undefined },
  ),
  deniedNamespaces: fc.subarray([...NAMESPACE_NAMES]),
  restrictions: fc.subarray([...RESTRICTIONS]),
});

const WITH_ARGUMENTS: readonly SyscallName[] = [
  ...([
    'ioctl',
    'socket',
    'socketpair',
    'clone',
    'clone3',
    'unshare',
    'setns',
    'personality',
    'mmap',
  ] as const),
  ...([
    'mprotect',
    'pkey_mprotect',
    'shmat',
    'sched_setscheduler',
    'sched_setattr',
    'chmod',
    'fchmod',
  ] as const),
  ...(['fchmodat', 'fchmodat2', 'creat', 'mkdir', 'mkdirat', 'mknod', 'mknodat', 'open', 'openat'] as const),
  'openat2',
];

const anyBits = fc
  .uniqueArray(fc.integer({ min: 0, max: 31 }), { maxLength: 4 })
  .map((bits) => bits.reduce((sum, bit) => (sum | (1 << bit)) >>> 0, 0));
const anyLow = fc.oneof(
  anyBits,
  fc.integer({ min: 0, max: 50 }),
  fc.constantFrom(0xffff_ffff, 0x5412, 0x541c, 0x4000_0001, 0o4755, 0o102, 0o20_200_002, 0x1000_0011),
);

const anyCall: fc.Arbitrary<Call> = fc.record({
  name: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...WITH_ARGUMENTS) },
    fc.constantFrom(...SYSCALL_NAMES),
  ),
  low: fc.array(anyLow, { minLength: 6, maxLength: 6 }),
  high: fc.constantFrom(0, 0, 1, 0xffff_ffff),
});

function run(program: Uint8Array, call: Call, architecture: Architecture): number | undefined {
  const number = syscallNumber(call.name, architecture);
  if (number === undefined) return undefined;
  const values = call.low.map((low) => (BigInt(call.high) << 32n) | BigInt(low));
  return interpret(program, { number, architecture: AUDIT[architecture], arguments: values });
}

function deniedBut(groups: readonly Parameters<typeof callsOf>[0][]): HandlerFilter['denied'] {
  const allowed = new Set(groups.flatMap((group) => callsOf(group)));
  return SYSCALL_NAMES.filter((name) => !allowed.has(name)).map((name) => ({ name, denial: 'EPERM' }));
}

const NOTHING_ELSE = { families: undefined, deniedNamespaces: [], restrictions: [] } as const;
const EVERYTHING_ELSE = {
  families: { kind: 'deny', families: Object.values(ADDRESS_FAMILIES) },
  deniedNamespaces: NAMESPACE_NAMES,
  restrictions: RESTRICTIONS,
} as const;

describe.each(ARCHITECTURES)('handlerFilter for %s', (architecture) => {
  it('says of any call, with anything in its high halves, what the configuration says (S31, S35, S36)', () => {
    fc.assert(
      fc.property(anyFilter, fc.array(anyCall, { minLength: 30, maxLength: 60 }), (filter, calls) => {
        const program = handlerFilter(filter, architecture);
        for (const call of calls) {
          const verdict = run(program, call, architecture);
          if (verdict !== undefined) expect([call, verdict]).toEqual([call, expected(filter, call)]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('answers calls that have no name with ENOSYS where only some are allowed, and kills other conventions', () => {
    const filter = { denied: deniedBut(['@known']), nameless: 'ENOSYS', ...NOTHING_ELSE } as const;
    const program = handlerFilter(filter, architecture);
    const answer = (number: number, audit: number = AUDIT[architecture]) =>
      interpret(program, { number, architecture: audit, arguments: [] });
    expect(answer(471)).toBe(ERRNO + ENOSYS);
    expect(answer(350)).toBe(ERRNO + ENOSYS);
    expect(answer(syscallNumber('read', architecture) ?? -1)).toBe(ALLOW);
    expect(answer(0, 0x4000_0003)).toBe(KILL_PROCESS);
    if (architecture === 'x64') expect(answer(0x4000_0000)).toBe(KILL_PROCESS);
  });

  it('is small: what is treated alike is one range of a balanced tree', () => {
    const service = { denied: deniedBut(['@system-service']), nameless: 'ENOSYS' } as const;
    const lengthOf = (filter: HandlerFilter): number => decode(handlerFilter(filter, architecture)).length;
    expect(lengthOf({ ...service, ...NOTHING_ELSE })).toBeLessThanOrEqual(80);
    expect(lengthOf({ ...service, ...EVERYTHING_ELSE })).toBeLessThanOrEqual(320);
  });

  it('cannot be larger than the kernel takes, whatever is written', () => {
    const denials = SYSCALL_NAMES.map(
      (name, index) => ({ name, denial: index % 2 ? 'EPERM' : 'ENOENT' }) as const,
    );
    const withArguments = denials.filter(({ name }) => !WITH_ARGUMENTS.includes(name));
    for (const denied of [denials, withArguments]) {
      const program = handlerFilter({ denied, nameless: 'ENOSYS', ...EVERYTHING_ELSE }, architecture);
      expect(decode(program).length).toBeLessThan(700);
    }
  });
});

describe('groups of system calls', () => {
  it('have members, and end: no group is in itself', () => {
    for (const group of SYSCALL_GROUP_NAMES) expect(callsOf(group).length).toBeGreaterThan(0);
    expect(callsOf('@known')).toEqual(SYSCALL_NAMES);
  });

  it('hold what they are for', () => {
    expect(callsOf('@privileged')).toEqual(expect.arrayContaining(['chown', 'reboot', 'init_module', 'bpf']));
    expect(callsOf('@process')).toEqual(expect.arrayContaining(['clone3', 'wait4', 'kill', 'setns']));
    for (const name of ['mount', 'ptrace', 'reboot', 'bpf', 'init_module'] as const)
      expect(callsOf('@system-service')).not.toContain(name);
  });
});
