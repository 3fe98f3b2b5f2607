import type { CgroupController } from '../model/cgroup.ts';

/** Why nobody can have a cgroup of his own where zinetd runs. */
export type CgroupLack = 'hidden' | 'read-only' | 'not-delegated' | 'shared';

/** The cgroup that the daemon was started in. */
export interface CgroupPlace {
  /** Its directory. */
  readonly root: string;
  /** What zinetd makes there for itself. */
  readonly base: string;
  readonly lack: CgroupLack | undefined;
  readonly controllers: ReadonlySet<CgroupController>;
  /** Those that others had switched on for what is below it. */
  readonly given: ReadonlySet<CgroupController>;
  /** Those that are switched on below the base. */
  readonly active: ReadonlySet<CgroupController>;
  /** Directories of services that are there. */
  readonly present: readonly string[];
  /** Whether the base is there. */
  readonly isMade: boolean;
  /** The daemon serves already, without a base: its processes are where none may be. */
  readonly isLate: boolean;
}

/** The tree of cgroups, version 2. */
export interface HostCgroups {
  /** Whether one is mounted; otherwise the rest is empty. */
  readonly isThere: boolean;
  /** What anything in it can have limits of. */
  readonly offered: ReadonlySet<CgroupController>;
  /** Whether all that is in one can be ended at once. */
  readonly canKill: boolean;
  /** Undefined: this is another command, which does not know where the daemon will be. */
  readonly place: CgroupPlace | undefined;
}
