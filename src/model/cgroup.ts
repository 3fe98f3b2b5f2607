/** Controllers of cgroups(7), version 2, whose limits a service can have. */
export const CGROUP_CONTROLLERS = ['cpu', 'memory', 'pids'] as const;
export type CgroupController = (typeof CGROUP_CONTROLLERS)[number];

/** The file of each with the limit in it. */
export const LIMIT_FILES: Readonly<Record<CgroupController, string>> = {
  cpu: 'cpu.max',
  memory: 'memory.max',
  pids: 'pids.max',
};

/** The cgroup of a service. */
export interface ServiceCgroup {
  /** Below the root of the tree. */
  readonly path: string;
  /** As they are written to the files. */
  readonly limits: Readonly<Partial<Record<CgroupController, string>>>;
  /** What a handler leaves behind ends with it. */
  readonly isEnding: boolean;
}

/** What is done to the tree: mkdir(2), write(2) of a text to a file that is there, or rmdir(2). Paths are below its root. */
export type CgroupStep =
  | { readonly step: 'make' | 'remove'; readonly path: string }
  | { readonly step: 'write'; readonly path: string; readonly text: string };

/** What the spawner makes of the cgroup that was delegated to zinetd. */
export interface CgroupTree {
  /** An absolute path. */
  readonly root: string;
  /** Before anything is launched, and at every reload. */
  readonly steps: readonly CgroupStep[];
  /** When nothing is left. */
  readonly end: readonly CgroupStep[];
}
