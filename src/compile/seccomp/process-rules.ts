import type { Rule } from './rule.ts';

const CLONE_THREAD = 0x1_0000;
/** CLONE_NEW*, but for the time namespace, which only clone3 and unshare can make. */
const CLONE_NAMESPACES = 0x7e02_0000;

/**
 * Threads, but no processes and no namespaces. The arguments of clone3 lie in memory, where a filter cannot
 * read them; ENOSYS makes glibc fall back to clone.
 */
export const PROCESS_RULES: readonly Rule[] = [
  { syscall: 'fork', action: 'EPERM' },
  { syscall: 'vfork', action: 'EPERM' },
  { syscall: 'clone3', action: 'ENOSYS' },
  {
    syscall: 'clone',
    action: 'EPERM',
    when: [{ argument: 0, mask: CLONE_THREAD, test: 'equals', value: 0 }],
  },
  {
    syscall: 'clone',
    action: 'EPERM',
    when: [{ argument: 0, mask: CLONE_NAMESPACES, test: 'differs', value: 0 }],
  },
];
