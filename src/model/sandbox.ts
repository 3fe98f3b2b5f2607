import type { HandlerFilter } from './handler-filter.ts';

/** By number, as `enum sandbox_call` in src/native/spawner/format.h has them. */
export const SANDBOX_CALLS = [
  'prctl',
  'capset',
  'mount',
  'mount_setattr',
  'chroot',
  'mkdirat',
  'fchownat',
  'write',
] as const;

/**
 * A system call that the child makes before it executes the handler. If it fails nothing is executed. `args` are as
 * the call takes them, texts and bytes by their addresses; 0 is NULL. `write` is three of them, and takes a path, what the
 * file there gets with how many bytes that is, and, if it is no file that is there already, flags and mode of open(2).
 */
export interface SandboxCall {
  readonly name: (typeof SANDBOX_CALLS)[number];
  readonly args: readonly (number | string | Uint8Array)[];
  /** Behind the identity, not ahead of the working directory. */
  readonly isLate: boolean;
  /** What it is about may not be there, or what it makes may be. */
  readonly isOptional: boolean;
}

/** What a path, and all below it if it is a directory, may be used for: LANDLOCK_ACCESS_FS_* of landlock(7). */
export interface PathRule {
  readonly path: string;
  readonly ofDirectory: number;
  readonly ofFile: number;
}

export interface LandlockRules {
  /** Those that are denied but for `rules`. */
  readonly rights: number;
  /** One whose path is not there says nothing. */
  readonly rules: readonly PathRule[];
}

/** What keeps a handler from more than its work, made out by the compiler; the spawner only does it. */
export interface Sandbox {
  /** CLONE_NEW* of clone(2). */
  readonly namespaces: number;
  /** It is born without a bounding set and with no_new_privs, by a parent that has given up both. */
  readonly isBare: boolean;
  /** In their order. */
  readonly calls: readonly SandboxCall[];
  /** No signals to processes of others, no abstract sockets of theirs: Landlock. */
  readonly isScoped: boolean;
  /** Undefined: it may use files as its user can, in the view that it has of them. */
  readonly landlock: LandlockRules | undefined;
  /** The system calls that the handler may make; undefined: any. */
  readonly filter: HandlerFilter | undefined;
}
