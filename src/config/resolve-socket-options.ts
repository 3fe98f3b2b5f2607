import { type SocketOption, type SocketOptionName, socketOption } from '../model/socket-option.ts';
import { askHost } from './ask-host.ts';
import type { Host } from './host.ts';
import { keepaliveTotalMs } from './keepalive.ts';
import { keepaliveOf } from './keepalive-of.ts';
import type { LayeredService } from './layer.ts';
import { parseLimit } from './limit-value.ts';
import type { FamilyChoice } from './listen.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { durationMs } from './resolve-limits.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
}

/** What decides which options a socket can have at all. */
export interface SocketKind {
  readonly scheme: 'tcp' | 'udp' | 'unix' | 'unix-dgram' | 'unix-seqpacket' | 'vsock';
  /** Of an address of IP. */
  readonly family: 4 | 6 | undefined;
  readonly families: FamilyChoice;
  /** Opened again while another one of it is in use: handlers get one each. */
  readonly isShared: boolean;
  /** Answers must come from the address that was asked. */
  readonly isAnswering: boolean;
  /** Bound already, by somebody else: what comes before that is not ours to say. */
  readonly isInherited: boolean;
}

type Named = readonly [SocketOptionName, number | boolean];

/** A peer that is gone must not keep an instance (S81); the last is for one that goes while something is on its way. */
function keepaliveOptions(service: LayeredService): readonly Named[] {
  const keepalive = keepaliveOf(service);
  if (!keepalive) return [];
  const { idleSeconds, intervalSeconds, count } = keepalive;
  return [
    ['keepalive', true],
    ['keepIdle', idleSeconds],
    ['keepInterval', intervalSeconds],
    ['keepCount', count],
    // Linux has none for Multipath TCP.
    ...(service.settings.mptcp?.value ? [] : ([['userTimeout', keepaliveTotalMs(keepalive)]] as const)),
  ];
}

function tcpOptions(service: LayeredService): readonly Named[] {
  const { no_delay: noDelay, defer_accept: deferAccept } = service.settings;
  return [
    ...keepaliveOptions(service),
    ...(noDelay?.value ? ([['noDelay', true]] as const) : []),
    ...(deferAccept ? ([['deferAccept', durationMs(deferAccept.value) / 1000]] as const) : []),
  ];
}

function ipOptions(service: LayeredService, { family, families, isInherited }: SocketKind): readonly Named[] {
  const { free_bind: freeBind, transparent, tos, v6only } = service.settings;
  const is6 = family === 6;
  const isV6only = families === 'both' ? false : (v6only?.value ?? true);
  const trafficClass = tos ? ([[is6 ? 'trafficClass' : 'tos', tos.value]] as const) : [];
  if (isInherited) return trafficClass;
  return [
    ...(is6 ? ([['v6only', isV6only]] as const) : []),
    ...(freeBind?.value ? ([[is6 ? 'freeBind6' : 'freeBind', true]] as const) : []),
    ...(transparent?.value ? ([[is6 ? 'transparent6' : 'transparent', true]] as const) : []),
    ...trafficClass,
  ];
}

/** UDP with SO_REUSEADDR would share its port with anybody; with SO_REUSEPORT only with the same uid. */
function sharingOptions({
  scheme,
  isShared,
  isAnswering,
  family,
  isInherited,
}: SocketKind): readonly Named[] {
  if (scheme !== 'udp') return isInherited ? [] : [['reuseAddress', true]];
  const info = family === 6 ? (['packetInfo6', true] as const) : (['packetInfo', true] as const);
  return [...(isShared ? ([['reusePort', true]] as const) : []), ...(isAnswering ? [info] : [])];
}

function bufferOptions(service: LayeredService): readonly Named[] {
  const { receive_buffer: receive, send_buffer: send } = service.settings;
  return [
    ...(receive ? ([['receiveBuffer', parseLimit(receive.value, 'bytes') ?? 0]] as const) : []),
    ...(send ? ([['sendBuffer', parseLimit(send.value, 'bytes') ?? 0]] as const) : []),
  ];
}

function markOptions({ settings: { mark } }: LayeredService): readonly Named[] {
  return mark ? [['mark', mark.value]] : [];
}

/** SO_BINDTOIFINDEX of the interface; none after a report. */
function interfaceOptions(service: LayeredService, { host, report }: Context): readonly Named[] {
  const setting = service.settings.bind_to_device;
  if (!setting) return [];
  const at = placeOfSetting(service, setting);
  const found = askHost(() => host.findInterface(setting.value), { report, at });
  if (found.failed) return [];
  if (found.value !== undefined) return [['bindToInterface', found.value]];
  const message = `Cannot bind to ${quote(setting.value)}: there is no such interface`;
  report.add({ code: 'config/unknown-interface', at, message });
  return [];
}

/** What a socket of this service gets before bind(2). */
export function resolveSocketOptions(
  service: LayeredService,
  options: Context & { readonly kind: SocketKind },
): readonly SocketOption[] {
  const { kind } = options;
  const isIp = kind.family !== undefined;
  const named: readonly Named[] = [
    ...(isIp ? sharingOptions(kind) : []),
    ...(kind.scheme === 'tcp' ? tcpOptions(service) : []),
    ...(isIp ? ipOptions(service, kind) : []),
    ...(isIp && !kind.isInherited ? interfaceOptions(service, options) : []),
    ...bufferOptions(service),
    ...(isIp ? markOptions(service) : []),
  ];
  return named.map(([name, value]) => socketOption(name, value));
}
