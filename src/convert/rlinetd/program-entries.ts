import { basename, dirname } from 'node:path/posix';
import { quote } from '../../config/quote.ts';
import type { Place } from '../../config/source.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import type { Directive } from './directive.ts';
import { execWords } from './exec-words.ts';
import {
  actionOf,
  firstOf,
  refuseAction,
  remark,
  type ShapedService,
  warnOfLoss,
} from './service-context.ts';
import type { TextPiece } from './text-pieces.ts';

/** What is started. */
interface Program {
  readonly server: Pick<TextPiece, 'text' | 'place'>;
  /** Where it is not the path. */
  readonly argv0: Pick<TextPiece, 'text' | 'place'> | undefined;
  readonly args: readonly TextPiece[];
  /** What rules of tcp_wrappers know it by, where tcpd was to ask them. */
  readonly daemon: Pick<TextPiece, 'text' | 'place'> | undefined;
}

/** A blank in the middle is none to whoever wrote it. */
function warnOfPieces(exec: Directive, words: readonly TextPiece[], { report }: ShapedService): void {
  const odd = words.find(
    ({ isSpecial, place }, index) => isSpecial && words[index - 1]?.place.end === place.start,
  );
  if (odd) {
    const message = `Passed ${quote(odd.text)} as an argument of its own, as rlinetd does`;
    const help = 'a backslash and "%%" begin another argument there: start a script if that is not meant';
    report.add({ code: 'rlinetd/arguments', at: odd.place, message, help });
  }
  const quoted = words.find(({ text }) => text.includes("'"));
  if (quoted) {
    const message = `Passed ${quote(quoted.text)} with its quotes, as rlinetd does: it has no quoting`;
    const help = 'start a script if an argument has blanks';
    report.add({ code: 'rlinetd/arguments', at: quoted.place ?? exec.name.place, message, help });
  }
}

/** The words of `exec`; undefined after a report. */
function wordsOf(exec: Directive, shaped: ShapedService): readonly TextPiece[] | undefined {
  const [command] = exec.values;
  const words = command ? execWords(command) : [];
  const modifier = words.find(({ kind }) => kind === 'modifier');
  if (modifier) {
    const why = `it passes "%${modifier.text}", and zinetd changes no argument`;
    const help = 'let a script do it, with "peer_env: [cgi]", from REMOTE_ADDR and REMOTE_PORT';
    return refuseAction(shaped, { ...exec, name: { ...exec.name, place: modifier.place } }, { why, help });
  }
  warnOfPieces(exec, words, shaped);
  if (words.length > 0) return words;
  return refuseAction(shaped, exec, { why: 'it names no program' });
}

/** tcpd takes what it is to start from argv[0], and looks for a bare name where it is itself. */
function unwrap(
  wrapper: Pick<TextPiece, 'text' | 'place'>,
  words: readonly TextPiece[],
): Program | undefined {
  const [first, ...args] = words;
  if (!first) return undefined;
  const name = { text: basename(first.text), place: first.place };
  const path = first.text.startsWith('/') ? first.text : `${dirname(wrapper.text)}/${first.text}`;
  return { server: { text: path, place: first.place }, argv0: name, args, daemon: name };
}

/** rlinetd asks by the name of "tcpd", and tcpd by that of the program: zinetd asks once. */
function warnOfSecondName({ place }: Pick<TextPiece, 'place'>, shaped: ShapedService): void {
  if (!actionOf(shaped.service, 'tcpd')) return;
  const why = 'tcpd would ask them once more, by the name of the program';
  const did = 'Asked rules of tcp_wrappers by the name of "tcpd" alone for';
  remark(shaped, { code: 'rlinetd/tcpd', at: place, did, why, help: 'write one rule for both names' });
}

function programOf(exec: Directive, shaped: ShapedService): Program | undefined {
  const words = wordsOf(exec, shaped);
  const [first, ...args] = words ?? [];
  if (!words || !first) return undefined;
  const server = firstOf(shaped.service, 'server');
  if (!server) return { server: first, argv0: undefined, args, daemon: undefined };
  const isWrapped = basename(server.text) === 'tcpd';
  const isBlind = shaped.shape.isWaiting && shaped.shape.transport === 'tcp';
  if (isWrapped && !isBlind) {
    warnOfSecondName(server, shaped);
    return unwrap(server, words);
  }
  if (isWrapped) {
    const why = 'before its program has accepted the client, zinetd cannot know who it is';
    remark(shaped, { code: 'rlinetd/tcpd', at: server.place, did: 'Kept tcpd for', why });
  }
  return { server, argv0: first, args, daemon: undefined };
}

function listOf(pieces: readonly TextPiece[], at: Place): MapEntry | undefined {
  const items = pieces.map(({ text, place }) => scalarNode(text, place));
  return items.length === 0 ? undefined : entryOf('server_args', listNode(items, at));
}

/** What the client is to be sent ahead of the program; a file of it, where there is one. */
function warnOfTexts(shaped: ShapedService): void {
  const echo = actionOf(shaped.service, 'echo');
  const why = 'zinetd sends no text of the configuration ahead of a program';
  const help = 'write it to a file, and name that in "banner_success"';
  if (echo) warnOfLoss(shaped, echo, { why, help });
}

/** What is started; the first entry is missing after a report. */
export function serverEntries(shaped: ShapedService): readonly (MapEntry | undefined)[] {
  const exec = actionOf(shaped.service, 'exec');
  const program = exec && programOf(exec, shaped);
  if (!program) return [];
  warnOfTexts(shaped);
  const { server, argv0, args, daemon } = program;
  const hosts = daemon && mapNode([entryOf('daemon', scalarNode(daemon.text, daemon.place))], daemon.place);
  const wait = firstOf(shaped.service, 'wait') ?? firstOf(shaped.service, 'protocol') ?? shaped.service.name;
  return [
    shaped.shape.isWaiting ? entryOf('wait', scalarNode(true, wait.place)) : undefined,
    entryOf('server', scalarNode(server.text, server.place)),
    argv0 && entryOf('argv0', scalarNode(argv0.text, argv0.place)),
    listOf(args, exec.values[0]?.place ?? exec.place),
    // rlinetd hands on what it was started with itself.
    entryOf('pass_env', scalarNode('ALL', exec.name.place)),
    hosts && entryOf('hosts_access', hosts),
  ];
}
