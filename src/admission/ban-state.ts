import { createHash } from 'node:crypto';
import { MOST_BANS } from '../model/most-bans.ts';
import {
  BAN_HEADER_BYTES,
  type BanSlot,
  type BanSlotHeader,
  BanSlotWriter,
  type BanWrite,
  banSlotBytes,
  banSlotLength,
  decodeBanHeader,
  decodeBans,
  type SavedBan,
} from './ban-slot.ts';

/** Slots of the file, written in turns: a writing that is torn leaves the other one whole. */
const SLOTS = 2;

/**
 * From one slot to the other, whatever the capacity: nobody could cut or move the file when it changes. What is
 * between them is a hole, which takes no room on the disk.
 */
const SLOT_STRIDE = banSlotBytes(MOST_BANS);

/** What is behind this in the file is somebody else's. */
export const BAN_STATE_BYTES: number = SLOTS * SLOT_STRIDE;

/** What the file says. `damaged` are its slots that are not as they were written, to be reported either way. */
export type BanState =
  | { readonly kind: 'new' }
  | { readonly kind: 'lost'; readonly damaged: readonly number[] }
  | { readonly kind: 'kept'; readonly damaged: readonly number[]; readonly slot: BanSlot };

/** Some bytes of the file, fewer at its end; undefined if they cannot be read. */
export type ReadState = (offset: number, length: number) => Uint8Array | undefined;

/** Where the slot begins that the writing of this number goes to. */
export function banSlotOffset(sequence: number): number {
  return (sequence % SLOTS) * SLOT_STRIDE;
}

/** What makes a new file: with fewer slots than all, a later reader could not tell new from damaged. */
export function newBanState(header: Omit<BanSlotHeader, 'sequence'>): readonly BanWrite[] {
  return Array.from({ length: SLOTS }, (_, sequence) => {
    const { offset, bytes } = new BanSlotWriter({ ...header, sequence }).finish();
    return { offset: banSlotOffset(sequence) + offset, bytes };
  });
}

/** The newest slot that is intact, or nothing at all (S115). */
export function readBanState(read: ReadState): BanState {
  const found = Array.from({ length: SLOTS }, (_, index) => readSlot(read, index));
  if (found.every((bytes) => bytes?.length === 0)) return { kind: 'new' };
  const headers = found.map((bytes, index) => headerOf(bytes, index));
  const damaged = headers.flatMap((header, index) => (header === undefined ? [index] : []));
  const [first, second] = headers;
  const newest = (second?.sequence ?? -1) > (first?.sequence ?? -1) ? 1 : 0;
  const [header, bytes] = [headers[newest], found[newest]];
  if (header === undefined || bytes === undefined) return { kind: 'lost', damaged };
  return { kind: 'kept', damaged, slot: { ...header, bans: decodeBans(bytes) } };
}

function readSlot(read: ReadState, index: number): Uint8Array | undefined {
  const offset = banSlotOffset(index);
  const header = read(offset, BAN_HEADER_BYTES);
  const length = header && banSlotLength(header);
  return length === undefined ? header : read(offset, length);
}

/** Of a slot that is intact and where it belongs. */
function headerOf(bytes: Uint8Array | undefined, index: number): BanSlotHeader | undefined {
  const header = bytes && decodeBanHeader(bytes);
  return header !== undefined && header.sequence % SLOTS === index ? header : undefined;
}

/**
 * How long a ban goes on, 0 if it is over. While zinetd was down, the wall clock has gone on; but a clock that was
 * set back, or that starts in 1970 with the machine, makes no ban longer than it was.
 */
export function remainingMs(
  { expiresAtMs }: SavedBan,
  { writtenAtMs, nowMs }: { readonly writtenAtMs: number; readonly nowMs: number },
): number {
  return Math.max(0, expiresAtMs - Math.max(nowMs, writtenAtMs));
}

/** Stands for a service in the file, whose index may be another one after a restart. Never 0. */
export function serviceTag(name: string): bigint {
  const tag = createHash('sha256').update(name).digest().readBigUInt64BE(0);
  return tag === 0n ? 1n : tag;
}
