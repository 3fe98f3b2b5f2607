import type { Endpoint } from './address.ts';
import type { Rlimit } from './rlimit.ts';

/** A socket that a service listens on. Port 0 lets the kernel choose. */
export interface Listener {
  readonly endpoint: Endpoint;
  readonly backlog: number;
  /** IPV6_V6ONLY of an IPv6 socket: false also takes IPv4 connections. */
  readonly v6only: boolean;
}

/** The identity a handler runs with, already resolved to numbers; undefined: that of zinetd itself. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups, exactly. */
  readonly groups: readonly number[];
}

/** Everything needed to start one handler. Paths are absolute, nothing is left to look up. */
export interface Program {
  readonly path: string;
  /** argv[0] included. */
  readonly argv: readonly string[];
  /** `NAME=value`, in the order of the configuration. */
  readonly env: readonly string[];
  readonly identity: Identity | undefined;
  readonly cwd: string;
  readonly umask: number;
  /** Undefined: inherited from zinetd. */
  readonly nice: number | undefined;
  readonly rlimits: readonly Rlimit[];
}

/** One enabled service of a resolved configuration. */
export interface Service {
  readonly name: string;
  readonly mode: 'inetd';
  readonly listeners: readonly Listener[];
  readonly program: Program;
  /** Handlers that may run at once. */
  readonly instances: number;
}
