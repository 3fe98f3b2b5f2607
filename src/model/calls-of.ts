import { isSyscallGroup, SYSCALL_GROUPS, type SyscallGroupName } from './syscall-groups.ts';
import { isSyscallName, type SyscallName } from './syscall-numbers.ts';

/** All calls of a group, those of the groups in it as well; a call stands for itself. */
export function callsOf(subject: SyscallName | SyscallGroupName): readonly SyscallName[] {
  const calls = new Set<SyscallName>();
  const add = (name: string): void => {
    if (isSyscallName(name)) calls.add(name);
    else if (isSyscallGroup(name)) for (const member of SYSCALL_GROUPS[name].members) add(member);
  };
  add(subject);
  return [...calls];
}
