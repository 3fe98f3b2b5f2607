import type { BuiltinKind } from '../model/builtin.ts';
import type { Capability } from '../model/capability.ts';
import type { CheckName } from '../model/check-name.ts';
import type { FailureField, SuccessField } from '../model/log-policy.ts';
import type { Mode } from '../model/mode.ts';
import type { NamespaceName } from '../model/namespace.ts';
import type { PeerEnvSet } from '../model/peer-env.ts';
import type { RlimitName } from '../model/rlimit.ts';
import type { StandardError } from '../model/standard-error.ts';
import type { CredentialDocument } from './credential-document.ts';
import type { LogAddressDocument, LogFormatDocument, LogTypeDocument } from './log-document.ts';
import type { TlsDocument } from './tls-document.ts';

/** A number, a quantity with its unit, or `unlimited`. */
export type LimitText = number | string;

export interface LimitPair {
  readonly soft: LimitText;
  readonly hard: LimitText;
}

export type LimitDocument = LimitText | LimitPair;

/** Durations of whole seconds. */
export interface KeepaliveDocument {
  readonly idle?: string;
  readonly interval?: string;
  readonly count?: number;
}

/** A user or a group: a name or a plain decimal id. */
export type Principal = string | number;

/** A duration such as `10s`. */
export type DurationText = string;

/** `{soft, hard, drop}`: some are turned away at random from `soft` on. */
export interface CapDocument {
  readonly soft: number;
  readonly hard: number;
  /** Per cent, at `soft`. */
  readonly drop?: number;
}

export interface RateDocument {
  readonly count: number;
  readonly per: DurationText;
  readonly burst?: number;
}

/** The path of a table of rules, or its rules, one an item. */
export type HostsTableDocument = string | readonly string[];

export interface HostsAccessDocument {
  readonly allow?: HostsTableDocument;
  readonly deny?: HostsTableDocument;
  readonly daemon?: string;
}

export interface TarpitDocument {
  readonly bytes_per_second: number;
  readonly slots: number;
  readonly text?: string;
}

/** What to do with a connection that a check refuses. */
export type PolicyDocument =
  | 'reject'
  | 'queue'
  | { readonly reject: { readonly text: string } }
  | { readonly suspend: { readonly for: DurationText } }
  | { readonly tarpit: TarpitDocument };

export interface DecideDocument {
  readonly socket?: string;
  /** argv; the first is the path. */
  readonly program?: readonly string[];
  readonly user?: Principal;
  readonly deadline?: DurationText;
  readonly on_failure?: 'refuse' | 'allow';
  readonly cache?: DurationText;
}

export interface PenaltiesDocument {
  readonly crash?: DurationText;
  readonly refused?: DurationText;
  readonly too_fast?: DurationText;
  readonly time_limit?: DurationText;
  readonly exit_status?: readonly { readonly status: number; readonly penalty: DurationText }[];
  readonly threshold?: DurationText;
  readonly max?: DurationText;
}

export interface SourcesDocument {
  readonly ipv4_prefix?: number;
  readonly ipv6_prefix?: number;
  readonly capacity?: number;
}

export interface BansDocument {
  readonly capacity?: number;
  readonly overflow?: 'permissive' | 'oldest';
  readonly exempt?: readonly string[];
}

/** Options of the `auth` service of FreeBSD's inetd(8). */
export interface IdentDocument {
  readonly fallback?: string;
  readonly random?: boolean;
  readonly numeric?: boolean;
  readonly real?: boolean;
  readonly fakeid?: boolean;
  readonly any_fakeid?: boolean;
  readonly noident?: boolean;
  readonly os?: string;
  readonly timeout?: DurationText;
}

export interface RpcDocument {
  /** A number, or a name of rpc(5). */
  readonly program: number | string;
  /** `2`, or `1-5`. Default: 1. */
  readonly versions?: number | string;
}

export interface RedirectDocument {
  readonly to: string;
  readonly connect_timeout?: DurationText;
  readonly idle_timeout?: DurationText;
}

export interface PoolDocument {
  readonly workers?: number;
  readonly max_connections_per_worker?: number;
  readonly max_requests?: number;
  readonly max_age?: DurationText;
}

export interface ProxyProtocolDocument {
  readonly from: readonly string[];
  readonly timeout?: DurationText;
}

/** A socket that tells, and changes nothing. */
export interface ReadOnlyDocument {
  readonly socket: string;
  readonly mode?: string;
  readonly group?: Principal;
}

/** Where operators talk to zinetd; `none`: nowhere. */
export interface ControlDocument {
  readonly socket?: string;
  readonly read_only?: ReadOnlyDocument;
}

export interface MetricsDocument {
  /** Such as `tcp://127.0.0.1:9797`; one address. */
  readonly listen: string;
}

/** What the daemon has once, and no service can change. */
export interface DaemonDocument {
  readonly max_processes: number | CapDocument;
  readonly sources: SourcesDocument;
  readonly bans: BansDocument;
  readonly control: 'none' | ControlDocument;
  readonly metrics: MetricsDocument;
  /** Whether changes of files reload the configuration. */
  readonly watch: boolean;
}

/** A service as written; docs/reference/configuration.md says what each attribute means. */
export interface ServiceDocument {
  readonly listen: string | readonly string[];
  readonly mode: Mode;
  readonly wait: boolean;
  readonly enabled: boolean;
  readonly user: Principal;
  readonly group: Principal;
  readonly groups: boolean | readonly Principal[];
  readonly umask: string;
  readonly nice: number;
  readonly cwd: string;
  readonly server: string;
  readonly server_args: readonly string[];
  readonly argv0: string;
  readonly env: Readonly<Record<string, string>>;
  readonly env_file: string | readonly string[];
  readonly credentials: Readonly<Record<string, CredentialDocument>>;
  readonly pass_env: readonly string[] | 'ALL';
  readonly peer_env: readonly PeerEnvSet[];
  readonly stderr: StandardError;
  readonly listen_fds: boolean;
  readonly pool: PoolDocument;
  readonly rlimits: Readonly<Partial<Record<RlimitName, LimitDocument>>>;
  readonly instances: number | string | CapDocument;
  readonly only_from: readonly string[];
  readonly no_access: readonly string[];
  readonly match: 'specific' | 'xinetd';
  readonly hosts_access: boolean | HostsAccessDocument;
  readonly access_times: readonly string[];
  readonly time_zone: string;
  readonly max_load: number;
  readonly rate_per_source: RateDocument | string;
  readonly per_source: number | string;
  readonly cps: { readonly rate: number; readonly per?: DurationText; readonly wait?: DurationText };
  readonly policies: Readonly<Partial<Record<CheckName, PolicyDocument>>>;
  readonly decide: DecideDocument;
  readonly sensor: boolean;
  readonly deny_time: DurationText;
  readonly penalties: PenaltiesDocument;
  readonly backlog: number;
  readonly v6only: boolean;
  readonly keepalive: boolean | KeepaliveDocument;
  readonly builtin: BuiltinKind;
  readonly ident: IdentDocument;
  readonly qotd_file: string;
  readonly socket_user: Principal;
  readonly socket_group: Principal;
  readonly socket_mode: string;
  readonly bind_to_device: string;
  readonly mptcp: boolean;
  readonly receive_buffer: LimitText;
  readonly send_buffer: LimitText;
  readonly no_delay: boolean;
  readonly defer_accept: DurationText;
  readonly free_bind: boolean;
  readonly transparent: boolean;
  readonly mark: number;
  readonly tos: number;
  readonly rpc: RpcDocument;
  readonly redirect: string | RedirectDocument;
  readonly proxy_protocol: false | ProxyProtocolDocument;
  readonly idle_stop: DurationText;
  readonly tls: TlsDocument;
  readonly banner: string;
  readonly banner_success: string;
  readonly banner_fail: string;
  readonly id_only: boolean;
  readonly on_reload: 'keep' | 'terminate';
  readonly on_stop: 'wait' | 'terminate';
  readonly max_connection_age: DurationText;
  readonly required: boolean;
  readonly no_new_privileges: boolean;
  readonly capabilities: readonly Capability[];
  readonly scoped: boolean;
  readonly dynamic_user: boolean;
  readonly chroot: string;
  readonly protect_system: boolean | 'full' | 'strict';
  readonly protect_home: boolean | 'read-only';
  readonly read_only_paths: readonly string[];
  readonly read_write_paths: readonly string[];
  readonly exec_paths: readonly string[];
  readonly apparmor_profile: string;
  readonly selinux_context: string;
  readonly private_tmp: boolean;
  readonly private_network: boolean;
  readonly private_pids: boolean;
  readonly private_ipc: boolean;
  readonly memory_max: number | string;
  readonly tasks_max: number | 'max';
  readonly cpu_max: string;
  readonly kill_mode: 'process' | 'control-group';
  readonly system_calls: readonly string[];
  readonly system_call_error: string;
  readonly restrict_address_families: 'none' | readonly string[];
  readonly restrict_namespaces: boolean | readonly NamespaceName[];
  readonly restrict_suid_sgid: boolean;
  readonly restrict_realtime: boolean;
  readonly lock_personality: boolean;
  readonly memory_deny_write_execute: boolean;
  readonly idle_timeout: DurationText;
  readonly grace: DurationText;
  readonly log_type: LogTypeDocument;
  readonly log_format: LogFormatDocument;
  readonly log_on_success: readonly SuccessField[];
  readonly log_on_failure: readonly FailureField[];
  readonly log_address: LogAddressDocument;
}

export type AttributeName = keyof ServiceDocument;
export type DaemonName = keyof DaemonDocument;
