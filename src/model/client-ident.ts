/**
 * Why nobody knows who a client is, in xinetd's words: no one answers at port 113, no answer in time, the answer
 * was cut, the answer is none or says that there is nobody, it could not be asked at all, or too many are asked.
 */
export const UNIDENTIFIED_REASONS = {
  no_server: 'no server',
  timeout: 'timeout',
  cut: 'error while receiving response',
  bad: 'bad response',
  failed: 'system error',
  busy: 'too many questions',
} as const;

export type UnidentifiedReason = keyof typeof UNIDENTIFIED_REASONS;

/**
 * What the host of a client says of who the client is (RFC 1413): what it says is its own affair, so that both texts
 * are to be escaped wherever they are shown.
 */
export type ClientIdent =
  | { readonly kind: 'user'; readonly system: string; readonly user: string }
  | { readonly kind: 'unknown'; readonly why: UnidentifiedReason };

/** RFC 1413 has 512 octets for a user. */
export const MOST_IDENT_CHARACTERS = 512;
