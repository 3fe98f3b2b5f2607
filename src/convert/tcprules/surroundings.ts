import type { RlimitName } from '../../model/rlimit.ts';
import type { ShellWord } from './shell-word.ts';
import type { Word } from './word.ts';

/** Who a program runs as, as far as it is written. */
export interface WrittenIdentity {
  readonly user: ShellWord;
  readonly group?: ShellWord | undefined;
  readonly groups?: readonly ShellWord[] | undefined;
}

/** What a script and the commands before the server change for all that comes after them. */
export interface Surroundings {
  /** Variables that a handler would see. */
  readonly env: Map<string, Word>;
  /** Nothing else is passed on. */
  isClean: boolean;
  identity: WrittenIdentity | undefined;
  /** Whom `envuidgid` puts into UID and GID. */
  named: WrittenIdentity | undefined;
  readonly limits: Map<RlimitName, { readonly value: number | 'unlimited'; readonly at: Word }>;
  nice: { readonly value: number; readonly at: Word } | undefined;
  umask: Word | undefined;
  cwd: Word | undefined;
  chroot: Word | undefined;
  /** Where standard error goes. */
  stderr: { readonly kind: 'log' | 'none'; readonly at: Word } | undefined;
}

export function newSurroundings(): Surroundings {
  return {
    env: new Map(),
    isClean: false,
    identity: undefined,
    named: undefined,
    limits: new Map(),
    nice: undefined,
    umask: undefined,
    cwd: undefined,
    chroot: undefined,
    stderr: undefined,
  };
}

/** A copy that changes without the other. */
export function copySurroundings(from: Surroundings): Surroundings {
  return { ...from, env: new Map(from.env), limits: new Map(from.limits) };
}
