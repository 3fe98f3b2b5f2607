import type { SyscallName } from './syscall-numbers.ts';

/**
 * What happens to a call: only `allow` executes it. The two errors are what the caller sees instead; after
 * `pretend` it sees success.
 */
export type Action = 'allow' | 'EPERM' | 'ENOSYS' | 'pretend';

/**
 * A test of the low 32 bits of one argument, after `mask`. Where the kernel takes an int, the high half is
 * noise that a caller chooses freely (Flatpak, CVE-2019-10063, compared it).
 */
export interface Condition {
  readonly argument: 0 | 1 | 2 | 3 | 4 | 5;
  readonly mask?: number;
  readonly test: 'equals' | 'differs';
  readonly value: number;
}

/**
 * Of several rules for one call the first whose conditions all hold decides; a call that no rule decides is
 * allowed.
 */
export interface Rule {
  readonly syscall: SyscallName;
  readonly action: Action;
  readonly when?: readonly Condition[];
}
