import type { AttributeName } from '../../config/document.ts';
import { keepaliveOf } from '../../config/keepalive-of.ts';
import { parseLimit } from '../../config/limit-value.ts';
import { differs, inSocket, type UnitContext, type UnitLine } from './unit-writer.ts';

type Fit = 'ip' | 'tcp' | 'path' | 'stream' | 'any';

function fits(fit: Fit, texts: readonly string[]): boolean {
  const patterns: Readonly<Record<Fit, RegExp>> = {
    ip: /^(tcp|udp)/,
    tcp: /^tcp/,
    path: /^unix[a-z-]*:\/\/\//,
    stream: /^(tcp|unix:|unix-seqpacket:|vsock)/,
    any: /^/,
  };
  return texts.some((text) => patterns[fit].test(text));
}

const ROWS: readonly (readonly [attribute: AttributeName, name: string, fit: Fit])[] = [
  ['backlog', 'Backlog', 'stream'],
  ['bind_to_device', 'BindToDevice', 'ip'],
  ['no_delay', 'NoDelay', 'tcp'],
  ['defer_accept', 'DeferAcceptSec', 'tcp'],
  ['free_bind', 'FreeBind', 'ip'],
  ['transparent', 'Transparent', 'ip'],
  ['mark', 'Mark', 'ip'],
  ['tos', 'IPTOS', 'ip'],
  ['receive_buffer', 'ReceiveBuffer', 'any'],
  ['send_buffer', 'SendBuffer', 'any'],
  ['socket_user', 'SocketUser', 'path'],
  ['socket_group', 'SocketGroup', 'path'],
];

export const SOCKET_ATTRIBUTES: readonly AttributeName[] = ROWS.map(([attribute]) => attribute);

function textOf(attribute: AttributeName, value: unknown): string | undefined {
  if (value === false || value === undefined) return undefined;
  if (value === true) return 'yes';
  const isSize = attribute === 'receive_buffer' || attribute === 'send_buffer';
  return isSize ? String(parseLimit(value as string | number, 'bytes')) : String(value);
}

/** What the sockets of a unit are like. */
export function socketLines(context: UnitContext): readonly UnitLine[] {
  const { settings } = context.service;
  const texts = settings.listen === undefined ? [] : [settings.listen.value].flat();
  const rows = ROWS.flatMap(([attribute, name, fit]) => {
    const text = fits(fit, texts) ? textOf(attribute, settings[attribute]?.value) : undefined;
    return text === undefined ? [] : [inSocket(name, text)];
  });
  const keepalive = fits('tcp', texts) ? keepaliveOf(context.service) : undefined;
  const probes = keepalive && [
    inSocket('KeepAlive', 'yes'),
    inSocket('KeepAliveTimeSec', keepalive.idleSeconds),
    inSocket('KeepAliveIntervalSec', keepalive.intervalSeconds),
    inSocket('KeepAliveProbes', keepalive.count),
  ];
  const mode = fits('path', texts) ? [inSocket('SocketMode', settings.socket_mode?.value ?? '0660')] : [];
  const mptcp = settings.mptcp?.value === true ? [inSocket('SocketProtocol', 'mptcp')] : [];
  return [...rows, ...(probes ?? []), ...mode, ...mptcp];
}

const MOST = 65_535;

/** How many there may be. Without limits of its own a socket unit fails for good when many come at once. */
export function limitLines(context: UnitContext): readonly UnitLine[] {
  if (context.isWaiting) return [];
  const { instances, per_source: perSource } = context.service.settings;
  const hardOf = (name: 'instances' | 'per_source'): number => {
    const value = context.service.settings[name]?.value;
    if (typeof value === 'number') return value;
    if (typeof value !== 'object') return name === 'instances' ? MOST : 0;
    differs(name, 'there is no soft limit', context);
    return value.hard;
  };
  const all = instances ? hardOf('instances') : MOST;
  const each = perSource ? hardOf('per_source') : Math.max(1, Math.floor(all / 2));
  return [
    inSocket('MaxConnections', all),
    inSocket('MaxConnectionsPerSource', instances?.value === 'UNLIMITED' && !perSource ? 0 : each),
    inSocket('TriggerLimitIntervalSec', 0),
  ];
}
