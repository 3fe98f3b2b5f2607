/** Whether an address, of 4 or 16 bytes, is that of a group: RFC 5771, RFC 4291. */
export function isMulticast(bytes: Uint8Array): boolean {
  const [first = 0] = bytes;
  return bytes.length === 4 ? first >= 224 && first < 240 : bytes.length === 16 && first === 0xff;
}
