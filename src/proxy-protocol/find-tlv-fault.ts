import { crc32c } from './crc32c.ts';
import type { HeaderFault } from './header.ts';

/** Type and length, ahead of each value. */
const HEAD_BYTES = 3;
const CRC32C = 3;
const SUM_BYTES = 4;

/** The checksum is that of the whole header with zeros where it stands itself. */
function isSumRight(header: Uint8Array, at: number): boolean {
  const blank = Uint8Array.from(header);
  blank.fill(0, at, at + SUM_BYTES);
  return new DataView(header.buffer, header.byteOffset).getUint32(at) === crc32c(blank);
}

/**
 * What is wrong with the values behind the addresses of a whole header, from `start` on. They are looked at for their
 * lengths and a checksum only, and nobody is told what they say: much of it is the client's own words (S30).
 */
export function findTlvFault(header: Uint8Array, start: number): HeaderFault | undefined {
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  for (let at = start; at < header.length; ) {
    const value = at + HEAD_BYTES;
    if (value > header.length) return 'bad_tlv';
    const length = view.getUint16(at + 1);
    if (value + length > header.length) return 'bad_tlv';
    if (view.getUint8(at) === CRC32C) {
      if (length !== SUM_BYTES) return 'bad_tlv';
      if (!isSumRight(header, value)) return 'bad_checksum';
    }
    at = value + length;
  }
  return undefined;
}
