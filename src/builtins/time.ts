/** From 1900-01-01 to 1970-01-01, both 00:00 UTC. */
const SECONDS_TO_1970 = 2_208_988_800;
const WRAP = 2 ** 32;

/** RFC 868: seconds since 1900 in 32 bits, in network order. They begin again at 2036-02-07 06:28:16 UTC (S141). */
export function timeBytes(epochMs: number): Uint8Array {
  const seconds = Math.floor(epochMs / 1000) + SECONDS_TO_1970;
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, ((seconds % WRAP) + WRAP) % WRAP);
  return bytes;
}
