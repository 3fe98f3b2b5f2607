import { basename } from 'node:path/posix';
import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import { accessTimesEntry } from './access-times-entry.ts';
import { addressTexts } from './address-texts.ts';
import type { Word } from './entry.ts';
import { firstWord } from './first-word.ts';
import type { ShapedEntry } from './shaped-entry.ts';
import { unwrapTcpd } from './unwrap-tcpd.ts';

const LISTS = ['only_from', 'no_access'];

/** A list, which may be empty: then `only_from` is nobody. */
function listEntry(name: string, { entry, shape, report }: ShapedEntry): MapEntry | undefined {
  const attribute = entry.attributes.get(name);
  if (!attribute || (name === 'no_access' && attribute.values.length === 0)) return undefined;
  const { isIpv4 } = shape;
  const items = attribute.values.flatMap((word) =>
    addressTexts({ word, name, isIpv4, report }).map((text) => scalarNode(text, word.place)),
  );
  return entryOf(name, listNode(items, attribute.at));
}

/** Lists that nobody looks at: a sensor takes everybody, and of whom a program accepts nothing is known. */
function warnOfLists({ entry, shape, report }: ShapedEntry): void {
  const why =
    shape.kind === 'sensor'
      ? 'it is a sensor, which takes whoever comes'
      : 'its program accepts by itself, and nobody knows the clients before';
  for (const name of LISTS) {
    const attribute = entry.attributes.get(name);
    if (!attribute) continue;
    const message = `Ignored "${name}" for service ${quote(entry.name.text)}, as xinetd does: ${why}`;
    report.add({ code: 'xinetd/ignored', at: attribute.at, message });
  }
}

/** The name that rules of tcp_wrappers know the service by. */
function daemonOf({ entry, shape }: ShapedEntry): Word {
  const own = firstWord(entry, 'libwrap');
  if (own) return own;
  const { flags, kind } = shape;
  const program = flags.has('nameinargs') ? firstWord(entry, 'server_args') : firstWord(entry, 'server');
  if (kind !== 'program' || !program) return entry.name;
  return { ...program, text: basename(program.text) };
}

function asksRules({ shape: { flags, door, transport } }: ShapedEntry): boolean {
  return !flags.has('nolibwrap') && !(door === 'rpc' && transport === 'tcp');
}

/** xinetd asks them all the same, about a client without an address: whom a rule refuses that is for ALL. */
function warnOfRules(shaped: ShapedEntry): void {
  const { entry, shape, report } = shaped;
  if (shape.kind === 'sensor' || !asksRules(shaped)) return;
  const at = entry.attributes.get('libwrap')?.at ?? entry.name.place;
  const message = `Asked no rules of tcp_wrappers for service ${quote(entry.name.text)}: its program accepts by itself, and xinetd does not start it where a rule refuses ALL`;
  const help = 'remove the service if such a rule has kept it shut, or write "flags = NOLIBWRAP"';
  report.add({ code: 'xinetd/unasked-rules', at, message, help });
}

function hostsEntry(shaped: ShapedEntry): MapEntry | undefined {
  const behind = unwrapTcpd(shaped);
  if (!behind && !asksRules(shaped)) return undefined;
  // tcpd asks whatever the flags say.
  const { text, place } = behind?.daemon ?? daemonOf(shaped);
  return entryOf('hosts_access', mapNode([entryOf('daemon', scalarNode(text, place))], place));
}

/** Who is served, and when. */
export function accessEntries(shaped: ShapedEntry): readonly (MapEntry | undefined)[] {
  const { shape } = shaped;
  if (!shape.knowsPeers || shape.kind === 'sensor') {
    warnOfLists(shaped);
    warnOfRules(shaped);
    return [accessTimesEntry(shaped)];
  }
  const lists = LISTS.map((name) => listEntry(name, shaped));
  const first = lists.find((list) => list !== undefined);
  const match = first && entryOf('match', scalarNode('xinetd', first.value.place));
  return [...lists, match, hostsEntry(shaped), accessTimesEntry(shaped)];
}
