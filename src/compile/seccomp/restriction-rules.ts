import type { Restriction } from '../../model/handler-filter.ts';
import type { SyscallName } from '../../model/syscall-numbers.ts';
import type { Condition, Rule } from './rule.ts';

type Argument = Condition['argument'];

const S_ISUID_OR_S_ISGID = 0o6000;
/** Either makes a file, and only then is there a mode: O_CREAT, __O_TMPFILE. */
const MAKING_FLAGS = 0o100 | 0o20_000_000;
const PROT_WRITE_AND_EXEC = 0x2 | 0x4;
const PROT_EXEC = 0x4;
const SHM_EXEC = 0o100_000;
const READ_IMPLIES_EXEC = 0x40_0000;
const PER_LINUX = 0;
/** Asks, and changes nothing. */
const PERSONALITY_QUERY = 0xffff_ffff;
/** SCHED_OTHER, SCHED_BATCH, SCHED_IDLE. */
const ORDINARY_POLICIES = [0, 3, 5];
const ALL_BUT_RESET_ON_FORK = 0xbfff_ffff;

/** The argument that is the mode of a file. */
const MODES: readonly (readonly [syscall: SyscallName, mode: Argument])[] = [
  ['chmod', 1],
  ['fchmod', 1],
  ['fchmodat', 2],
  ['fchmodat2', 2],
  ['creat', 1],
  ['mkdir', 1],
  ['mkdirat', 2],
  ['mknod', 1],
  ['mknodat', 2],
];

function hasAny(argument: Argument, mask: number): Condition {
  return { argument, mask, test: 'differs', value: 0 };
}

function isNot(argument: Argument, value: number): Condition {
  return { argument, test: 'differs', value };
}

/** Files that make whoever executes them another user would outlive a dynamic one (S35). */
const SUID_RULES: readonly Rule[] = [
  ...MODES.map(
    ([syscall, mode]): Rule => ({ syscall, action: 'EPERM', when: [hasAny(mode, S_ISUID_OR_S_ISGID)] }),
  ),
  { syscall: 'open', action: 'EPERM', when: [hasAny(1, MAKING_FLAGS), hasAny(2, S_ISUID_OR_S_ISGID)] },
  { syscall: 'openat', action: 'EPERM', when: [hasAny(2, MAKING_FLAGS), hasAny(3, S_ISUID_OR_S_ISGID)] },
  // Its mode lies in memory. Programs fall back on openat.
  { syscall: 'openat2', action: 'ENOSYS' },
];

const WRITE_EXECUTE_RULES: readonly Rule[] = [
  {
    syscall: 'mmap',
    action: 'EPERM',
    when: [{ argument: 2, mask: PROT_WRITE_AND_EXEC, test: 'equals', value: PROT_WRITE_AND_EXEC }],
  },
  { syscall: 'mprotect', action: 'EPERM', when: [hasAny(2, PROT_EXEC)] },
  { syscall: 'pkey_mprotect', action: 'EPERM', when: [hasAny(2, PROT_EXEC)] },
  { syscall: 'shmat', action: 'EPERM', when: [hasAny(2, SHM_EXEC)] },
  {
    syscall: 'personality',
    action: 'EPERM',
    when: [isNot(0, PERSONALITY_QUERY), hasAny(0, READ_IMPLIES_EXEC)],
  },
];

const REALTIME_RULES: readonly Rule[] = [
  {
    syscall: 'sched_setscheduler',
    action: 'EPERM',
    when: ORDINARY_POLICIES.map((value) => ({ ...isNot(1, value), mask: ALL_BUT_RESET_ON_FORK })),
  },
  // Its policy lies in memory.
  { syscall: 'sched_setattr', action: 'EPERM' },
];

const PERSONALITY_RULES: readonly Rule[] = [
  { syscall: 'personality', action: 'EPERM', when: [isNot(0, PER_LINUX), isNot(0, PERSONALITY_QUERY)] },
];

/** What each switch denies. */
export const RESTRICTION_RULES: Readonly<Record<Restriction, readonly Rule[]>> = {
  lock_personality: PERSONALITY_RULES,
  memory_deny_write_execute: WRITE_EXECUTE_RULES,
  restrict_realtime: REALTIME_RULES,
  restrict_suid_sgid: SUID_RULES,
};
