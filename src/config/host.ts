import type { Capability } from '../model/capability.ts';
import type { InheritedSocket } from '../model/inherited-socket.ts';
import type { KernelFacts } from '../model/kernel-facts.ts';
import type { Prefix } from '../model/prefix.ts';
import type { RlimitName } from '../model/rlimit.ts';
import type { HostCgroups } from './host-cgroups.ts';

export interface HostUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** What resolving a configuration needs to know of the machine. Look-ups may throw SyscallError. */
export interface Host {
  /** Who started zinetd; 0 is root. */
  readonly ownerUid: number;
  /** Root without CAP_SETUID and CAP_SETGID: everything runs as it. */
  readonly isPowerless?: boolean | undefined;
  /** What zinetd may do besides, and so what it can give a handler. */
  readonly capabilities: ReadonlySet<Capability>;
  /** What sandboxes are made of; undefined: nobody has looked, and nothing is missed. */
  readonly kernel?: KernelFacts | undefined;
  /** A service may not run as one of these: processes of one uid can attack each other. */
  readonly dispatcherUid: number | undefined;
  readonly resolverUid: number | undefined;
  /** The hard limits of the one who starts zinetd; none where that one may exceed them. */
  readonly hardLimits: ReadonlyMap<RlimitName, number>;
  /** Undefined: nobody has looked, and nothing is missed. */
  readonly cgroups?: HostCgroups | undefined;
  /** How many descriptors a process of the one who starts zinetd may have at most. */
  readonly mostFiles: number;
  /** The environment of the one who starts zinetd, for `pass_env`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the control socket is unless the configuration says; undefined: there is none. */
  readonly controlPath?: string | undefined;
  /** What zinetd was started with; undefined: this is another command, which knows nothing of them. */
  readonly sockets?: readonly InheritedSocket[] | undefined;
  findUser(name: string): HostUser | undefined;
  findUserById(uid: number): HostUser | undefined;
  findGroup(name: string): number | undefined;
  /** What initgroups(3) would set. */
  groupsOf(user: string, gid: number): readonly number[];
  /** A port of services(5). */
  findPort(name: string, protocol: 'tcp' | 'udp'): number | undefined;
  /** All addresses of a host, those of IPv4 first. */
  findAddresses(name: string): readonly Uint8Array[];
  /** The number of a program by its name in rpc(5). */
  findRpcProgram(name: string): number | undefined;
  /** The name of the zone of its wall clock; undefined when it has none. */
  readonly timeZone: string | undefined;
  /** The names of the hosts of a netgroup; an empty one is every host. */
  findNetgroup(name: string): readonly string[] | undefined;
  /** The index of a network interface, for link-local addresses. */
  findInterface(name: string): number | undefined;
  /** The addresses that a name of networks(5) stands for. */
  findNetwork(name: string): Prefix | undefined;
}
