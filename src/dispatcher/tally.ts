import type { ZinetdEvent } from '../events/event.ts';
import type { ServiceCounts } from '../events/service-state.ts';
import type { RefusalReason } from '../model/refusal-reason.ts';

type Counted = { -readonly [Key in keyof Omit<ServiceCounts, 'refusedFor'>]: number } & {
  readonly refusedFor: Partial<Record<RefusalReason, number>>;
};

const NOTHING: ServiceCounts = { started: 0, failed: 0, ended: 0, refused: 0, refusedFor: {} };

/** What has become of the clients of each service since this process began. */
export class Tally {
  readonly #counts = new Map<string, Counted>();

  /** Refusals are told together when they are many, so that they are counted where they happen. */
  refused(service: string, reason: RefusalReason): void {
    const counts = this.#of(service);
    counts.refused++;
    counts.refusedFor[reason] = (counts.refusedFor[reason] ?? 0) + 1;
  }

  /** A subscriber of the bus. */
  readonly take = (event: ZinetdEvent): void => {
    if (event.type === 'started') this.#of(event.service).started++;
    else if (event.type === 'failed') this.#of(event.service).failed++;
    else if (event.type === 'exited') this.#of(event.service).ended++;
  };

  countsOf(service: string): ServiceCounts {
    return this.#counts.get(service) ?? NOTHING;
  }

  #of(service: string): Counted {
    const known = this.#counts.get(service);
    if (known) return known;
    const counts: Counted = { ...NOTHING, refusedFor: {} };
    this.#counts.set(service, counts);
    return counts;
  }
}
