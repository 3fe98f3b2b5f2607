import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { ListenWord, PairContext } from './pair.ts';
import { parseSize, parseWhole } from './parse-size.ts';
import { spanText } from './parse-span.ts';
import { lastOf, placeOfValue, type Setting, topOf } from './unit.ts';
import { askBoolean, askSpan, askWhole, ofSocket, refuseSetting } from './value-of.ts';
import { expandValue } from './words-of.ts';

const MOST_BACKLOG = 65_535;
const MOST_BUFFER = 2 ** 30;
/** What Linux does unless told otherwise. */
const USUAL_KEEPALIVE = { idleMs: 7_200_000, intervalMs: 75_000, count: 9 };
const MOST_DEFER_MS = 600_000;

/** Reports what has no effect on any socket of the unit, in systemd neither. */
function isFor(setting: Setting, fits: (listen: ListenWord) => boolean, context: PairContext): boolean {
  if (context.listens.some(fits)) return true;
  const message = `Ignored "${setting.name}=", as systemd does: no socket of the unit can have it`;
  context.report.add({ code: 'systemd/ignored', at: setting.place, message });
  return false;
}

const isIp = ({ kind }: ListenWord): boolean => kind === 'ip';
const hasPath = ({ kind }: ListenWord): boolean => kind === 'path';
const isTcp = (listen: ListenWord): boolean => listen.isTcp;
const isAny = (): boolean => true;

type Parse = (setting: Setting, context: PairContext) => string | number | boolean | undefined;

function switchOf({ name }: Setting, context: PairContext): boolean | undefined {
  return askBoolean(ofSocket(context, name), context)?.value === true ? true : undefined;
}

function textOf(setting: Setting, { socket, report }: PairContext): string | undefined {
  return expandValue(setting, { unit: socket, isPerClient: false, report })?.text;
}

function bufferOf(setting: Setting, context: PairContext): number | undefined {
  const bytes = parseSize(setting.value);
  if (bytes !== undefined && bytes > 0 && bytes <= MOST_BUFFER) return bytes;
  return refuseSetting(setting, 'must be a size from 1 to 1G', context);
}

function modeOf(setting: Setting, context: PairContext): string | undefined {
  if (/^[0-7]{1,4}$/.test(setting.value) && Number.parseInt(setting.value, 8) <= 0o777) {
    return setting.value.padStart(4, '0');
  }
  return refuseSetting(setting, 'must be an octal number up to 0777', context);
}

function backlogOf(setting: Setting, context: PairContext): number | undefined {
  const backlog = parseWhole(setting.value);
  if (backlog === undefined) return refuseSetting(setting, 'must be a number', context);
  if (backlog >= 1 && backlog <= MOST_BACKLOG) return backlog;
  const message = `Took "Backlog=${setting.value}" for ${MOST_BACKLOG}: the kernel has a limit of its own in any case`;
  context.report.add({ code: 'systemd/limit', at: placeOfValue(setting), message });
  return MOST_BACKLOG;
}

const TOS: Readonly<Record<string, number>> = {
  'low-delay': 16,
  throughput: 8,
  reliability: 4,
  'low-cost': 2,
};

function tosOf(setting: Setting, context: PairContext): number | undefined {
  const named = Object.hasOwn(TOS, setting.value) ? TOS[setting.value] : parseWhole(setting.value);
  return named !== undefined && named <= 255
    ? named
    : refuseSetting(setting, 'must be 0 to 255, or a word', context);
}

function markOf(setting: Setting, context: PairContext): number | undefined {
  const mark = parseWhole(setting.value);
  return mark !== undefined && mark <= 0x7fff_ffff
    ? mark
    : refuseSetting(setting, 'must be 0 to 2147483647', context);
}

function deferOf(setting: Setting, context: PairContext): string | undefined {
  const span = askSpan(ofSocket(context, setting.name), context)?.value;
  if (span === undefined || span === 0) return undefined;
  if (span <= MOST_DEFER_MS) return spanText(Math.ceil(span / 1000) * 1000);
  return refuseSetting(setting, 'zinetd waits 10 minutes at the most', context);
}

function protocolOf(setting: Setting, context: PairContext): true | undefined {
  if (setting.value === 'mptcp') return true;
  const message = `Cannot have "SocketProtocol=${setting.value}": zinetd has TCP, UDP and Multipath TCP`;
  return void context.report.add({ code: 'systemd/not-supported', at: placeOfValue(setting), message });
}

type Row = readonly [name: string, attribute: string, fits: (listen: ListenWord) => boolean, parse: Parse];

const ROWS: readonly Row[] = [
  ['Backlog', 'backlog', (listen) => !/^(udp|unix-dgram)/.test(listen.text), backlogOf],
  ['BindToDevice', 'bind_to_device', isIp, textOf],
  ['SocketProtocol', 'mptcp', isTcp, protocolOf],
  ['ReceiveBuffer', 'receive_buffer', isAny, bufferOf],
  ['SendBuffer', 'send_buffer', isAny, bufferOf],
  ['NoDelay', 'no_delay', isTcp, switchOf],
  ['DeferAcceptSec', 'defer_accept', isTcp, deferOf],
  ['FreeBind', 'free_bind', isIp, switchOf],
  ['Transparent', 'transparent', isIp, switchOf],
  ['Mark', 'mark', isIp, markOf],
  ['IPTOS', 'tos', isIp, tosOf],
  ['SocketUser', 'socket_user', hasPath, textOf],
  ['SocketGroup', 'socket_group', hasPath, textOf],
  ['SocketMode', 'socket_mode', hasPath, modeOf],
];

/** Settings of `SOCKET_ROWS`, for the list of what is known. */
export const SOCKET_NAMES: readonly string[] = ROWS.map(([name]) => name);

function rowEntry([name, attribute, fits, parse]: Row, context: PairContext): MapEntry | undefined {
  const setting = lastOf(context.socket, 'Socket', name);
  if (!setting || !isFor(setting, fits, context)) return undefined;
  const value = parse(setting, context);
  return value === undefined ? undefined : entryOf(attribute, scalarNode(value, placeOfValue(setting)));
}

const DETAILS = ['KeepAliveTimeSec', 'KeepAliveIntervalSec', 'KeepAliveProbes'];

/** systemd leaves it off, and the kernel's own times in force. */
function keepaliveEntry(context: PairContext): MapEntry | undefined {
  if (!context.listens.some(isTcp)) return undefined;
  const isOn = askBoolean(ofSocket(context, 'KeepAlive'), context);
  const details = DETAILS.flatMap((name) => lastOf(context.socket, 'Socket', name) ?? []);
  if (!isOn?.value) {
    for (const setting of details) {
      const message = `Ignored "${setting.name}=", as the kernel does: there is no "KeepAlive=yes"`;
      context.report.add({ code: 'systemd/ignored', at: setting.place, message });
    }
    return entryOf('keepalive', scalarNode(false, isOn?.setting.place ?? topOf(context.socket)));
  }
  const at = placeOfValue(isOn.setting);
  const spanOf = (name: string, usualMs: number): string =>
    spanText(Math.ceil((askSpan(ofSocket(context, name), context)?.value || usualMs) / 1000) * 1000);
  const count = askWhole(ofSocket(context, 'KeepAliveProbes'), context)?.value || USUAL_KEEPALIVE.count;
  const map = mapNode(
    [
      entryOf('idle', scalarNode(spanOf('KeepAliveTimeSec', USUAL_KEEPALIVE.idleMs), at)),
      entryOf('interval', scalarNode(spanOf('KeepAliveIntervalSec', USUAL_KEEPALIVE.intervalMs), at)),
      entryOf('count', scalarNode(count, at)),
    ],
    at,
  );
  return entryOf('keepalive', map);
}

/** Who may open a socket with a path: everybody, unless told otherwise. */
function usualMode({ socket, listens }: PairContext): MapEntry | undefined {
  const path = listens.find(hasPath);
  const isSet = lastOf(socket, 'Socket', 'SocketMode') !== undefined;
  return path && !isSet ? entryOf('socket_mode', scalarNode('0666', path.place)) : undefined;
}

/** What the sockets are like. */
export function socketEntries(context: PairContext): readonly (MapEntry | undefined)[] {
  return [...ROWS.map((row) => rowEntry(row, context)), keepaliveEntry(context), usualMode(context)];
}
