/** A byte of an address, or of a column of bytes; zero after the end. */
export function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
