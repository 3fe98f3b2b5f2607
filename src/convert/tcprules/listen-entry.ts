import type { MapEntry } from '../../config/syntax-node.ts';
import { parseAddress } from '../../model/address.ts';
import { entryOf, scalarNode } from '../tree.ts';
import type { ServerCall } from './server-call.ts';

const SUFFIXES = { ipv4: '4', ipv6: '6', both: '', mapped: '46' } as const;
const EVERYWHERE = new Set(['', '0', ':0', '::']);

/** `tcp4://*:25`: on every address where the host is 0, and then on those that the server would take. */
export function listenEntry({ host, port, transport, family }: ServerCall): MapEntry {
  const bytes = EVERYWHERE.has(host.text) ? undefined : parseAddress(host.text);
  const text = bytes
    ? `${transport}://${bytes.length === 4 ? host.text : `[${host.text}]`}:${port.text}`
    : `${transport}${SUFFIXES[family]}://${EVERYWHERE.has(host.text) ? '*' : host.text}:${port.text}`;
  return entryOf(
    'listen',
    scalarNode(text, { ...host.place, end: Math.max(host.place.end, port.place.end) }),
  );
}
