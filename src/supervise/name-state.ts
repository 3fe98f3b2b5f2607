import {
  decodeNameSlot,
  NAME_HEADER_BYTES,
  NAME_SLOT_BYTES,
  type NameSlot,
  nameSlotLength,
} from './name-slot.ts';

/** Slots, written in turns: a writing that is torn leaves the other one whole. */
const SLOTS = 2;
/** What all of it takes in a file. */
export const NAME_STATE_BYTES: number = SLOTS * NAME_SLOT_BYTES;

/** What a file says. `damaged` are the slots that are not as they were written. */
export interface NameState {
  /** The newest that is intact; undefined: there is none, which is as good as no names. */
  readonly slot: NameSlot | undefined;
  readonly damaged: readonly number[];
}

/** Some bytes from an offset on, fewer at the end of the file; undefined if they cannot be read. */
export type ReadNames = (offset: number, length: number) => Uint8Array | undefined;

/** Where the slot begins that the writing of this number goes to. */
export function nameSlotOffset(sequence: number): number {
  return (sequence % SLOTS) * NAME_SLOT_BYTES;
}

type Found = NameSlot | 'nothing' | 'damaged';

/** A file that ends before it, or has a hole there, never had it. */
function readSlot(read: ReadNames, index: number): Found {
  const offset = nameSlotOffset(index);
  const header = read(offset, NAME_HEADER_BYTES);
  if (header?.every((byte) => byte === 0)) return 'nothing';
  const length = header && nameSlotLength(header);
  const bytes = length === undefined ? undefined : read(offset, length);
  const slot = bytes && decodeNameSlot(bytes);
  return slot && slot.sequence % SLOTS === index ? slot : 'damaged';
}

/** The names that were written last. */
export function readNameState(read: ReadNames): NameState {
  const found = Array.from({ length: SLOTS }, (_, index) => readSlot(read, index));
  const slots = found.filter((each) => typeof each === 'object');
  const [newest] = slots.toSorted((one, other) => other.sequence - one.sequence);
  const damaged = found.flatMap((each, index) => (each === 'damaged' ? [index] : []));
  return { slot: newest, damaged };
}
