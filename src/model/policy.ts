import type { AccessTimes } from './access-times.ts';
import type { Banners } from './banners.ts';
import type { Builtin, MuxName } from './builtin.ts';
import type { Cap } from './cap.ts';
import type { CheckName } from './check-name.ts';
import type { DeskKind } from './desk.ts';
import type { WatchedFile, WatchedGlob } from './file-signature.ts';
import type { Findings } from './findings.ts';
import type { HostsRules } from './hosts-rules.ts';
import type { LifePolicy } from './life-policy.ts';
import type { LimitPolicy } from './limit-policy.ts';
import type { ListenPlace } from './listen-address.ts';
import type { LogDestination, LogPolicy } from './log-policy.ts';
import type { PeerEnvSet } from './peer-env.ts';
import type { Penalties } from './penalties.ts';
import type { PoolPolicy } from './pool-policy.ts';
import type { PrefixTable } from './prefix-table.ts';
import type { Rate } from './rate.ts';
import type { Redirect } from './redirect.ts';
import type { RefusalTemplate } from './refusal-text.ts';
import type { RpcPolicy } from './rpc.ts';
import type { Rule } from './rule.ts';
import type { TlsPolicy } from './tls-policy.ts';

/** A rule of an access list that needs the name of the peer; `suffix` also matches every name below it. */
export interface NameRule extends Rule {
  readonly name: string;
  readonly kind: 'host' | 'suffix';
}

/** A rule of an access list about who is at the other end of a unix socket: SO_PEERCRED of unix(7). */
export interface PeerRule extends Rule {
  readonly kind: 'uid' | 'gid';
  readonly id: number;
}

/** One of `only_from` and `no_access`; tables of addresses and networks are shared where lists are the same. */
export interface AccessList {
  readonly tables: readonly PrefixTable[];
  readonly names: readonly NameRule[];
  readonly peers: readonly PeerRule[];
}

export interface AccessPolicy {
  readonly onlyFrom: AccessList | undefined;
  readonly noAccess: AccessList | undefined;
  /** Which of the lists wins when both match: the more specific rule, or `no_access`, as in xinetd. */
  readonly match: 'specific' | 'xinetd';
}

/** What a rule of hosts_access(5) does besides its verdict. */
export interface HostsOutcome {
  /** The form of the service that is launched. */
  readonly variant: number;
  /** A banner for the client, as a template. */
  readonly text: RefusalTemplate | undefined;
  /** Level of the record, in syslog's words. */
  readonly severity: string | undefined;
}

/** hosts_access(5) for one service. */
export interface HostsPolicy {
  /** What the rules call it. */
  readonly daemon: string;
  readonly rules: HostsRules;
  /** For each rule of each table. */
  readonly outcomes: { readonly allow: readonly HostsOutcome[]; readonly deny: readonly HostsOutcome[] };
}

/** Somebody of the operator's decides what no list can say. */
export interface DecidePolicy {
  /** The path of a unix socket, or the variant of the service that is the program to ask. */
  readonly asks: { readonly socket: string } | { readonly variant: number };
  readonly deadlineMs: number;
  readonly onFailure: 'refuse' | 'allow';
  readonly cacheMs: number;
}

/** A connection to a sensor bans its source, from all services, for this long; Infinity for ever, 0 not at all. */
export interface SensorPolicy {
  readonly denyMs: number;
}

/** What a service asks of its clients besides its two access lists. */
export interface ServiceRules {
  readonly hosts: HostsPolicy | undefined;
  readonly sensor: SensorPolicy | undefined;
  readonly times: AccessTimes | undefined;
  readonly maxLoad: number | undefined;
  readonly ratePerSource: Rate | undefined;
  /** Undefined: as many as the service has. */
  readonly perSource: number | undefined;
  readonly cps: Rate | undefined;
  readonly instances: Cap;
  readonly decide: DecidePolicy | undefined;
  /** Only those are served of whom ident knows who they are. */
  readonly isIdOnly: boolean;
  readonly penalties: Penalties | undefined;
  readonly policies: Readonly<Record<CheckName, LimitPolicy>>;
}

/** The PROXY protocol: whose word on who the client is counts, and how long it may take. */
export interface ProxyPolicy {
  readonly from: AccessList;
  readonly timeoutMs: number;
}

/** One service as the dispatcher knows it; its index is that of the launch table. */
export interface ServicePolicy extends ServiceRules {
  readonly name: string;
  readonly isWaiting: boolean;
  /** It is no service of anybody's but zinetd itself. */
  readonly desk?: DeskKind | undefined;
  /** Another one when anything about the service has changed, its programs included. */
  readonly digest?: string | undefined;
  readonly builtin: Builtin | undefined;
  readonly mux: readonly MuxName[];
  readonly rpc: RpcPolicy | undefined;
  /** In the order of the launch table. */
  readonly listeners: readonly ListenPlace[];
  readonly access: AccessPolicy | undefined;
  /** Undefined: nobody's header is read. */
  readonly proxy?: ProxyPolicy | undefined;
  /** A service that is relayed; it has no program but the daemon that it may lead to. */
  readonly redirect: Redirect | undefined;
  /** Handlers live on, and are given connections; undefined: each connection has one of its own. */
  readonly pool?: PoolPolicy | undefined;
  /** Clients speak TLS with the dispatcher, and whoever serves them has a socket pair. */
  readonly tls?: TlsPolicy | undefined;
  readonly banners: Banners | undefined;
  readonly log: LogPolicy;
  readonly life: LifePolicy;
  /** The directory of the cgroup that its handlers are in. */
  readonly cgroup?: string | undefined;
  /** What its handlers are started as, and where: with another one after a reload they are others. */
  readonly imprint?: string | undefined;
  /** What its handlers are told of their clients. */
  readonly peerEnv: readonly PeerEnvSet[];
}

/** How the addresses of clients are taken together, and how much is remembered of them. */
export interface SourcesPolicy {
  readonly ipv4Prefix: number;
  readonly ipv6Prefix: number;
  readonly capacity: number;
}

export interface BansPolicy {
  readonly capacity: number;
  /** What becomes of a new penalty when the table is full. */
  readonly overflow: 'permissive' | 'oldest';
  /** Never banned. */
  readonly exempt: AccessList | undefined;
}

/** Everything that the dispatcher decides by. */
export interface Policy {
  readonly services: readonly ServicePolicy[];
  /** Behind the services in the launch table. */
  readonly desks: readonly ServicePolicy[];
  /** Who started zinetd, and may tell it what to do. */
  readonly ownerUid: number;
  /** Handlers of all services together. */
  readonly maxProcesses: Cap | undefined;
  readonly sources: SourcesPolicy;
  readonly bans: BansPolicy;
  /** Where records go; the first is that of the daemon's own. */
  readonly logs: readonly LogDestination[];
  /** Whether names are looked up or sockets asked: without that the spawner keeps no resolver. */
  readonly needsResolver: boolean;
  /** Files that this was made from and that may change on their own. */
  readonly watched: readonly WatchedFile[];
  /** Where more such files may appear. */
  readonly globs?: readonly WatchedGlob[] | undefined;
  /** Whether those of the configuration itself are among them: `watch`. */
  readonly isWatchingItself?: boolean | undefined;
  /** Of the configuration that this is from, in spite of which the rest runs. */
  readonly errors: number;
  /** What the compiler had to say; undefined: it has said it elsewhere. */
  readonly findings?: Findings | undefined;
}
