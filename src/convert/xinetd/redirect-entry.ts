import type { MapEntry } from '../../config/syntax-node.ts';
import { parseAddress } from '../../model/address.ts';
import { entryOf, scalarNode } from '../tree.ts';
import type { Word } from './entry.ts';
import { ipv4Address } from './ipv4-address.ts';
import { refuseValue } from './refuse-value.ts';
import type { ShapedEntry } from './shaped-entry.ts';

const MOST_PORT = 65_535;
const NUMBER = /^[+-]?[0-9]{1,15}$/;

/** A name stands for its addresses of IPv4; those of IPv6 have to be written. */
function hostText(word: Word, { report }: ShapedEntry): string | undefined {
  const { text } = word;
  const four = ipv4Address(text);
  if (four) return `tcp://${four.join('.')}`;
  if (text.includes(':') && parseAddress(text)) return `tcp://[${text}]`;
  if (!/[:%]/.test(text) && !/^[0-9.]+$/.test(text)) return `tcp4://${text}`;
  return refuseValue({ name: 'redirect', word, reason: 'it is neither an address nor a name' }, report);
}

/** A number, or a name of services(5). */
function portText(word: Word, { report }: ShapedEntry): string | undefined {
  if (!NUMBER.test(word.text)) return word.text;
  const port = Number(word.text);
  if (port > 0 && port <= MOST_PORT) return String(port);
  return refuseValue({ name: 'redirect', word, reason: `must be 1 to ${MOST_PORT}` }, report);
}

/** Where connections are relayed to; undefined after a report. */
export function redirectEntry(shaped: ShapedEntry): MapEntry | undefined {
  const [host, port] = shaped.entry.attributes.get('redirect')?.values ?? [];
  if (!host || !port) return undefined;
  const [to, at] = [hostText(host, shaped), portText(port, shaped)];
  if (to === undefined || at === undefined) return undefined;
  return entryOf('redirect', scalarNode(`${to}:${at}`, { ...host.place, end: port.place.end }));
}
