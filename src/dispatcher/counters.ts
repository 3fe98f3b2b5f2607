import type { Facts } from '../admission/facts.ts';
import { nextArrival } from '../admission/gcra.ts';
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

/** Everything that admission counts. Moves only through tickets, and by charges of those who are admitted. */
export class Counters {
  readonly #ledger: Ledger = new Ledger();
  readonly #sources: SourceTable;
  /** Theoretical arrival times of whole services. */
  readonly #arrivals: number[] = [];
  readonly #writeKey: (address: Uint8Array, into: Uint32Array) => void;
  /** The source of those whose address is not known: they are not one, and count for the service alone. */
  readonly #nobody: Uint32Array;

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

  /** The source that an address counts for. */
  sourceOf(key: Uint8Array): Uint32Array {
    const isKnown = key.length !== NOBODY.bytes.length || key.some((byte) => byte !== 0);
    return isKnown ? this.#sourceKey(key) : this.#nobody;
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
    if (source === this.#nobody)
      return { sourceArrival: 0, sourceRunning: 0, sourceProcesses: 0, ...this.serviceFacts(service) };
    const slot = this.#sources.find(source, service);
    const all = this.#sources.find(source, ALL_SERVICES);
    return {
      sourceArrival: this.#sources.arrival(slot),
      sourceRunning: this.#sources.running(slot),
      sourceProcesses: this.#sources.running(all),
      ...this.serviceFacts(service),
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
    return this.#ticket(service, [
      this.#sources.reserve(slot),
      ...this.#reserveOverall(visit, { prepared, now }),
    ]);
  }

  /** Counts a handler that an earlier dispatcher admitted; its rates are forgotten. */
  adopt(visit: Visit, options: { readonly prepared: PreparedService; readonly nowMs: number }): Ticket {
    const { prepared, nowMs: now } = options;
    if (visit.source === this.#nobody) return this.#ledger.reserve(visit.service);
    const slot = this.#sources.findOrInsert(visit.source, { scope: visit.service, now });
    const overall = this.#reserveOverall(visit, { prepared, now });
    return this.#ticket(visit.service, [this.#sources.reserve(slot), ...overall]);
  }

  /** One source may have half of `max_processes`, so that it must be counted over all services. */
  #reserveOverall(
    { source }: Visit,
    { prepared, now }: { readonly prepared: PreparedService; readonly now: number },
  ): readonly SourceTicket[] {
    if (!prepared.maxProcesses) return [];
    return [this.#sources.reserve(this.#sources.findOrInsert(source, { scope: ALL_SERVICES, now }))];
  }

  #ticket(service: number, held: readonly SourceTicket[]): Ticket {
    const ticket = this.#ledger.reserve(service);
    return {
      spend: () => {
        ticket.spend();
        for (const each of held) this.#sources.release(each);
      },
    };
  }
}
