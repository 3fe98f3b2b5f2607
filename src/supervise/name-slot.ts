import { viewOf } from '../model/view-of.ts';
import { slotDigest } from './slot-digest.ts';

/** Names, as they were at one writing. */
export interface NameSlot {
  /** Grows by one with each writing. */
  readonly sequence: number;
  readonly names: readonly string[];
}

/** More services than anybody has. */
export const MOST_NAMES = 16_384;
const MOST_NAME_BYTES = 64;

/**
 * All numbers in network order: magic u64, version u16, zero u16, count u32, sequence u64, length of what follows the
 * header u32, zero u32, SHA-256 of the names and of all these; then each name as its length u8 and its bytes.
 */
const MAGIC = 0x7a69_6e6e_616d_0d0an;
const VERSION = 1;
const DIGEST_AT = 32;
export const NAME_HEADER_BYTES = 64;
/** The most that one slot can have. */
export const NAME_SLOT_BYTES: number = NAME_HEADER_BYTES + MOST_NAMES * (1 + MOST_NAME_BYTES);
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$/;

export function encodeNameSlot({ sequence, names }: NameSlot): Uint8Array {
  const text = Buffer.concat(
    names.map((name) => Buffer.concat([Buffer.of(name.length), Buffer.from(name, 'latin1')])),
  );
  const bytes = new Uint8Array(NAME_HEADER_BYTES + text.length);
  const view = viewOf(bytes);
  view.setBigUint64(0, MAGIC);
  view.setUint16(8, VERSION);
  view.setUint32(12, names.length);
  view.setBigUint64(16, BigInt(sequence));
  view.setUint32(24, text.length);
  bytes.set(text, NAME_HEADER_BYTES);
  bytes.set(slotDigest(bytes, DIGEST_AT), DIGEST_AT);
  return bytes;
}

/** How many bytes a slot has that begins with these; undefined if no slot does. */
export function nameSlotLength(header: Uint8Array): number | undefined {
  if (header.length < NAME_HEADER_BYTES) return undefined;
  const view = viewOf(header);
  const length = NAME_HEADER_BYTES + view.getUint32(24);
  const isOurs = view.getBigUint64(0) === MAGIC && view.getUint16(8) === VERSION;
  return isOurs && length <= NAME_SLOT_BYTES ? length : undefined;
}

/** Undefined if it is not exactly what was written (S115). */
export function decodeNameSlot(bytes: Uint8Array): NameSlot | undefined {
  if (nameSlotLength(bytes) !== bytes.length) return undefined;
  if (!slotDigest(bytes, DIGEST_AT).equals(bytes.subarray(DIGEST_AT, NAME_HEADER_BYTES))) return undefined;
  const view = viewOf(bytes);
  const names: string[] = [];
  for (let at = NAME_HEADER_BYTES; at < bytes.length; ) {
    const end = at + 1 + (bytes[at] ?? 0);
    const name = Buffer.from(bytes.subarray(at + 1, end)).toString('latin1');
    if (end > bytes.length || !NAME.test(name)) return undefined;
    names.push(name);
    at = end;
  }
  const sequence = Number(view.getBigUint64(16));
  return names.length === view.getUint32(12) ? { sequence, names } : undefined;
}
