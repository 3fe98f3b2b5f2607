import type { ClientIdent } from '../model/client-ident.ts';

/** With its CR LF; what is longer is no answer (S92, S93). */
export const MOST_REPLY_BYTES = 512;

/** `port , port : USERID : system : user`, blanks as they come. */
const USERID =
  /^[ \t]*([0-9]{1,5})[ \t]*,[ \t]*([0-9]{1,5})[ \t]*:[ \t]*USERID[ \t]*:[ \t]*([^:]+):[ \t]*(.+)$/s;

const BAD: ClientIdent = { kind: 'unknown', why: 'bad' };

/**
 * The answer of an ident server (RFC 1413) without its CR LF, a character for each byte. One about other ports is
 * none; `peerPort` comes first, as it is the server's own.
 */
export function parseIdent(
  line: string,
  { peerPort, localPort }: { readonly peerPort: number; readonly localPort: number },
): ClientIdent {
  const [, first, second, system = '', user = ''] = USERID.exec(line) ?? [];
  if (Number(first) !== peerPort || Number(second) !== localPort) return BAD;
  return user.trim() === '' ? BAD : { kind: 'user', system: system.trim(), user: user.trim() };
}
