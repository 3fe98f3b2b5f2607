import { basename } from 'node:path/posix';
import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import { environmentEntries } from './environment-entries.ts';
import { firstWord } from './first-word.ts';
import { identityEntries } from './identity-entries.ts';
import { rlimitsEntry } from './rlimits-entry.ts';
import type { ShapedEntry } from './shaped-entry.ts';
import { checkTcpd, type UnwrappedServer, unwrapTcpd } from './unwrap-tcpd.ts';

/** What begins and does not end a text in quotes, or the other way round. */
const QUOTE = /^["']|["']$|=["']/;

function warnOfQuotes({ entry, report }: ShapedEntry): void {
  const quoted = entry.attributes.get('server_args')?.values.find(({ text }) => QUOTE.test(text));
  if (!quoted) return;
  const message = `Passed ${quote(quoted.text)} with its quotes, as xinetd does: it has no quoting`;
  const help = 'start a script if an argument has blanks';
  report.add({ code: 'xinetd/quotes', at: quoted.place, message, help });
}

/** What tcpd would start is started without it. */
function unwrappedEntries({ path, daemon, args }: UnwrappedServer): readonly (MapEntry | undefined)[] {
  const [first] = args;
  const items = args.map(({ text, place }) => scalarNode(text, place));
  return [
    entryOf('server', scalarNode(path.text, path.place)),
    entryOf('argv0', scalarNode(daemon.text, daemon.place)),
    first && entryOf('server_args', listNode(items, first.place)),
  ];
}

function serverEntries(shaped: ShapedEntry): readonly (MapEntry | undefined)[] {
  const { entry, shape } = shaped;
  const server = firstWord(entry, 'server');
  const written = entry.attributes.get('server_args');
  const words = written?.values ?? [];
  const named = shape.flags.has('nameinargs') ? words[0] : undefined;
  const args = named ? words.slice(1) : words;
  warnOfQuotes(shaped);
  checkTcpd(shaped);
  const behind = unwrapTcpd(shaped);
  if (behind) return unwrappedEntries(behind);
  if (!server) return [];
  const argv0 = named ?? { text: basename(server.text), place: server.place };
  const items = args.map(({ text, place }) => scalarNode(text, place));
  return [
    entryOf('server', scalarNode(server.text, server.place)),
    entryOf('argv0', scalarNode(argv0.text, argv0.place)),
    written && items.length > 0 ? entryOf('server_args', listNode(items, written.at)) : undefined,
  ];
}

/** What is started, as whom, and with what. */
export function programEntries(shaped: ShapedEntry): readonly (MapEntry | undefined)[] {
  const { entry, shape } = shaped;
  const wait = firstWord(entry, 'wait');
  return [
    shape.isWaiting && wait ? entryOf('wait', scalarNode(true, wait.place)) : undefined,
    ...identityEntries(shaped),
    ...serverEntries(shaped),
    ...environmentEntries(shaped),
    rlimitsEntry(shaped),
  ];
}
