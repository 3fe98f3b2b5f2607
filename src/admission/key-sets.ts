import { InvariantError } from '../model/errors.ts';
import { wordAt } from '../model/word-at.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { KEY_WORDS } from './source-key.ts';

/** Slots of a set: all that one key can be in, and all that is ever looked through. */
export const WAYS = 16;

/** No slot. */
export const ABSENT = -1;

/** Words of a record: a cache line, so that what belongs to a key costs one access to memory, not six. */
export const RECORD_WORDS = 16;

/** The first word of a record that is not part of the key; doubles fit from its half, rounded up. */
export const OWN_WORD: number = KEY_WORDS + 1;

/** More is a slip of the pen: 4 GiB of records. */
const MAX_CAPACITY = 2 ** 26;

export interface KeySetsOptions {
  /** How many entries there is memory for; whole sets, so rounded up to the next multiple of 16. */
  readonly capacity: number;
  readonly hash: KeyedHash;
}

/**
 * The keys of a set-associative table whose memory is allocated once. A key is the four words of a source and a
 * scope, such as a service. The other words of its record belong to the owner of the table.
 *
 * `find` remembers what it looked for, so that `take` need not hash it again: first the one, then the other, with
 * no other `find` between them.
 */
export class KeySets {
  readonly capacity: number;
  /** `RECORD_WORDS` for each slot. */
  readonly records: ArrayBuffer;
  readonly #hash: KeyedHash;
  readonly #sets: number;
  /** The hash of the key in each slot, 0 for a free one; those of a set lie together. */
  readonly #tags: Uint32Array;
  readonly #words: Uint32Array;
  readonly #sought = new Uint32Array(OWN_WORD);
  #soughtTag = 0;
  #first = 0;
  #size = 0;

  constructor({ capacity, hash }: KeySetsOptions) {
    if (!Number.isSafeInteger(capacity) || capacity < 1 || capacity > MAX_CAPACITY) {
      throw new InvariantError(`Cannot make a table of ${capacity} entries`);
    }
    this.#hash = hash;
    this.#sets = Math.ceil(capacity / WAYS);
    this.capacity = this.#sets * WAYS;
    this.#tags = new Uint32Array(this.capacity);
    this.records = new ArrayBuffer(this.capacity * RECORD_WORDS * 4);
    this.#words = new Uint32Array(this.records);
  }

  /** Slots that are taken. */
  get size(): number {
    return this.#size;
  }

  /** The first slot of the set of the key that was sought last; its other slots follow. */
  get first(): number {
    return this.#first;
  }

  find(key: Uint32Array, scope: number): number {
    this.#seek(key, scope);
    const tag = this.#soughtTag;
    const end = this.#first + WAYS;
    for (let slot = this.#first; slot < end; slot++) {
      if (this.#tags[slot] === tag && this.#isSought(slot)) return slot;
    }
    return ABSENT;
  }

  /** Gives a slot of its set to the key that was sought last, with the owner's words zero. */
  take(slot: number): void {
    if (this.#tags[slot] === 0) this.#size++;
    this.#tags[slot] = this.#soughtTag;
    const at = slot * RECORD_WORDS;
    for (let word = 0; word < RECORD_WORDS; word++) this.#words[at + word] = this.#sought[word] ?? 0;
  }

  free(slot: number): void {
    if (this.#tags[slot] !== 0) this.#size--;
    this.#tags[slot] = 0;
  }

  isTaken(slot: number): boolean {
    return this.#tags[slot] !== 0;
  }

  /** A copy of the key in a slot. */
  keyAt(slot: number): Uint32Array {
    const at = slot * RECORD_WORDS;
    return this.#words.slice(at, at + KEY_WORDS);
  }

  #seek(key: Uint32Array, scope: number): void {
    for (let word = 0; word < KEY_WORDS; word++) this.#sought[word] = wordAt(key, word);
    this.#sought[KEY_WORDS] = scope;
    const hash = this.#hash(this.#sought);
    this.#soughtTag = hash === 0 ? 1 : hash;
    // By the high bits, so that any number of sets is used evenly, not only a power of two.
    this.#first = Math.floor((hash * this.#sets) / 2 ** 32) * WAYS;
  }

  #isSought(slot: number): boolean {
    const at = slot * RECORD_WORDS;
    for (let word = 0; word < OWN_WORD; word++) {
      if (this.#words[at + word] !== this.#sought[word]) return false;
    }
    return true;
  }
}
