import { isIP } from 'node:net';
import type { Place } from '../../config/source.ts';
import type { ScalarNode } from '../../config/syntax-node.ts';
import { scalarNode } from '../tree.ts';
import { type JobContext, missing, refuseValue } from './job-context.ts';
import type { PlistDict, PlistString } from './plist-node.ts';
import { booleanAt, integerAt, stringAt } from './plist-values.ts';

type SocketType = 'stream' | 'dgram' | 'seqpacket';

/** A socket of a job in our words. */
export interface SocketDraft {
  readonly listen: ScalarNode;
  readonly type: SocketType;
  readonly isUnix: boolean;
  readonly dict: PlistDict;
}

const TYPES: readonly string[] = ['stream', 'dgram', 'seqpacket'] satisfies SocketType[];
const UNIX = { stream: 'unix', dgram: 'unix-dgram', seqpacket: 'unix-seqpacket' } as const;
const PROTOCOLS: Readonly<Record<string, SocketType>> = { TCP: 'stream', UDP: 'dgram' };
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ['IPv4', '4'],
  ['IPv6', '6'],
  ['IPv4v6', ''],
]);

function isType(text: string): text is SocketType {
  return TYPES.includes(text);
}

/** Undefined after a report. */
function typeOf(dict: PlistDict, context: JobContext): SocketType | undefined {
  const [type, protocol] = [stringAt(dict, 'SockType'), stringAt(dict, 'SockProtocol')];
  const written = type?.value ?? 'stream';
  if (!isType(written)) {
    const reason = 'it must be "stream", "dgram" or "seqpacket"';
    return refuseValue(context, { key: 'SockType', at: type?.place ?? dict.place, written, reason });
  }
  if (!protocol || PROTOCOLS[protocol.value] === written) return written;
  const reason = `it must be "TCP" for a stream and "UDP" for datagrams, and the socket is "${written}"`;
  return refuseValue(context, { key: 'SockProtocol', at: protocol.place, written: protocol.value, reason });
}

/** `SockServiceName`, a name or a number in either form; undefined after a report. */
function portOf(
  dict: PlistDict,
  context: JobContext,
): { readonly text: string; readonly place: Place } | undefined {
  const [name, number] = [stringAt(dict, 'SockServiceName'), integerAt(dict, 'SockServiceName')];
  if (name) return { text: name.value, place: name.place };
  if (number) return { text: String(number.value), place: number.place };
  return missing(
    context,
    'SockServiceName',
    'write the port, or "SockPathName" for a unix socket',
    dict.place,
  );
}

/** Undefined after a report. */
function familyOf(dict: PlistDict, context: JobContext): string | undefined {
  const family = stringAt(dict, 'SockFamily');
  const suffix = FAMILIES.get(family?.value ?? 'IPv4v6');
  if (suffix !== undefined || !family) return suffix;
  const reason = 'it must be "IPv4", "IPv6" or "IPv4v6"; with "SockPathName" it is left out or "Unix"';
  return refuseValue(context, { key: 'SockFamily', at: family.place, written: family.value, reason });
}

/** An address says by itself of which family it is; a name and all of them do not. */
function hostOf(node: PlistString | undefined, suffix: string): string {
  if (!node) return `${suffix}://*`;
  const family = isIP(node.value);
  if (family === 0) return `${suffix}://${node.value}`;
  return family === 4 ? `${suffix}://${node.value}` : `${suffix}://[${node.value}]`;
}

function inetDraft(dict: PlistDict, type: SocketType, context: JobContext): SocketDraft | undefined {
  if (type === 'seqpacket') {
    const at = stringAt(dict, 'SockType')?.place ?? dict.place;
    const reason = 'only a unix socket can be like that';
    return refuseValue(context, { key: 'SockType', at, written: type, reason });
  }
  const [suffix, port] = [familyOf(dict, context), portOf(dict, context)];
  if (suffix === undefined || !port) return undefined;
  const scheme = type === 'stream' ? 'tcp' : 'udp';
  const text = `${scheme}${hostOf(stringAt(dict, 'SockNodeName'), suffix)}:${port.text}`;
  return { listen: scalarNode(text, port.place), type, isUnix: false, dict };
}

/** launchd looks at the path first. */
function warnOfOther(key: string, { entries }: PlistDict, { report }: JobContext): void {
  const other = entries.get(key);
  if (!other) return;
  const message = `Left out "${key}": the socket has a path`;
  report.add({ code: 'launchd/no-counterpart', at: other.keyPlace, message });
}

/** A socket in our words; undefined after a report. */
export function socketDraft(dict: PlistDict, context: JobContext): SocketDraft | undefined {
  const passive = booleanAt(dict, 'SockPassive');
  if (passive && !passive.value) {
    const message = 'Cannot carry out "SockPassive": zinetd listens, and connects to nobody';
    return void context.report.add({ code: 'launchd/not-supported', at: passive.place, message });
  }
  const type = typeOf(dict, context);
  const path = stringAt(dict, 'SockPathName');
  if (!type || !path) return type && inetDraft(dict, type, context);
  for (const key of ['SockServiceName', 'SockNodeName']) warnOfOther(key, dict, context);
  const listen = scalarNode(`${UNIX[type]}://${path.value}`, path.place);
  return { listen, type, isUnix: true, dict };
}
