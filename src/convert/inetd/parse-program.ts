import { basename, dirname } from 'node:path/posix';
import { quote } from '../../config/quote.ts';
import type { ParseContext } from './parse-context.ts';
import type { HandlerProgram } from './service-entry.ts';
import { partOf, type Word } from './word.ts';

interface ProgramContext extends ParseContext {
  /** Nobody knows the client before the server does: tcpd has nobody to ask about. */
  readonly isBlind: boolean;
}

type Server = Extract<HandlerProgram, { kind: 'server' }>;

function warn(
  { report }: ParseContext,
  word: Word,
  problem: {
    readonly code: 'inetd/argv0' | 'inetd/tcpd' | 'inetd/arguments';
    readonly message: string;
    readonly help?: string;
  },
): void {
  report.add({ ...problem, at: word.place });
}

/** What is in argv[0] must be there; what was meant as an argument is not. */
function warnOfArgv0(server: Server, context: ParseContext): void {
  const { argv0, path } = server;
  const name = basename(path.text);
  if (!argv0) {
    const message = `Took ${quote(name)} for argv[0]: nothing follows the path of the server`;
    warn(context, path, {
      code: 'inetd/argv0',
      message,
      help: 'write the name of the program behind its path',
    });
  } else if (argv0.text.startsWith('-')) {
    const message = `Took ${quote(argv0.text)} for argv[0], as inetd does: the server never sees it as an option`;
    warn(context, argv0, { code: 'inetd/argv0', message, help: `write ${quote(name)} before it` });
  }
}

/** `tcpd /usr/sbin/in.fingerd fingerd -w`: the name is the first argument here. */
function warnOfRepeatedName(server: Server, context: ParseContext): void {
  const [first] = server.args;
  if (first?.text !== basename(server.path.text)) return;
  const message = `Passed ${quote(first.text)} as an argument, as tcpd does: its own argv[0] is the path`;
  warn(context, first, {
    code: 'inetd/tcpd',
    message,
    help: 'remove the name if the server is not to see it',
  });
}

/** tcpd looks for a bare name where it is itself. */
function unwrap(wrapper: Server, context: ProgramContext): Server | undefined {
  const { argv0: daemon, path, args } = wrapper;
  if (!daemon) {
    const message = 'Cannot start tcpd alone: the name of the server must follow it';
    return void context.report.add({ code: 'inetd/tcpd-alone', at: path.place, message });
  }
  const isPath = daemon.text.startsWith('/');
  const server = isPath
    ? daemon
    : { ...daemon, text: `${dirname(path.text)}/${daemon.text}`, isLiteral: false };
  const name = isPath ? partOf(daemon, daemon.text.lastIndexOf('/') + 1) : daemon;
  const unwrapped: Server = { kind: 'server', path: server, argv0: name, args, daemon: name };
  warnOfRepeatedName(unwrapped, context);
  return unwrapped;
}

function parseServer(path: Word, args: readonly Word[], context: ProgramContext): Server | undefined {
  const [argv0, ...rest] = args;
  const server: Server = { kind: 'server', path, argv0, args: rest, daemon: undefined };
  if (basename(path.text) !== 'tcpd' || !path.text.startsWith('/')) {
    warnOfArgv0(server, context);
    return server;
  }
  if (!context.isBlind) return unwrap(server, context);
  const message = 'Kept tcpd: before the server has accepted the client, zinetd cannot know who it is';
  warn(context, path, { code: 'inetd/tcpd', message, help: 'remove tcpd: it does not know either' });
  return server;
}

function warnOfArguments(args: readonly Word[], context: ParseContext): void {
  const { dialect } = context;
  const surplus = args[dialect.mostArguments];
  if (surplus) {
    const message = `Passed all ${args.length} arguments: ${dialect.name} takes the first ${dialect.mostArguments}`;
    warn(context, surplus, { code: 'inetd/arguments', message });
  }
  const comment = args.find(({ text, isLiteral }) => isLiteral && text.startsWith('#'));
  if (comment) {
    const message = `Passed ${quote(comment.text)} and what follows as arguments, as inetd does: it is no comment there`;
    warn(context, comment, {
      code: 'inetd/arguments',
      message,
      help: 'put the comment on a line of its own',
    });
  }
  const quoted = args.find(({ text, isLiteral }) => isLiteral && /^["']|["']$/.test(text));
  if (quoted && dialect.quotes === 'none') {
    const message = `Passed ${quote(quoted.text)} with its quotes: ${dialect.name} has none`;
    const help = 'freebsd, netbsd and gnu have quotes: name the dialect, or start a script';
    warn(context, quoted, { code: 'inetd/arguments', message, help });
  }
}

/** The server and its arguments; undefined after a report. */
export function parseProgram(
  { server, args }: { readonly server: Word; readonly args: readonly Word[] },
  context: ProgramContext & { readonly service: string },
): HandlerProgram | undefined {
  if (server.text === 'internal') {
    return { kind: 'builtin', name: context.service, word: server, args };
  }
  warnOfArguments(args, context);
  return parseServer(server, args, context);
}
