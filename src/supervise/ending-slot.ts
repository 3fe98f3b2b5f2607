import { FORCED_ENDS, type ForcedEnd } from '../model/forced-end.ts';
import { viewOf } from '../model/view-of.ts';
import { slotDigest } from './slot-digest.ts';

/** A handler that was told to end, in terms that whoever comes after this process understands. */
export interface KeptEnding {
  readonly slot: bigint;
  readonly pid: number;
  /** Wall clock. */
  readonly startedAtMs: number;
  /** How old it may get, 0 where it was killed already. */
  readonly killAtAgeMs: number;
  readonly why: ForcedEnd;
}

/**
 * All numbers in network order: magic u64, version u16, zero u16, count u32, SHA-256 of the records and of all these;
 * then for each ending slot u64, start f64, age f64, pid u32, why u8, three zeros.
 */
const MAGIC = 0x7a69_6e65_6e64_0d0an;
const VERSION = 1;
const DIGEST_AT = 16;
export const ENDING_HEADER_BYTES = 48;
const RECORD_BYTES = 32;
/** As many as the spawner has places. */
const MOST_ENDINGS = 65_536;

export function encodeEndings(endings: readonly KeptEnding[]): Uint8Array {
  const bytes = new Uint8Array(ENDING_HEADER_BYTES + endings.length * RECORD_BYTES);
  const view = viewOf(bytes);
  view.setBigUint64(0, MAGIC);
  view.setUint16(8, VERSION);
  view.setUint32(12, endings.length);
  for (const [index, { slot, startedAtMs, killAtAgeMs, pid, why }] of endings.entries()) {
    const at = ENDING_HEADER_BYTES + index * RECORD_BYTES;
    view.setBigUint64(at, slot);
    view.setFloat64(at + 8, startedAtMs);
    view.setFloat64(at + 16, killAtAgeMs);
    view.setUint32(at + 24, pid);
    view.setUint8(at + 28, FORCED_ENDS.indexOf(why));
  }
  bytes.set(slotDigest(bytes, DIGEST_AT), DIGEST_AT);
  return bytes;
}

/** How many bytes they have that begin with these; undefined if none do. */
export function endingsLength(header: Uint8Array): number | undefined {
  if (header.length < ENDING_HEADER_BYTES) return undefined;
  const view = viewOf(header);
  const count = view.getUint32(12);
  const isOurs = view.getBigUint64(0) === MAGIC && view.getUint16(8) === VERSION && count <= MOST_ENDINGS;
  return isOurs ? ENDING_HEADER_BYTES + count * RECORD_BYTES : undefined;
}

/** Undefined if it is not exactly what was written (S115). */
export function decodeEndings(bytes: Uint8Array): readonly KeptEnding[] | undefined {
  if (endingsLength(bytes) !== bytes.length) return undefined;
  if (!slotDigest(bytes, DIGEST_AT).equals(bytes.subarray(DIGEST_AT, ENDING_HEADER_BYTES))) return undefined;
  const view = viewOf(bytes);
  const endings: KeptEnding[] = [];
  for (let at = ENDING_HEADER_BYTES; at < bytes.length; at += RECORD_BYTES) {
    const why = FORCED_ENDS[view.getUint8(at + 28)];
    if (!why) return undefined;
    const [startedAtMs, killAtAgeMs] = [view.getFloat64(at + 8), view.getFloat64(at + 16)];
    endings.push({
      slot: view.getBigUint64(at),
      startedAtMs,
      killAtAgeMs,
      pid: view.getUint32(at + 24),
      why,
    });
  }
  return endings;
}
