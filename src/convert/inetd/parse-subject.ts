import { quote } from '../../config/quote.ts';
import type { ParseContext } from './parse-context.ts';
import { parseHosts } from './parse-hosts.ts';
import type { Subject, Transport } from './service-entry.ts';
import { partOf, type Word } from './word.ts';

interface SubjectContext extends ParseContext {
  readonly transport: Transport;
}

const MUX = 'tcpmux/';
/** RFC 1078 gives names no form; these travel in a line of their own. */
const MUX_NAME = /^[\x21-\x7e]{1,64}$/;
const OWNED_PATH = /^:([^:]*):([^:]*):([^:]*):(\/.*)$/s;
const VERSIONS = /^[0-9]{1,9}(-[0-9]{1,9})?$/;

function refuse(word: Word, { report }: ParseContext, reason: string): undefined {
  report.add({
    code: 'inetd/service',
    at: word.place,
    message: `Cannot use ${quote(word.text)} as a service: ${reason}`,
  });
}

function parseMux(word: Word, context: SubjectContext): Subject | undefined {
  const isPlus = word.text.startsWith(`${MUX}+`);
  const name = partOf(word, MUX.length + (isPlus ? 1 : 0));
  if (!MUX_NAME.test(name.text)) return refuse(word, context, 'a name must follow "tcpmux/"');
  if (context.transport.kind !== 'tcp') return refuse(word, context, 'tcpmux has TCP only');
  return { kind: 'mux', name, isPlus };
}

/** `:user:group:mode:/path` of FreeBSD. */
function parseOwnedPath(word: Word, context: SubjectContext): Subject | undefined {
  const parts = OWNED_PATH.exec(word.text)?.slice(1);
  if (!parts) return refuse(word, context, 'must be :user:group:mode:/path');
  let start = 1;
  const [user, group, mode, path] = parts.map((text) => {
    const part = partOf(word, start, start + text.length);
    start += text.length + 1;
    return part;
  });
  const written = (part: Word | undefined): Word | undefined => (part?.text ? part : undefined);
  return {
    kind: 'path',
    path: path ?? word,
    owner: { user: written(user), group: written(group), mode: written(mode) },
  };
}

function parsePath(word: Word, context: SubjectContext): Subject | undefined {
  if (word.text.startsWith('/')) return { kind: 'path', path: word, owner: undefined };
  if (word.text.startsWith(':')) return parseOwnedPath(word, context);
  return refuse(word, context, 'a unix socket has an absolute path');
}

type Hosts = readonly Word[] | undefined;

/** `name/1-3`, behind the addresses. */
function parseRpc(word: Word, context: SubjectContext, hosts: Hosts): Subject | undefined {
  const slash = word.text.indexOf('/');
  const program = slash === -1 ? word : partOf(word, 0, slash);
  if (program.text === '') return refuse(word, context, 'the name of the program is missing');
  if (slash === -1) {
    if (!context.dialect.hasDefaultVersion)
      return refuse(word, context, 'an RPC service has a version, as in "rstatd/1-3"');
    return { kind: 'rpc', program, versions: { ...word, text: '1', isLiteral: false }, hosts };
  }
  const versions = partOf(word, slash + 1);
  const [low, high = low] = versions.text.split('-').map(Number);
  if (!VERSIONS.test(versions.text) || (low ?? 0) > (high ?? 0)) {
    return refuse(word, context, 'the versions must be a number or a range, as in "rstatd/1-3"');
  }
  return { kind: 'rpc', program, versions, hosts };
}

/** The first field; undefined after a report. */
export function parseSubject(word: Word, context: SubjectContext): Subject | undefined {
  if (context.transport.kind === 'unix') return parsePath(word, context);
  if (word.text.startsWith(MUX)) return parseMux(word, context);
  const colon = word.text.lastIndexOf(':');
  const hosts = colon === -1 ? undefined : parseHosts(partOf(word, 0, colon), context);
  if (colon !== -1 && !hosts) return undefined;
  const name = colon === -1 ? word : partOf(word, colon + 1);
  if (name.text === '') return refuse(word, context, 'the name is missing');
  return context.transport.isRpc ? parseRpc(name, context, hosts) : { kind: 'port', port: name, hosts };
}
