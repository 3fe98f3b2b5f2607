/** 127.0.0.0/8 and ::1. */
export function isLoopback(bytes: Uint8Array): boolean {
  if (bytes.length === 4) return bytes[0] === 127;
  return bytes.length === 16 && bytes.every((byte, index) => byte === (index === 15 ? 1 : 0));
}
