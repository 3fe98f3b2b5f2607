import { XdrWriter } from './xdr-writer.ts';

const LAST_FRAGMENT = 0x8000_0000;

/** A record as a stream carries it (RFC 5531, 11), in one fragment. */
export function encodeRecord(message: Uint8Array): Uint8Array {
  return new XdrWriter()
    .word(LAST_FRAGMENT + message.length)
    .raw(message)
    .finish();
}
