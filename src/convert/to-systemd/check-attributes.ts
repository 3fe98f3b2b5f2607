import type { AttributeName } from '../../config/document.ts';
import { ATTRIBUTE_NAMES } from '../../config/schema.ts';
import { LATER_ATTRIBUTES } from './later-lines.ts';
import { SANDBOX_ATTRIBUTES } from './sandbox-lines.ts';
import { SOCKET_ATTRIBUTES } from './socket-lines.ts';
import { cannot, leaveOut, type UnitContext } from './unit-writer.ts';

/** What other files of this folder look at. */
const USED: ReadonlySet<string> = new Set([
  ...[
    'listen',
    'mode',
    'wait',
    'enabled',
    'user',
    'group',
    'groups',
    'umask',
    'nice',
    'cwd',
    'server',
    'server_args',
  ],
  ...[
    'argv0',
    'env',
    'pass_env',
    'env_file',
    'peer_env',
    'stderr',
    'listen_fds',
    'rlimits',
    'only_from',
    'no_access',
  ],
  ...[
    'match',
    'instances',
    'per_source',
    'keepalive',
    'v6only',
    'socket_mode',
    'mptcp',
    'dynamic_user',
    'chroot',
  ],
  ...['max_connection_age', 'grace', 'deny_time'],
  ...SOCKET_ATTRIBUTES,
  ...SANDBOX_ATTRIBUTES,
  ...LATER_ATTRIBUTES,
]);

/** Without these the service would be another one, or open to others. */
const WHY: ReadonlyMap<string, string> = new Map([
  ['hosts_access', 'systemd knows no rules of tcp_wrappers: start the program by tcpd'],
  ['access_times', 'a socket unit is open at all times'],
  ['sensor', 'systemd bans nobody'],
  ['decide', 'systemd asks nobody'],
  ['id_only', 'systemd asks nobody'],
  ['builtin', 'systemd serves nothing itself'],
  ['redirect', 'systemd relays nothing: systemd-socket-proxyd does'],
  ['tls', 'systemd speaks no TLS'],
  ['pool', 'systemd starts a program for each connection, or gives it the socket'],
  ['rpc', 'systemd registers nothing with rpcbind'],
  ['proxy_protocol', 'systemd reads no header of a proxy'],
]);

function isNeutral(value: unknown): boolean {
  return value === false || value === 'none' || (Array.isArray(value) && value.length === 0);
}

/** Says of each attribute that nobody else looks at why nothing comes of it. What was never written says nothing. */
export function checkAttributes(context: UnitContext): void {
  for (const name of ATTRIBUTE_NAMES as readonly AttributeName[]) {
    const setting = context.service.settings[name];
    if (!setting?.node || USED.has(name) || isNeutral(setting.value)) continue;
    const why = WHY.get(name);
    if (why === undefined) leaveOut(name, 'systemd has nothing like it', context);
    else cannot(name, why, context);
  }
  if (context.service.settings.scoped?.value === true && !context.service.settings.scoped.node) {
    leaveOut('scoped', 'systemd has nothing like it', context);
  }
}
