import { basename } from 'node:path/posix';
import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import { identOptions } from './ident-options.ts';
import type { ParseContext } from './parse-context.ts';
import type { HandlerProgram, ServiceEntry } from './service-entry.ts';
import type { Word } from './word.ts';

type Builtin = Extract<HandlerProgram, { kind: 'builtin' }>;
type Server = Extract<HandlerProgram, { kind: 'server' }>;

/** What each inetd calls them, and we. */
const BUILTINS: ReadonlyMap<string, string> = new Map([
  ...['echo', 'discard', 'daytime', 'time', 'chargen', 'tcpmux', 'ident'].map(
    (name) => [name, name] as const,
  ),
  ['auth', 'ident'],
]);

function textEntry(key: string, word: Word): MapEntry {
  return entryOf(key, scalarNode(word.text, word.place));
}

/** `internal` may be followed by argv[0], which nobody sees; ident has options behind it. */
function warnOfWords(builtin: Builtin, { report }: ParseContext): void {
  const surplus = builtin.args.find(({ text }, index) => index > 0 || text !== builtin.name);
  if (!surplus) return;
  const message = `Ignored ${quote(surplus.text)}: a service that inetd provides itself has no arguments`;
  report.add({ code: 'inetd/ignored', at: surplus.place, message });
}

function builtinEntries(builtin: Builtin, context: ParseContext): readonly (MapEntry | undefined)[] {
  const name = BUILTINS.get(builtin.name);
  if (name === undefined) {
    const message = `Cannot provide ${quote(builtin.name)} internally: no such service`;
    const help = `these are there: ${[...BUILTINS.keys()].join(', ')}`;
    context.report.add({ code: 'inetd/unknown-builtin', at: builtin.word.place, message, help });
    return [];
  }
  const entry = entryOf('builtin', scalarNode(name, builtin.word.place));
  if (name === 'ident') return [entry, identOptions(builtin.args.slice(1), context)];
  warnOfWords(builtin, context);
  return [entry];
}

/** inetd takes the groups of the user, as login does. */
function identityEntries({ principals: { user, group } }: ServiceEntry): readonly (MapEntry | undefined)[] {
  return [
    textEntry('user', user),
    group && textEntry('group', group),
    entryOf('groups', scalarNode(true, user.place)),
  ];
}

function serverEntries({ path, argv0, args, daemon }: Server): readonly (MapEntry | undefined)[] {
  const [first] = args;
  const hosts = daemon && mapNode([textEntry('daemon', daemon)], daemon.place);
  const items = args.map(({ text, place }) => scalarNode(text, place));
  return [
    textEntry('server', path),
    argv0 ? textEntry('argv0', argv0) : entryOf('argv0', scalarNode(basename(path.text), path.place)),
    first && entryOf('server_args', listNode(items, { ...first.place, end: args.at(-1)?.place.end ?? 0 })),
    hosts && entryOf('hosts_access', hosts),
  ];
}

/** What is started, and as whom; what zinetd does itself it does as itself. */
export function programEntries(
  entry: ServiceEntry,
  context: ParseContext,
): readonly (MapEntry | undefined)[] {
  const { program } = entry;
  if (program.kind === 'builtin') return builtinEntries(program, context);
  return [...identityEntries(entry), ...serverEntries(program)];
}
