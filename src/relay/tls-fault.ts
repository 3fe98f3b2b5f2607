const OPENSSL = 'ERR_SSL_';
const MOST_CHARACTERS = 64;

/** Why a handshake failed, as one word: OpenSSL's reason in lower case, or the symbolic error of somebody else. */
export function tlsFault(error: { readonly code?: unknown }): string {
  const code = typeof error.code === 'string' ? error.code : 'unknown';
  const word = code.startsWith(OPENSSL) ? code.slice(OPENSSL.length).toLowerCase() : code;
  return word.replaceAll(/[^A-Za-z0-9_]/g, '_').slice(0, MOST_CHARACTERS);
}
