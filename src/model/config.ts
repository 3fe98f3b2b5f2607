import type { Cap } from './cap.ts';
import type { CgroupTree } from './cgroup.ts';
import type { WatchedFile, WatchedGlob } from './file-signature.ts';
import type { LogDestination } from './log-policy.ts';
import type { Outlet } from './outlet.ts';
import type { BansPolicy, SourcesPolicy } from './policy.ts';
import type { ResolvedList } from './resolved-list.ts';
import type { Service } from './service.ts';

/** What the daemon has once. */
export interface DaemonConfig {
  /** Who started zinetd. */
  readonly ownerUid: number;
  readonly maxProcesses: Cap | undefined;
  readonly sources: SourcesPolicy;
  readonly bans: Omit<BansPolicy, 'exempt'> & { readonly exempt: ResolvedList | undefined };
}

/** A configuration after the last of the five steps: frozen, numbers only, enabled services only. */
export interface Config {
  readonly services: readonly Service[];
  /** Sockets of zinetd's own, behind the services in the launch table. */
  readonly desks: readonly Service[];
  readonly daemon: DaemonConfig;
  readonly logs: readonly LogDestination[];
  /** In the order of their rows in the launch table. */
  readonly outlets: readonly Outlet[];
  /** Undefined: no service has a cgroup. */
  readonly cgroups?: CgroupTree | undefined;
  /** Whether anything in it asks for names of clients or for decisions of others. */
  readonly needsResolver: boolean;
  /** Files that it was made from and that may change; its own are among them unless `watch` says otherwise. */
  readonly watched: readonly WatchedFile[];
  readonly globs?: readonly WatchedGlob[] | undefined;
  readonly isWatchingItself?: boolean | undefined;
  /** In files of another program, where they lose no more than the services that have them. */
  readonly errors: number;
}
