import { basename, dirname } from 'node:path/posix';
import { quote } from '../../config/quote.ts';
import type { Word } from './entry.ts';
import { firstWord } from './first-word.ts';
import type { ShapedEntry } from './shaped-entry.ts';

/** What tcpd would start, and the name under which it asks its rules. */
export interface UnwrappedServer {
  readonly path: Word;
  readonly daemon: Word;
  readonly args: readonly Word[];
}

function isTcpd(server: Word | undefined): server is Word {
  return /^\/(.*\/)?tcpd$/.test(server?.text ?? '');
}

/** tcpd looks for a bare name where it is itself. */
function unwrapped(tcpd: Word, [named, ...args]: readonly [Word, ...Word[]]): UnwrappedServer {
  const isPath = named.text.startsWith('/');
  const path = isPath ? named : { ...named, text: `${dirname(tcpd.text)}/${named.text}` };
  return { path, daemon: { ...named, text: basename(named.text) }, args };
}

/** Why tcpd has to stay; undefined where its rules can be asked before anything is started. */
function whyKept({ daemon }: UnwrappedServer, { entry, shape }: ShapedEntry): string | undefined {
  if (!shape.knowsPeers) return 'before the server has accepted the client, zinetd cannot know who it is';
  const own = firstWord(entry, 'libwrap');
  if (!own || shape.flags.has('nolibwrap') || own.text === daemon.text) return undefined;
  return `xinetd asks the rules for ${quote(own.text)} as well`;
}

/** The server behind tcpd; undefined for a service without tcpd, and where tcpd has to stay. */
export function unwrapTcpd(shaped: ShapedEntry): UnwrappedServer | undefined {
  const { entry, shape } = shaped;
  const server = firstWord(entry, 'server');
  const [first, ...rest] = entry.attributes.get('server_args')?.values ?? [];
  if (shape.kind !== 'program' || !isTcpd(server) || !shape.flags.has('nameinargs') || !first)
    return undefined;
  const found = unwrapped(server, [first, ...rest]);
  return whyKept(found, shaped) === undefined ? found : undefined;
}

/** Says what is odd about a service with tcpd. */
export function checkTcpd(shaped: ShapedEntry): void {
  const { entry, shape, report } = shaped;
  const server = firstWord(entry, 'server');
  if (shape.kind !== 'program' || !isTcpd(server)) return;
  const [first, ...rest] = entry.attributes.get('server_args')?.values ?? [];
  if (!shape.flags.has('nameinargs') || !first) {
    const message = 'Cannot start tcpd alone: without the name of a server as its own it starts itself';
    const help = 'write "flags = NAMEINARGS", and the server as the first of "server_args"';
    report.add({ code: 'xinetd/tcpd-alone', at: server.place, message, help });
    return;
  }
  const why = whyKept(unwrapped(server, [first, ...rest]), shaped);
  if (why === undefined) return;
  report.add({ code: 'xinetd/tcpd', at: server.place, message: `Kept tcpd: ${why}` });
}
