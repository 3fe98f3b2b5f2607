import type { Architecture } from '../../model/architecture.ts';
import { assemble } from './assemble.ts';
import { PROCESS_RULES } from './process-rules.ts';
import type { Rule } from './rule.ts';

export const LOCKDOWN_RULES: readonly Rule[] = [
  { syscall: 'execve', action: 'EPERM' },
  { syscall: 'execveat', action: 'EPERM' },
  ...PROCESS_RULES,
];

/**
 * The seccomp program that the dispatcher, and the resolver as well, installs on all its threads once its code
 * is loaded. mmap and mprotect stay as they are: V8 compiles at run time.
 */
export function dispatcherLockdown(architecture: Architecture): Uint8Array {
  return assemble(LOCKDOWN_RULES, { architecture });
}
