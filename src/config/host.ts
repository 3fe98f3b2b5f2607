import type { RlimitName } from '../model/rlimit.ts';

export interface HostUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** What resolving a configuration needs to know of the machine. Look-ups may throw SyscallError. */
export interface Host {
  /** Who started zinetd; 0 is root. */
  readonly ownerUid: number;
  /** A service may not run as it: processes of one uid can attack each other. */
  readonly dispatcherUid: number | undefined;
  /** The hard limits of the one who starts zinetd; none where that one may exceed them. */
  readonly hardLimits: ReadonlyMap<RlimitName, number>;
  /** The environment of the one who starts zinetd, for `pass_env`. */
  readonly environment: Readonly<Record<string, string>>;
  findUser(name: string): HostUser | undefined;
  findUserById(uid: number): HostUser | undefined;
  findGroup(name: string): number | undefined;
  /** What initgroups(3) would set. */
  groupsOf(user: string, gid: number): readonly number[];
  findTcpPort(name: string): number | undefined;
}
