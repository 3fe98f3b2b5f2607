import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { formatAddress, parseAddress } from '../../model/address.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import type { PairContext } from './pair.ts';
import { parseWhole } from './parse-size.ts';
import type { Word } from './text.ts';
import { listOf, placeOfValue } from './unit.ts';
import { plainWords } from './words-of.ts';

/** Names of systemd.resource-control(5). */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  any: ['0.0.0.0/0', '::/0'],
  localhost: ['127.0.0.0/8', '::1/128'],
  'link-local': ['169.254.0.0/16', 'fe80::/64'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
};

interface Entry {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly place: Word['place'];
}

function masked(bytes: Uint8Array, length: number): Uint8Array {
  return bytes.map((byte, index) => byte & (0xff << Math.max(0, Math.min(8, 8 * (index + 1) - length))));
}

function parsePrefix(text: string, place: Word['place']): Entry | undefined {
  const [address = '', written, ...rest] = text.split('/');
  const bytes = parseAddress(address);
  if (!bytes || rest.length > 0) return undefined;
  const length = written === undefined ? bytes.length * 8 : parseWhole(written);
  if (length === undefined || length > bytes.length * 8) return undefined;
  return { bytes: masked(bytes, length), length, place };
}

function entriesOf(name: string, context: PairContext): readonly Entry[] {
  return listOf(context.socket, 'Socket', name)
    .flatMap(plainWords)
    .flatMap((word) => {
      const texts = (Object.hasOwn(NAMED, word.text) ? NAMED[word.text] : undefined) ?? [word.text];
      const parsed = texts.map((text) => parsePrefix(text, word.place)).filter((each) => each !== undefined);
      if (parsed.length === 0) {
        const message = `Cannot use ${quote(word.text)} for "${name}=": it is no address and no prefix`;
        context.report.add({ code: 'systemd/value', at: word.place, message });
      }
      return parsed;
    });
}

function textOf({ bytes, length }: Pick<Entry, 'bytes' | 'length'>): string {
  return `${formatAddress(bytes)}/${length}`;
}

/** Whether one of the entries takes in all of another; there may be many of either. */
function coverOf(entries: readonly Entry[]): (entry: Entry) => boolean {
  const texts = new Set(entries.map(textOf));
  const lengths = new Set(entries.map(({ bytes, length }) => 256 * bytes.length + length));
  return ({ bytes, length: most }) =>
    Array.from({ length: most + 1 }, (_, length) => length)
      .filter((length) => lengths.has(256 * bytes.length + length))
      .some((length) => texts.has(textOf({ bytes: masked(bytes, length), length })));
}

function listEntry(name: string, entries: readonly Entry[]): MapEntry | undefined {
  const [first] = entries;
  const items = new Map(entries.map((entry) => [textOf(entry), scalarNode(textOf(entry), entry.place)]));
  return first && entryOf(name, listNode([...items.values()], first.place));
}

/** All entries of a family are in another one of its. */
function everybody(place: Word['place']): readonly Entry[] {
  return (NAMED['any'] ?? []).map((text) => parsePrefix(text, place)).filter((each) => each !== undefined);
}

/** Why the lists cannot be kept here; undefined if they can. */
function obstacle({ accepts, listens }: PairContext): string | undefined {
  if (!accepts)
    return 'with "Accept=no" the program gets everybody who comes to the socket, and zinetd has no look at them';
  if (listens.some(({ kind }) => kind !== 'ip'))
    return 'the unit has sockets without addresses beside those with';
  return undefined;
}

function expressed(allowed: readonly Entry[], denied: readonly Entry[]): readonly (MapEntry | undefined)[] {
  // In systemd whoever is allowed is not denied; here the longer prefix counts, and of two equal ones the denial.
  const isAllowed = coverOf(allowed);
  const left = denied.filter((each) => !isAllowed(each));
  const [first] = left;
  if (!first) return [];
  const all = everybody(first.place);
  const isDenied = coverOf(left);
  const isClosed = all.every(isDenied);
  if (isClosed) return [listEntry('only_from', allowed) ?? entryOf('only_from', listNode([], first.place))];
  const open = allowed.filter(isDenied);
  if (open.length === 0) return [listEntry('no_access', left)];
  const whole = all.filter((each) => !isDenied(each));
  return [listEntry('only_from', [...whole, ...open]), listEntry('no_access', left)];
}

/** Who may connect: `IPAddressAllow=` and `IPAddressDeny=` of the socket. */
export function accessEntries(context: PairContext): readonly (MapEntry | undefined)[] {
  const [denial] = listOf(context.socket, 'Socket', 'IPAddressDeny');
  const allowed = entriesOf('IPAddressAllow', context);
  const denied = entriesOf('IPAddressDeny', context);
  const [grant] = listOf(context.socket, 'Socket', 'IPAddressAllow');
  if (!denial) {
    const message = 'Ignored "IPAddressAllow=", as systemd does: without "IPAddressDeny=" nobody is refused';
    if (grant) context.report.add({ code: 'systemd/ignored', at: grant.place, message });
    return [];
  }
  if (context.listens.every(({ kind }) => kind !== 'ip')) {
    const message = 'Ignored "IPAddressDeny=", as systemd does: no socket of the unit is of IP';
    context.report.add({ code: 'systemd/ignored', at: denial.place, message });
    return [];
  }
  const why = obstacle(context);
  if (why === undefined) return expressed(allowed, denied);
  const message = `Cannot keep "IPAddressDeny=": ${why}`;
  const help = 'say it in a firewall, and take it out of the unit';
  context.report.add({ code: 'systemd/not-supported', at: placeOfValue(denial), message, help });
  return [];
}
