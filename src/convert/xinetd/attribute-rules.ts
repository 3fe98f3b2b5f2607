/** How many values there must be; `some` is one or more, `list` any number, which `+=` and `-=` change. */
export type ValueRule = number | 'some' | 'list';

/** `interface` is another name of `bind`. */
export const SYNONYMS: ReadonlyMap<string, string> = new Map([['interface', 'bind']]);

/** What a service can have, in a xinetd that was built with everything. */
export const SERVICE_RULES: ReadonlyMap<string, ValueRule> = new Map<string, ValueRule>([
  ...['access_times', 'flags', 'log_type', 'server_args', 'type'].map((name) => [name, 'some'] as const),
  ...['env', 'log_on_failure', 'log_on_success', 'no_access', 'only_from', 'passenv'].map(
    (name) => [name, 'list'] as const,
  ),
  ...['banner', 'banner_fail', 'banner_success', 'bind', 'deny_time', 'disable', 'group', 'groups'].map(
    (name) => [name, 1] as const,
  ),
  ...['id', 'instances', 'libwrap', 'max_load', 'mdns', 'nice', 'per_source', 'port', 'protocol'].map(
    (name) => [name, 1] as const,
  ),
  ...['rlimit_as', 'rlimit_cpu', 'rlimit_data', 'rlimit_files', 'rlimit_rss', 'rlimit_stack'].map(
    (name) => [name, 1] as const,
  ),
  ...['rpc_number', 'rpc_version', 'server', 'socket_type', 'umask', 'user', 'v6only', 'wait'].map(
    (name) => [name, 1] as const,
  ),
  ...['cps', 'redirect'].map((name) => [name, 2] as const),
]);

/** What `defaults` can have. */
export const DEFAULTS_RULES: ReadonlyMap<string, ValueRule> = new Map<string, ValueRule>([
  ...['disabled', 'enabled', 'log_on_failure', 'log_on_success', 'log_type', 'no_access'].map(
    (name) => [name, 'list'] as const,
  ),
  ...['only_from', 'passenv'].map((name) => [name, 'list'] as const),
  ...['banner', 'banner_fail', 'banner_success', 'bind', 'groups', 'instances'].map(
    (name) => [name, 1] as const,
  ),
  ...['max_load', 'mdns', 'per_source', 'umask', 'v6only'].map((name) => [name, 1] as const),
  ['cps', 2],
]);

/** A service has these from `defaults` as they are where it begins. */
export const COPIED: readonly string[] = [
  ...['only_from', 'no_access', 'log_on_success', 'log_on_failure', 'passenv'],
  ...['banner', 'banner_success', 'banner_fail'],
];

/** These it has from all of `defaults`, wherever that stands, unless it says something itself. */
export const FILLED: readonly string[] = [
  ...['bind', 'cps', 'groups', 'instances', 'log_on_failure', 'log_on_success', 'log_type', 'max_load'],
  ...['mdns', 'passenv', 'per_source', 'umask', 'v6only'],
];
