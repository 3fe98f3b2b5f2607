import type { Facts } from '../admission/facts.ts';
import { nextArrival } from '../admission/gcra.ts';
import { ABSENT } from '../admission/key-sets.ts';
import { keyedHash } from '../admission/keyed-hash.ts';
import type { PreparedService } from '../admission/prepared.ts';
import { KEY_WORDS, sourceKeyWriter } from '../admission/source-key.ts';
import { SourceTable, type SourceTicket } from '../admission/source-table.ts';
import { NOBODY } from '../model/nobody.ts';
import type { SourcesPolicy } from '../model/policy.ts';
import { Ledger, type Ticket } from '../supervise/ledger.ts';

/** The scope of a source's handlers of all services together; a service has its index. */
const ALL_SERVICES = 0xffff_ffff;

/** What of the facts is counted here. */
export type CountedFacts = Pick<
  Facts,
  'sourceArrival' | 'sourceRunning' | 'sourceProcesses' | 'serviceArrival' | 'running' | 'processes'
>;

/** A service and the source key of a peer. */
export interface Visit {
  readonly service: number;
  readonly source: Uint32Array;
}

/** What a source has reserved: with the service, and, where that counts, with all of them. */
interface Held {
  readonly own: SourceTicket;
  readonly overall: SourceTicket | undefined;
}

/** A class and no closure: there is one for every connection. */
class CountedTicket implements Ticket {
  readonly #ofService: Ticket;
  readonly #sources: SourceTable;
  readonly #own: SourceTicket;
  readonly #overall: SourceTicket | undefined;

  constructor(ofService: Ticket, { sources, own, overall }: Held & { readonly sources: SourceTable }) {
    this.#ofService = ofService;
    this.#sources = sources;
    this.#own = own;
    this.#overall = overall;
  }

  spend(): void {
    this.#ofService.spend();
    this.#sources.release(this.#own);
    if (this.#overall) this.#sources.release(this.#overall);
  }
}

/** Sources of clients that came last: whoever comes again need not be made anew, which is a good part of a verdict's work. */
const MOST_RECENT = 256;
/** Of 2 ** 32 the golden part. */
const SPREAD = 0x9e37_79b1;

function recentSlot(words: Uint32Array): number {
  let mixed = 0;
  for (let index = 0; index < KEY_WORDS; index++) mixed = Math.imul(mixed ^ (words[index] ?? 0), SPREAD);
  return (mixed >>> 24) % MOST_RECENT;
}

function isSameSource(one: Uint32Array, other: Uint32Array): boolean {
  return one[3] === other[3] && one[2] === other[2] && one[1] === other[1] && one[0] === other[0];
}

function isNobodysKey(key: Uint8Array): boolean {
  if (key.length !== NOBODY.bytes.length) return false;
  for (let index = 0; index < key.length; index++) if (key[index] !== 0) return false;
  return true;
}

/** Everything that admission counts. Moves only through tickets, and by charges of those who are admitted. */
export class Counters {
  readonly #ledger: Ledger = new Ledger();
  readonly #sources: SourceTable;
  /** Theoretical arrival times of whole services. */
  readonly #arrivals: number[] = [];
  readonly #writeKey: (address: Uint8Array, into: Uint32Array) => void;
  /** The source of those whose address is not known: they are not one, and count for the service alone. */
  readonly #nobody: Uint32Array;
  readonly #sought = new Uint32Array(KEY_WORDS);
  /** Nobody writes to a source. */
  readonly #recent: (Uint32Array | undefined)[] = new Array<Uint32Array | undefined>(MOST_RECENT).fill(
    undefined,
  );

  constructor(options: {
    readonly sources: SourcesPolicy;
    /** Of the hash, unknown to clients (S78). */
    readonly secret: Uint32Array;
  }) {
    const { sources, secret } = options;
    this.#sources = new SourceTable({ capacity: sources.capacity, hash: keyedHash(secret) });
    this.#writeKey = sourceKeyWriter({ ipv4: sources.ipv4Prefix, ipv6: sources.ipv6Prefix });
    this.#nobody = this.#sourceKey(NOBODY.bytes);
  }

  /** The source that an address counts for; nobody may write to it. */
  sourceOf(key: Uint8Array): Uint32Array {
    if (isNobodysKey(key)) return this.#nobody;
    const sought = this.#sought;
    this.#writeKey(key, sought);
    const recent = this.#recent[recentSlot(sought)];
    if (recent && isSameSource(recent, sought)) return recent;
    const source = Uint32Array.from(sought);
    this.#recent[recentSlot(sought)] = source;
    return source;
  }

  #sourceKey(key: Uint8Array): Uint32Array {
    const words = new Uint32Array(KEY_WORDS);
    this.#writeKey(key, words);
    return words;
  }

  /** Sources that could not be tracked, since their places were all taken. */
  get untracked(): number {
    return this.#sources.untracked;
  }

  /** Reserved places of all services together. */
  get processes(): number {
    return this.#ledger.total;
  }

  /** Sources of which something is known, those that have recovered too. */
  get tracked(): number {
    return this.#sources.size;
  }

  facts({ service, source }: Visit): CountedFacts {
    const isNobody = source === this.#nobody;
    const slot = isNobody ? ABSENT : this.#sources.find(source, service);
    const all = isNobody ? ABSENT : this.#sources.find(source, ALL_SERVICES);
    return {
      sourceArrival: this.#sources.arrival(slot),
      sourceRunning: this.#sources.running(slot),
      sourceProcesses: this.#sources.running(all),
      serviceArrival: this.#arrivals[service] ?? 0,
      running: this.#ledger.running(service),
      processes: this.#ledger.total,
    };
  }

  serviceFacts(service: number): Pick<CountedFacts, 'serviceArrival' | 'running' | 'processes'> {
    return {
      serviceArrival: this.#arrivals[service] ?? 0,
      running: this.#ledger.running(service),
      processes: this.#ledger.total,
    };
  }

  /** Charges one who was admitted, on every counter. */
  admit(visit: Visit, options: { readonly prepared: PreparedService; readonly nowMs: number }): Ticket {
    const { service, source } = visit;
    const { prepared, nowMs: now } = options;
    if (prepared.cps) {
      const arrival = this.#arrivals[service] ?? 0;
      this.#arrivals[service] = nextArrival(prepared.cps, { arrival, now });
    }
    if (source === this.#nobody) return this.#ledger.reserve(service);
    const slot = this.#sources.findOrInsert(source, { scope: service, now });
    if (prepared.ratePerSource) {
      const arrival = this.#sources.arrival(slot);
      this.#sources.charge(slot, nextArrival(prepared.ratePerSource, { arrival, now }));
    }
    return this.#ticket(service, {
      own: this.#sources.reserve(slot),
      overall: this.#reserveOverall(visit, options),
    });
  }

  /** Counts a handler that an earlier dispatcher admitted; its rates are forgotten. */
  adopt(visit: Visit, options: { readonly prepared: PreparedService; readonly nowMs: number }): Ticket {
    const { nowMs: now } = options;
    if (visit.source === this.#nobody) return this.#ledger.reserve(visit.service);
    const slot = this.#sources.findOrInsert(visit.source, { scope: visit.service, now });
    return this.#ticket(visit.service, {
      own: this.#sources.reserve(slot),
      overall: this.#reserveOverall(visit, options),
    });
  }

  /** One source may have half of `max_processes`, so that it must be counted over all services. */
  #reserveOverall(
    { source }: Visit,
    { prepared, nowMs: now }: { readonly prepared: PreparedService; readonly nowMs: number },
  ): SourceTicket | undefined {
    if (!prepared.maxProcesses) return undefined;
    return this.#sources.reserve(this.#sources.findOrInsert(source, { scope: ALL_SERVICES, now }));
  }

  #ticket(service: number, { own, overall }: Held): Ticket {
    return new CountedTicket(this.#ledger.reserve(service), { own, overall, sources: this.#sources });
  }
}
