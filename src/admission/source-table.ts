import { InvariantError } from '../model/errors.ts';
import { wordAt } from '../model/word-at.ts';
import { ABSENT, KeySets, type KeySetsOptions, OWN_WORD, RECORD_WORDS, WAYS } from './key-sets.ts';

/** Which entry, and that it is still the same one: a stamp is never given twice. */
export interface SourceTicket {
  readonly slot: number;
  readonly stamp: number;
}

/** For a source that found no slot: it is served, and counts for the limits of the service only. */
const UNTRACKED: SourceTicket = { slot: ABSENT, stamp: 0 };

/** Where things are in a record, in words and in doubles. */
const RUNNING_WORD = OWN_WORD;
const RECORD_DOUBLES = RECORD_WORDS / 2;
const ARRIVAL = 3;
const STAMP = 4;

/**
 * What is known of each source of each service, in memory that is allocated once (S77): handlers that run, and
 * the theoretical arrival time of its rate limit. All times are monotonic milliseconds. Bans are elsewhere.
 *
 * Sixteen slots are there for each key; when all are taken, a newcomer gets the one that recovers soonest:
 *
 * 1. An entry that has recovered (nothing runs, its rate is as fresh as a newcomer's) says nothing any more. Such
 *    a one goes first.
 * 2. Otherwise the one whose rate recovers soonest goes, which forgives least: who owes most stays longest.
 * 3. An entry with a running handler stays, since its count must come back to zero.
 * 4. If all sixteen stay, the newcomer is not tracked, and `untracked` counts it.
 */
export class SourceTable {
  readonly #keys: KeySets;
  readonly #words: Uint32Array;
  readonly #doubles: Float64Array;
  /** The arrival, Infinity while something runs: all that eviction looks through. */
  readonly #recoversAt: Float64Array;
  #lastStamp = 0;
  #evicted = 0;
  #untracked = 0;

  constructor(options: KeySetsOptions) {
    this.#keys = new KeySets(options);
    this.#words = new Uint32Array(this.#keys.records);
    this.#doubles = new Float64Array(this.#keys.records);
    this.#recoversAt = new Float64Array(this.#keys.capacity);
  }

  get capacity(): number {
    return this.#keys.capacity;
  }

  /** Slots in use, those of recovered entries too. */
  get size(): number {
    return this.#keys.size;
  }

  /** Entries that were forgotten before they had recovered. */
  get evicted(): number {
    return this.#evicted;
  }

  /** How often a newcomer found no slot. */
  get untracked(): number {
    return this.#untracked;
  }

  /** The slot of a source, or ABSENT: it is as good as new. Changes nothing. */
  find(key: Uint32Array, scope: number): number {
    return this.#keys.find(key, scope);
  }

  /** The slot of a source, a new one if need be; ABSENT if it cannot be tracked. */
  findOrInsert(key: Uint32Array, { scope, now }: { readonly scope: number; readonly now: number }): number {
    const found = this.#keys.find(key, scope);
    return found === ABSENT ? this.#insert(now) : found;
  }

  /** Handlers of the source that run or are being launched; this and the next one are 0 for ABSENT. */
  running(slot: number): number {
    return slot === ABSENT ? 0 : wordAt(this.#words, slot * RECORD_WORDS + RUNNING_WORD);
  }

  /** The theoretical arrival time of its rate limit. */
  arrival(slot: number): number {
    return slot === ABSENT ? 0 : (this.#doubles[slot * RECORD_DOUBLES + ARRIVAL] ?? 0);
  }

  /** Charges the rate: `arrival` is what `nextArrival` gave. */
  charge(slot: number, arrival: number): void {
    if (slot === ABSENT) return;
    this.#doubles[slot * RECORD_DOUBLES + ARRIVAL] = arrival;
    this.#noteRecovery(slot);
  }

  /** Counts one more handler. The ticket is to be released exactly once. */
  reserve(slot: number): SourceTicket {
    if (slot === ABSENT) return UNTRACKED;
    this.#words[slot * RECORD_WORDS + RUNNING_WORD] = this.running(slot) + 1;
    this.#noteRecovery(slot);
    return { slot, stamp: this.#stamp(slot) };
  }

  release({ slot, stamp }: SourceTicket): void {
    if (slot === ABSENT) return;
    if (this.#stamp(slot) !== stamp || this.running(slot) === 0) {
      throw new InvariantError('Released a source that was not reserved');
    }
    this.#words[slot * RECORD_WORDS + RUNNING_WORD] = this.running(slot) - 1;
    this.#noteRecovery(slot);
  }

  #stamp(slot: number): number {
    return this.#doubles[slot * RECORD_DOUBLES + STAMP] ?? 0;
  }

  #noteRecovery(slot: number): void {
    this.#recoversAt[slot] = this.running(slot) > 0 ? Number.POSITIVE_INFINITY : this.arrival(slot);
  }

  #recovery(slot: number): number {
    return this.#recoversAt[slot] ?? 0;
  }

  /** A slot for the key that was sought last. */
  #insert(now: number): number {
    const slot = this.#victim(now);
    if (slot === ABSENT) {
      this.#untracked++;
      return ABSENT;
    }
    if (this.#recovery(slot) > now) this.#evicted++;
    this.#keys.take(slot);
    this.#doubles[slot * RECORD_DOUBLES + STAMP] = ++this.#lastStamp;
    this.#recoversAt[slot] = 0;
    return slot;
  }

  #victim(now: number): number {
    const end = this.#keys.first + WAYS;
    let soonest = this.#keys.first;
    for (let slot = soonest; slot < end; slot++) {
      if (this.#recovery(slot) <= now) return slot;
      if (this.#recovery(slot) < this.#recovery(soonest)) soonest = slot;
    }
    return this.running(soonest) === 0 ? soonest : ABSENT;
  }
}
