import { wordAt } from '../model/word-at.ts';
import { ABSENT, KeySets, type KeySetsOptions, OWN_WORD, RECORD_WORDS, WAYS } from './key-sets.ts';
import { type Addition, addPenalty } from './penalty.ts';

/** Of a ban that no service caused. */
export const NO_SERVICE = 0xffff_ffff;

/** What becomes of a newcomer's penalty when its place is taken. */
export type BanOverflow = 'permissive' | 'oldest';

export interface BanTableOptions extends KeySetsOptions {
  readonly overflow: BanOverflow;
}

/** Why there is a ban; both are numbers of the caller's, `service` may be NO_SERVICE. */
export interface BanCause {
  /** 0 to 255. */
  readonly reason: number;
  readonly service: number;
}

/** A ban, or a penalty on the way to one. */
export interface Ban extends BanCause {
  readonly key: Uint32Array;
  /** Monotonic milliseconds, Infinity for ever. */
  readonly until: number;
  /** Whether the source is refused; otherwise its penalties have not reached the threshold. */
  readonly inForce: boolean;
  readonly byOperator: boolean;
  /** How many penalties and bans it was. */
  readonly count: number;
}

export interface NewBan extends BanCause {
  readonly until: number;
  readonly now: number;
  readonly byOperator: boolean;
  /** Of a ban that is restored; 1 for a new one. */
  readonly count?: number;
}

/** Slots from the one up to, and without, the other. */
export interface SlotRange {
  readonly from?: number;
  readonly to?: number;
}

/** What a penalty has led to. */
export type Penalised = 'nothing' | 'pending' | 'came_into_force' | 'in_force' | 'unrecorded';

/** What an entry weighs against another. */
const PENDING = 0;
const IN_FORCE = 1;
const BY_OPERATOR = 2;

/** Where things are in a record, in words and in doubles. */
const WEIGHT = OWN_WORD;
const RECORD_DOUBLES = RECORD_WORDS / 2;
const UNTIL = 3;
const REASON = 8;
const SERVICE = 9;
const COUNT = 10;

interface Entry {
  readonly until: number;
  readonly weight: number;
  readonly cause: BanCause;
  readonly count: number;
}

/**
 * Which sources are banned, for all services, in memory that is allocated once (S62). Sixteen slots are there for
 * each source. When all are taken by what has not expired, a newcomer is left out and counted as `unrecorded`
 * (`permissive`), or displaces the penalty that expires soonest of those that are not in force yet (`oldest`).
 * Nothing that a peer does ends the ban of another: what is in force gives way to the operator only, and what the
 * operator ordered gives way to nothing.
 *
 * Who is exempt is asked by the caller, before.
 */
export class BanTable {
  readonly #keys: KeySets;
  readonly #overflow: BanOverflow;
  readonly #words: Uint32Array;
  readonly #doubles: Float64Array;
  #swept = 0;
  #unrecorded = 0;
  #displaced = 0;

  constructor(options: BanTableOptions) {
    this.#keys = new KeySets(options);
    this.#overflow = options.overflow;
    this.#words = new Uint32Array(this.#keys.records);
    this.#doubles = new Float64Array(this.#keys.records);
  }

  get capacity(): number {
    return this.#keys.capacity;
  }

  /** Entries, with expired ones that were not swept yet. */
  get size(): number {
    return this.#keys.size;
  }

  /** Penalties and bans that found no slot. */
  get unrecorded(): number {
    return this.#unrecorded;
  }

  /** Entries that were forgotten for another before they expired. */
  get displaced(): number {
    return this.#displaced;
  }

  /** What is known against a source, if it has not expired. Changes nothing. */
  find(key: Uint32Array, now: number): Ban | undefined {
    const slot = this.#keys.find(key, 0);
    return slot === ABSENT ? undefined : this.#banAt(slot, now);
  }

  /** Adds a penalty to what the source has. */
  penalise(key: Uint32Array, offence: Addition & BanCause): Penalised {
    if (offence.addMs <= 0) return 'nothing';
    const found = this.#keys.find(key, 0);
    const before = found === ABSENT ? undefined : this.#banAt(found, offence.now);
    const { until, inForce } = addPenalty(before, offence);
    const weight = before?.byOperator ? BY_OPERATOR : Number(inForce);
    const slot = found === ABSENT ? this.#slotFor(weight, offence.now) : found;
    if (slot === ABSENT) return 'unrecorded';
    this.#write(slot, { until, weight, cause: lasting(before, offence), count: (before?.count ?? 0) + 1 });
    if (!inForce) return 'pending';
    return before?.inForce ? 'in_force' : 'came_into_force';
  }

  /**
   * Bans a source; whether there was room. The operator's word replaces what is there, shorter or longer. Any
   * other ban makes it last longer at most.
   */
  ban(key: Uint32Array, ban: NewBan): boolean {
    const found = this.#keys.find(key, 0);
    const before = found === ABSENT ? undefined : this.#banAt(found, ban.now);
    const kept = ban.byOperator ? undefined : before;
    const weight = ban.byOperator || kept?.byOperator ? BY_OPERATOR : IN_FORCE;
    const slot = found === ABSENT ? this.#slotFor(weight, ban.now) : found;
    if (slot === ABSENT) return false;
    const until = Math.max(ban.until, kept?.until ?? 0);
    this.#write(slot, {
      until,
      weight,
      cause: lasting(kept, ban),
      count: (before?.count ?? 0) + (ban.count ?? 1),
    });
    return true;
  }

  /** Forgets a source; whether there was anything to forget. */
  unban(key: Uint32Array, now: number): boolean {
    const slot = this.#keys.find(key, 0);
    if (slot === ABSENT) return false;
    const known = this.#banAt(slot, now) !== undefined;
    this.#keys.free(slot);
    return known;
  }

  /**
   * All that has not expired, in no order; or what is in some of the slots, for a large table in portions. The table
   * may change meanwhile.
   */
  *entries(now: number, { from = 0, to = this.capacity }: SlotRange = {}): Generator<Ban, void, undefined> {
    for (let slot = from; slot < Math.min(to, this.capacity); slot++) {
      const ban = this.#keys.isTaken(slot) ? this.#banAt(slot, now) : undefined;
      if (ban !== undefined) yield ban;
    }
  }

  /** How many bans there are, without the penalties that have not added up to one yet. */
  countInForce(now: number): number {
    let count = 0;
    for (let slot = 0; slot < this.capacity; slot++)
      if (!this.#isFree(slot, now) && this.#word(slot, WEIGHT) !== PENDING) count++;
    return count;
  }

  /** Frees what has expired among the next `budget` slots; how many that were. */
  sweep(now: number, budget: number): number {
    const before = this.size;
    for (let step = Math.min(budget, this.capacity); step > 0; step--) {
      if (this.#isFree(this.#swept, now)) this.#keys.free(this.#swept);
      this.#swept = (this.#swept + 1) % this.capacity;
    }
    return before - this.size;
  }

  /** A slot for the key that was sought last: a free one, or of the lightest the one that expires soonest. */
  #slotFor(weight: number, now: number): number {
    let victim = ABSENT;
    for (let slot = this.#keys.first; slot < this.#keys.first + WAYS; slot++) {
      if (this.#isFree(slot, now)) return this.#take(slot);
      if (!this.#givesWay(slot, weight)) continue;
      if (victim === ABSENT || this.#isLess(slot, victim)) victim = slot;
    }
    if (victim === ABSENT) {
      this.#unrecorded++;
      return ABSENT;
    }
    this.#displaced++;
    return this.#take(victim);
  }

  #take(slot: number): number {
    this.#keys.take(slot);
    return slot;
  }

  #isFree(slot: number, now: number): boolean {
    return !this.#keys.isTaken(slot) || this.#until(slot) <= now;
  }

  #givesWay(slot: number, weight: number): boolean {
    if (weight === BY_OPERATOR) return this.#word(slot, WEIGHT) !== BY_OPERATOR;
    return this.#overflow === 'oldest' && this.#word(slot, WEIGHT) === PENDING;
  }

  #isLess(slot: number, than: number): boolean {
    const difference = this.#word(slot, WEIGHT) - this.#word(than, WEIGHT);
    return difference === 0 ? this.#until(slot) < this.#until(than) : difference < 0;
  }

  #word(slot: number, which: number): number {
    return wordAt(this.#words, slot * RECORD_WORDS + which);
  }

  #until(slot: number): number {
    return this.#doubles[slot * RECORD_DOUBLES + UNTIL] ?? 0;
  }

  #write(slot: number, { until, weight, cause, count }: Entry): void {
    this.#doubles[slot * RECORD_DOUBLES + UNTIL] = until;
    const at = slot * RECORD_WORDS;
    this.#words[at + WEIGHT] = weight;
    this.#words[at + REASON] = cause.reason;
    this.#words[at + SERVICE] = cause.service;
    // Words wrap around; a count that stays at the top says more than one that begins again.
    this.#words[at + COUNT] = Math.min(count, 0xffff_ffff);
  }

  #banAt(slot: number, now: number): Ban | undefined {
    const until = this.#until(slot);
    if (until <= now) return undefined;
    const weight = this.#word(slot, WEIGHT);
    return {
      key: this.#keys.keyAt(slot),
      until,
      inForce: weight !== PENDING,
      byOperator: weight === BY_OPERATOR,
      reason: this.#word(slot, REASON),
      service: this.#word(slot, SERVICE),
      count: this.#word(slot, COUNT),
    };
  }
}

/** What is shown as the reason: the last one, but the operator's word before all others. */
function lasting(before: Ban | undefined, now: BanCause): BanCause {
  return before?.byOperator ? before : now;
}
