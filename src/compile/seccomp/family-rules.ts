import type { FamilyList } from '../../model/handler-filter.ts';
import type { SyscallName } from '../../model/syscall-numbers.ts';
import type { Condition, Rule } from './rule.ts';

const AF_UNIX = 1;

/** One condition that all that is not in the list meets. */
function denyAllBut(syscall: SyscallName, families: readonly number[]): readonly Rule[] {
  const when = families.map((value): Condition => ({ argument: 0, test: 'differs', value }));
  return [{ syscall, action: 'EAFNOSUPPORT', when }];
}

function denyOnly(syscall: SyscallName, families: readonly number[]): readonly Rule[] {
  return families.map((value) => ({
    syscall,
    action: 'EAFNOSUPPORT',
    when: [{ argument: 0, test: 'equals', value }],
  }));
}

/**
 * The families of sockets that can be made. A pair of unix sockets leads nowhere but to itself, and is what programs
 * talk to their children through: it is left alone.
 */
export function familyRules({ kind, families }: FamilyList): readonly Rule[] {
  if (kind === 'allow') {
    return [...denyAllBut('socket', families), ...denyAllBut('socketpair', [AF_UNIX, ...families])];
  }
  const others = families.filter((family) => family !== AF_UNIX);
  return [...denyOnly('socket', families), ...denyOnly('socketpair', others)];
}
