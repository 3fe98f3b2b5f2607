import type { ErrorName } from '../../model/error-name.ts';
import type { SyscallName } from '../../model/syscall-numbers.ts';

/**
 * What happens to a call: only `allow` executes it. An error is what the caller sees instead; after `pretend` it
 * sees success, after `kill` nothing any more.
 */
export type Action = 'allow' | 'pretend' | 'kill' | ErrorName;

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
 * Of several rules for one call the first whose conditions all hold decides; a call that has rules, but none that
 * decides, is allowed.
 */
export interface Rule {
  readonly syscall: SyscallName;
  readonly action: Action;
  readonly when?: readonly Condition[];
}
