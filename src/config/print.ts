import type { MuxName } from '../model/builtin.ts';
import { describeInherited } from '../model/inherited-socket.ts';
import { describeListen } from '../model/listen-address.ts';
import type { Redirect } from '../model/redirect.ts';
import type { Rlimit } from '../model/rlimit.ts';
import type { Keepalive, Listener, Program } from '../model/service.ts';
import type { SniName } from '../model/sni-name.ts';
import { SOCKET_OPTIONS } from '../model/socket-option.ts';
import type { AttributeName } from './document.ts';
import { keepaliveOf } from './keepalive-of.ts';
import { renderYaml } from './render-yaml.ts';
import type { Resolution, ResolvedService } from './resolve.ts';
import { fitsSockets } from './socket-fit.ts';

type Limit = number | 'unlimited';

function printLimit(value: number): Limit {
  return Number.isFinite(value) ? value : 'unlimited';
}

function printRlimit({ soft, hard }: Rlimit): Limit | { readonly soft: Limit; readonly hard: Limit } {
  return soft === hard ? printLimit(soft) : { soft: printLimit(soft), hard: printLimit(hard) };
}

function printKeepalive(keepalive: Keepalive | undefined): object | false {
  if (!keepalive) return false;
  const { idleSeconds, intervalSeconds, count } = keepalive;
  return { idle: `${idleSeconds}s`, interval: `${intervalSeconds}s`, count };
}

/** Who a service runs as: the user as written, and what followed from it as numbers. */
function identityOf({ settings }: ResolvedService, { identity }: Program): object {
  const { user, groups, dynamic_user: dynamic } = settings.settings;
  if (dynamic?.value === true && identity) return {};
  const written = user === undefined ? {} : { user: user.value };
  if (identity) return { ...written, group: identity.gid, groups: groups?.value === true || identity.groups };
  return { ...written, ...(groups === undefined ? {} : { groups: groups.value }) };
}

/** What a handler gets; a sensor has none. */
function programOf(resolved: ResolvedService): object {
  const [program] = resolved.service.programs;
  if (!program) return {};
  const { settings } = resolved;
  const [argv0, ...args] = program.argv;
  return {
    ...identityOf(resolved, program),
    umask: program.umask.toString(8).padStart(3, '0'),
    ...(program.nice === undefined ? {} : { nice: program.nice }),
    cwd: program.cwd,
    server: program.path,
    argv0,
    server_args: args,
    env: Object.fromEntries(Array.from(settings.env, ([name, setting]) => [name, setting.value])),
    ...(settings.settings.env_file && { env_file: settings.settings.env_file.value }),
    ...(settings.settings.credentials && { credentials: settings.settings.credentials.value }),
    pass_env: settings.settings.pass_env?.value,
    ...(settings.settings.peer_env && { peer_env: program.peerEnv }),
    stderr: program.stderr,
    ...(resolved.service.isWaiting && { listen_fds: program.listenName !== undefined }),
    ...asWritten(resolved, ['pool']),
    rlimits: Object.fromEntries(program.rlimits.map((limit) => [limit.name, printRlimit(limit)])),
  };
}

/** Attributes that are printed as they were written, since nothing in them was looked up for good. */
const AS_WRITTEN: readonly AttributeName[] = [
  ...(['only_from', 'no_access', 'match', 'hosts_access', 'sensor', 'deny_time', 'access_times'] as const),
  ...(['time_zone', 'max_load', 'rate_per_source', 'per_source', 'cps', 'instances', 'policies'] as const),
  ...(['decide', 'penalties', 'on_reload', 'on_stop', 'grace'] as const),
  ...([
    'required',
    'no_new_privileges',
    'capabilities',
    'scoped',
    'dynamic_user',
    'chroot',
    'protect_system',
  ] as const),
  ...(['protect_home', 'read_only_paths', 'read_write_paths', 'private_tmp', 'private_network'] as const),
  ...(['private_pids', 'private_ipc', 'exec_paths', 'apparmor_profile', 'selinux_context'] as const),
  ...(['system_calls', 'system_call_error', 'restrict_address_families', 'restrict_namespaces'] as const),
  ...(['memory_max', 'tasks_max', 'cpu_max', 'kill_mode'] as const),
  ...(['restrict_suid_sgid', 'restrict_realtime', 'lock_personality', 'memory_deny_write_execute'] as const),
];

function asWritten({ settings: { settings } }: ResolvedService, names: readonly AttributeName[]): object {
  const entries = names.map((name) => [name, settings[name]?.value]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

const SOCKET_NAMES: readonly AttributeName[] = [
  ...(['socket_user', 'socket_group', 'socket_mode', 'bind_to_device', 'mptcp', 'receive_buffer'] as const),
  ...(['send_buffer', 'no_delay', 'defer_accept', 'free_bind', 'transparent', 'mark', 'tos', 'rpc'] as const),
  ...(['builtin', 'ident', 'qotd_file'] as const),
];

/** One socket for both families is known by its options only. */
function printListener({ scheme, address, options, inherited }: Listener): string {
  if (inherited) return describeInherited(inherited);
  const [level, name] = SOCKET_OPTIONS.v6only;
  const isBoth = options.some((it) => it.level === level && it.name === name && it.value === 0);
  const text = describeListen({ scheme, address });
  return isBoth ? text.replace('://', '46://') : text;
}

/** Sockets of one name are written once. */
function written(listeners: readonly Listener[]): readonly Listener[] {
  const names = listeners.map(({ inherited }) => inherited?.name);
  return listeners.filter(({ inherited }, index) => !inherited || names.indexOf(inherited.name) === index);
}

function printMux({ name, isAnswered }: MuxName): string {
  return `tcpmux://${isAnswered ? '+' : ''}${name}`;
}

function printSni({ door, name }: SniName): string {
  return `sni://${door}/${name}`;
}

/** Without what `defaults` say to the sockets of others: written here it would be a mistake. */
function socketOf(resolved: ResolvedService): object {
  const { listeners } = resolved.service;
  const { backlog, v6only } = resolved.settings.settings;
  const always = {
    backlog: backlog?.value,
    v6only: v6only?.value,
    keepalive: printKeepalive(keepaliveOf(resolved.settings)),
  };
  const all = { ...always, ...asWritten(resolved, SOCKET_NAMES) };
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => fitsSockets(name as AttributeName, listeners)),
  );
}

function printRedirect({ to, connectMs, idleMs }: Redirect): object {
  const idle = idleMs === undefined ? {} : { idle_timeout: `${idleMs}ms` };
  return { to, connect_timeout: `${connectMs}ms`, ...idle };
}

/** What stands between a client and the service. */
function relayOf(resolved: ResolvedService): object {
  const { redirect, banners, tls } = resolved.service;
  return {
    ...(redirect && { redirect: printRedirect(redirect), ...asWritten(resolved, ['idle_stop']) }),
    ...(tls && asWritten(resolved, ['tls'])),
    ...(banners && asWritten(resolved, ['banner', 'banner_success', 'banner_fail'])),
  };
}

/** What `defaults` say of connections is nothing to a service that has none. */
function ageOf({ settings: { settings }, service }: ResolvedService): object {
  const { max_connection_age: age, idle_timeout: idle } = settings;
  return {
    ...(age === undefined || service.isWaiting ? {} : { max_connection_age: age.value }),
    ...(idle === undefined || service.life.idleMs === undefined ? {} : { idle_timeout: idle.value }),
  };
}

/** Nor is what they say of proxies, where it is nothing to the service. */
function proxyOf(resolved: ResolvedService): object {
  return resolved.service.proxy ? asWritten(resolved, ['proxy_protocol']) : {};
}

function serviceOf(resolved: ResolvedService): object {
  const { settings, service } = resolved;
  const attributes = settings.settings;
  return {
    enabled: attributes.enabled?.value,
    listen: [
      ...written(service.listeners).map(printListener),
      ...service.mux.map(printMux),
      ...(service.sni ?? []).map(printSni),
    ],
    mode: service.mode,
    wait: service.isWaiting,
    ...socketOf(resolved),
    ...programOf(resolved),
    ...asWritten(resolved, AS_WRITTEN),
    ...ageOf(resolved),
    ...relayOf(resolved),
    ...proxyOf(resolved),
  };
}

function daemonOf({ daemon }: Resolution): object {
  const entries = Object.entries(daemon).map(([name, setting]) => [name, setting?.value]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** A resolved configuration as plain values: every default, and every name that was looked up as what was found. */
export interface ResolutionValues {
  readonly daemon: object;
  readonly services: ReadonlyMap<string, object>;
}

export function resolutionValues(resolution: Resolution): ResolutionValues {
  const services = resolution.services.map((resolved): [string, object] => [
    resolved.settings.name,
    serviceOf(resolved),
  ]);
  return { daemon: daemonOf(resolution), services: new Map(services) };
}

/** A resolved configuration in its canonical spelling, as one file. It loads to the same Config. */
export function printResolution(resolution: Resolution): string {
  const { daemon, services } = resolutionValues(resolution);
  return renderYaml({ version: 1, ...daemon, services });
}
