/** What a client of tcpmux asks for (RFC 1078). */
export type MuxRequest =
  | { readonly kind: 'help' }
  /** In lower case: names are compared without case. */
  | { readonly kind: 'service'; readonly name: string };

const LF = 0x0a;
const HELP = 'help';

/** With its end. RFC 1078 has no limit; no name that a configuration can have comes near it. */
export const MOST_LINE_BYTES = 256;

/** How many of these bytes belong to the line: up to its end, and no byte past it (S17). */
export function lineBytes(bytes: Uint8Array): { readonly length: number; readonly isWhole: boolean } {
  const end = bytes.indexOf(LF);
  return end < 0 ? { length: bytes.length, isWhole: false } : { length: end + 1, isWhole: true };
}

/** The request in a whole line. CRLF ends it, or LF alone, as in the inetd of FreeBSD. */
export function parseMuxRequest(line: Uint8Array): MuxRequest {
  const text = Buffer.from(line)
    .toString('latin1')
    .replace(/\r?\n$/, '')
    .toLowerCase();
  return text === HELP ? { kind: 'help' } : { kind: 'service', name: text };
}
