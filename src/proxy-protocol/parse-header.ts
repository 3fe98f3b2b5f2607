import type { HeaderParse } from './header.ts';
import { malformed } from './malformed.ts';
import { parseV1 } from './parse-v1.ts';
import { MOST_V2_BYTES, parseV2 } from './parse-v2.ts';

/** No header is longer than this, of whichever version. */
export const MOST_HEADER_BYTES: number = MOST_V2_BYTES;

const VERSIONS = [
  { start: Buffer.from('PROXY '), parse: parseV1 },
  { start: Buffer.from('\r\n\r\n\0\r\nQUIT\n'), parse: parseV2 },
] as const;

function isPrefix(bytes: Uint8Array, start: Uint8Array): boolean {
  const { length } = bytes;
  return start.every((byte, index) => index >= length || byte === bytes[index]);
}

/**
 * The header of the PROXY protocol (proxy-protocol.txt of HAProxy) that a connection begins with, of either version;
 * what is wrong shows as early as it can.
 */
export function parseHeader(bytes: Uint8Array): HeaderParse {
  for (const { start, parse } of VERSIONS) {
    if (!isPrefix(bytes, start)) continue;
    return bytes.length < start.length ? { kind: 'more' } : parse(bytes);
  }
  return malformed('bad_signature');
}
