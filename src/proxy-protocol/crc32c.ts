/** Castagnoli's polynomial, the low bit first: RFC 4960, appendix B. */
const POLYNOMIAL = 0x82f6_3b78;

function rowOf(byte: number): number {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ POLYNOMIAL;
  return value;
}

const ROWS: Readonly<Uint32Array> = Uint32Array.from({ length: 256 }, (_, byte) => rowOf(byte));

export function crc32c(bytes: Uint8Array): number {
  let value = 0xffff_ffff;
  for (const byte of bytes) value = (value >>> 8) ^ (ROWS[(value ^ byte) & 0xff] ?? 0);
  return (value ^ 0xffff_ffff) >>> 0;
}
