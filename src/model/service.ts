import type { Banners } from './banners.ts';
import type { Builtin, MuxName } from './builtin.ts';
import type { ServiceCgroup } from './cgroup.ts';
import type { DeskKind } from './desk.ts';
import type { InheritedSocket } from './inherited-socket.ts';
import type { LifePolicy } from './life-policy.ts';
import type { ListenAddress, ListenScheme } from './listen-address.ts';
import type { LogPolicy } from './log-policy.ts';
import type { Mode } from './mode.ts';
import type { PeerEnvSet } from './peer-env.ts';
import type { AccessPolicy, ServiceRules } from './policy.ts';
import type { PoolPolicy } from './pool-policy.ts';
import type { Redirect } from './redirect.ts';
import type { ResolvedList } from './resolved-list.ts';
import type { Rlimit } from './rlimit.ts';
import type { RpcService } from './rpc.ts';
import type { Sandbox } from './sandbox.ts';
import type { SniName } from './sni-name.ts';
import type { SocketOption } from './socket-option.ts';
import type { StandardError } from './standard-error.ts';
import type { TlsPolicy } from './tls-policy.ts';

/** When a peer that answers nothing is taken for gone: tcp(7), TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT. */
export interface Keepalive {
  readonly idleSeconds: number;
  readonly intervalSeconds: number;
  readonly count: number;
}

/** Whose a unix socket in the file system is; undefined ids are left as bind(2) makes them. */
export interface SocketOwner {
  readonly mode: number;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** A socket that a service listens on. Port 0 lets the kernel choose. */
export interface Listener {
  readonly scheme: ListenScheme;
  readonly address: ListenAddress;
  readonly backlog: number;
  /** In the order they are set, before bind(2). */
  readonly options: readonly SocketOption[];
  readonly isMptcp: boolean;
  /** Of a unix socket with a path. */
  readonly owner: SocketOwner | undefined;
  /** One that zinetd was started with, instead of one that it makes. */
  readonly inherited?: Pick<InheritedSocket, 'number' | 'name'> | undefined;
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
  /** SO_LINGER of the connection; undefined: as the kernel has it. */
  readonly lingerSeconds: number | undefined;
  /** SO_KEEPALIVE of the connection, whatever its listener has. */
  readonly keepalive: boolean;
  /** What its environment says of the client. */
  readonly peerEnv: readonly PeerEnvSet[];
  readonly stderr: StandardError;
  /** What its socket is called, where it is handed over as sd_listen_fds(3) has it. */
  readonly listenName: string | undefined;
  /** It talks to the dispatcher over a socket pair, not to a client. */
  readonly isRelayed: boolean;
  /** Undefined: nothing but what the rest says. */
  readonly sandbox: Sandbox | undefined;
}

/** The access lists of a service; undefined: everybody, or nobody in particular. */
export interface Access {
  readonly onlyFrom: ResolvedList | undefined;
  readonly noAccess: ResolvedList | undefined;
  readonly match: AccessPolicy['match'];
}

/** The PROXY protocol: whose connections begin with a header, and how long that may take. */
export interface TrustedProxies {
  readonly from: ResolvedList;
  readonly timeoutMs: number;
}

/** One enabled service of a resolved configuration. */
export interface Service {
  readonly name: string;
  readonly mode: Mode;
  /** Handlers get the listener itself, one at a time. */
  readonly isWaiting: boolean;
  /** It is no service of anybody's but zinetd itself. */
  readonly desk?: DeskKind | undefined;
  /** What zinetd gives itself; such a service has no programs. */
  readonly builtin: Builtin | undefined;
  /** What tcpmux knows it by. */
  readonly mux: readonly MuxName[];
  /** By which hosts that clients ask for they come to it, at the listeners of other services. */
  readonly sni?: readonly SniName[] | undefined;
  readonly rpc: RpcService | undefined;
  readonly listeners: readonly Listener[];
  /** As the configuration writes it first, then what rules of access can make of it; none for a sensor. */
  readonly programs: readonly Program[];
  readonly access: Access | undefined;
  readonly proxy?: TrustedProxies | undefined;
  readonly redirect: Redirect | undefined;
  /** Undefined: a handler for each connection. */
  readonly pool?: PoolPolicy | undefined;
  /** What the dispatcher needs to speak TLS with its clients; undefined: it does not. */
  readonly tls?: TlsPolicy | undefined;
  readonly banners: Banners | undefined;
  readonly log: LogPolicy;
  readonly life: LifePolicy;
  /** Where its handlers are; undefined: where zinetd is. */
  readonly cgroup?: ServiceCgroup | undefined;
  readonly rules: ServiceRules;
}
