import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import type { ShapedEntry } from './shaped-entry.ts';

const BUILTINS = ['echo', 'discard', 'daytime', 'time', 'chargen', 'tcpmux'];
/** Gone since xinetd 2.3.12, and still in the files of distributions. */
const REMOVED = ['servers', 'services', 'xadmin'];

/** What zinetd gives itself, by the name of the service; undefined after a report. */
export function builtinEntry({ entry, shape, report }: ShapedEntry): MapEntry | undefined {
  const { text, place } = entry.name;
  const name = text.toLowerCase();
  const isOfStreams = name === 'tcpmux' && shape.transport === 'udp';
  if (BUILTINS.includes(name) && !isOfStreams) return entryOf('builtin', scalarNode(name, place));
  const subject = `Cannot provide ${quote(text)} internally`;
  if (REMOVED.includes(name)) {
    const help = '"zinetd status" shows what runs, on the machine itself; remove the service';
    const message = `${subject}: xinetd has had no such service since 2.3.12`;
    return void report.add({ code: 'xinetd/removed-builtin', at: place, message, help });
  }
  const help = `these are there: ${BUILTINS.join(', ')}`;
  const reason = isOfStreams ? 'it does not speak over udp' : 'no such service';
  return void report.add({
    code: 'xinetd/unknown-builtin',
    at: place,
    message: `${subject}: ${reason}`,
    help,
  });
}
