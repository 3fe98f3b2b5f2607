import type { ErrorName } from './error-name.ts';
import type { NamespaceName } from './namespace.ts';
import type { SyscallName } from './syscall-numbers.ts';

/** What happens in place of a call: the process is killed, or the caller sees an error. */
export type Denial = 'kill' | ErrorName;

export interface DeniedCall {
  readonly name: SyscallName;
  readonly denial: Denial;
}

/** Those that it may use, or those that it may not, by number. */
export interface FamilyList {
  readonly kind: 'allow' | 'deny';
  readonly families: readonly number[];
}

/** Switches that deny calls by their arguments, in the words of systemd.exec(5). */
export const RESTRICTIONS = [
  'lock_personality',
  'memory_deny_write_execute',
  'restrict_realtime',
  'restrict_suid_sgid',
] as const;

export type Restriction = (typeof RESTRICTIONS)[number];

/** Which system calls a handler may make, and with which arguments: what its seccomp program will say. */
export interface HandlerFilter {
  /** Whatever their arguments; each once. */
  readonly denied: readonly DeniedCall[];
  /** What becomes of calls that have no name here: where only some are allowed, there is no such call. */
  readonly nameless: 'allow' | 'ENOSYS';
  /** Undefined: any. */
  readonly families: FamilyList | undefined;
  /** Those that it may neither make nor enter. */
  readonly deniedNamespaces: readonly NamespaceName[];
  readonly restrictions: readonly Restriction[];
}
