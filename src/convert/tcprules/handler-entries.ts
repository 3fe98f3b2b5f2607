import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import type { ChainContext } from './chain-context.ts';
import type { ServerCall } from './server-call.ts';
import type { ShellWord } from './shell-word.ts';

/** Where a shell looks that has no PATH of its own, and where such programs are. */
const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/command';

/** The program by its absolute path; undefined after a report. */
function absolutePath(word: ShellWord, { set, files, report }: ChainContext): string | undefined {
  if (word.text.startsWith('/')) return word.text;
  if (word.text.includes('/')) return files.resolve(word.text, set.cwd?.text);
  const path = set.env.get('PATH')?.text ?? USUAL_PATH;
  const found = files.findProgram(word.text, path);
  if (found === undefined) {
    const message = `Cannot find the program ${quote(word.text)} in ${quote(path)}`;
    return void report.add({
      code: 'tcprules/program',
      at: word.place,
      message,
      help: 'write its absolute path',
    });
  }
  const message = `Took ${quote(found)} for ${quote(word.text)}: zinetd does not look programs up`;
  report.add({ code: 'tcprules/path', at: word.place, message, help: 'write its absolute path' });
  return found;
}

function programEntries({ program }: ServerCall, context: ChainContext): readonly (MapEntry | undefined)[] {
  const [first, ...args] = program;
  const path = first && absolutePath(first, context);
  if (!first || path === undefined) return [];
  const items = args.map(({ text, place }) => scalarNode(text, place));
  const [argument] = args;
  return [
    entryOf('server', scalarNode(path, first.place)),
    path === first.text ? undefined : entryOf('argv0', scalarNode(first.text, first.place)),
    argument && entryOf('server_args', listNode(items, argument.place)),
  ];
}

function environmentEntries(call: ServerCall, { set }: ChainContext): readonly (MapEntry | undefined)[] {
  const { place } = call.server;
  const variables = Array.from(set.env, ([name, word]) => entryOf(name, scalarNode(word.text, word.place)));
  return [
    variables.length > 0 ? entryOf('env', mapNode(variables, place)) : undefined,
    set.isClean ? undefined : entryOf('pass_env', scalarNode('ALL', place)),
    call.tellsPeer ? entryOf('peer_env', listNode([scalarNode('ucspi', place)], place)) : undefined,
  ];
}

function limitEntries({ set }: ChainContext): MapEntry | undefined {
  const rows = Array.from(set.limits, ([name, { value, at }]) => entryOf(name, scalarNode(value, at.place)));
  const [first] = rows;
  return first && entryOf('rlimits', mapNode(rows, first.value.place));
}

function textEntry(key: string, word: { text: string; place: ShellWord['place'] } | undefined) {
  return word && entryOf(key, scalarNode(word.text, word.place));
}

/** What is started for a client, and with what. Its standard error is not the connection. */
export function handlerEntries(call: ServerCall, context: ChainContext): readonly (MapEntry | undefined)[] {
  const { nice, stderr, umask, cwd, chroot } = context.set;
  return [
    ...programEntries(call, context),
    ...environmentEntries(call, context),
    entryOf('stderr', scalarNode(stderr?.kind ?? 'log', (stderr?.at ?? call.server).place)),
    limitEntries(context),
    nice && entryOf('nice', scalarNode(nice.value, nice.at.place)),
    textEntry('umask', umask),
    textEntry('cwd', cwd),
    textEntry('chroot', chroot),
  ];
}
