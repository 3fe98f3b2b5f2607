import type { Dialect } from './dialect.ts';
import type { Word } from './word.ts';

const VERSIONS = /^[0-9]+(-[0-9]+)?$/;
const PROGRAM = /^[0-9]+$/;

/** `NUMBER/VERSIONS` and `rpc/udp`, as everybody else writes them. */
function asUsual(
  words: readonly Word[],
  rpc: { readonly program: Word; readonly versions: Word; readonly rest: readonly Word[] },
): readonly Word[] {
  const [, socketType, protocol, wait, user, server] = words;
  if (!socketType || !protocol || !wait || !user || !server) return words;
  const place = { ...rpc.program.place, end: rpc.versions.place.end };
  const head = { text: `${rpc.program.text}/${rpc.versions.text}`, place, isLiteral: false };
  const transport = { ...protocol, text: `rpc/${protocol.text}`, isLiteral: false };
  return [head, socketType, transport, wait, user, server, ...rpc.rest];
}

/** HP-UX: `rpc dgram udp wait root SERVER NUMBER VERSIONS argv...` */
function fromHpux(words: readonly Word[]): readonly Word[] {
  const [program, versions] = words.slice(6);
  const isRpc =
    words[0]?.text === 'rpc' && PROGRAM.test(program?.text ?? '') && VERSIONS.test(versions?.text ?? '');
  return isRpc && program && versions ? asUsual(words, { program, versions, rest: words.slice(8) }) : words;
}

/** AIX: `rstatd sunrpc_udp udp wait root SERVER argv... NUMBER VERSIONS` */
function fromAix(words: readonly Word[]): readonly Word[] {
  const [program, versions] = words.slice(-2);
  const isRpc =
    words.length >= 8 && /^sunrpc_/.test(words[1]?.text ?? '') && PROGRAM.test(program?.text ?? '');
  const isWhole = isRpc && VERSIONS.test(versions?.text ?? '');
  return isWhole && program && versions
    ? asUsual(words, { program, versions, rest: words.slice(6, -2) })
    : words;
}

/** The RPC services of System V, which number the program behind the server. */
export function rewriteRpc(words: readonly Word[], dialect: Dialect): readonly Word[] {
  if (dialect.name === 'hpux') return fromHpux(words);
  return dialect.name === 'aix' ? fromAix(words) : words;
}
