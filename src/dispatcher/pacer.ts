import { type Hold, holdsOf, type ServiceFacts } from '../admission/backpressure.ts';
import type { PreparedService } from '../admission/prepared.ts';
import type { CheckName } from '../model/check-name.ts';
import type { AcceptGate } from './accept-gate.ts';
import type { Timings } from './timings.ts';
import type { World } from './world.ts';

/** Timers take no more than this; a longer wait looks again. */
const MOST_TIMER_MS = 2 ** 31 - 1;

export interface PacerOptions {
  readonly gate: AcceptGate;
  readonly world: World;
  readonly timings: Timings;
  readonly nameOf: (service: number) => string;
  /** Undefined for a service none of whose limits queues. */
  readonly queueing: (service: number) => PreparedService | undefined;
  readonly factsOf: (service: number) => ServiceFacts;
}

/**
 * Keeps the promise of the policy `queue`: a service whose limit is reached is not polled, so that the kernel's
 * backlog keeps its clients, and is polled again when the limit is not reached any more.
 */
export class Pacer {
  readonly #options: PacerOptions;
  /** The checks that hold each service, with what calls their timers off. */
  readonly #held = new Map<number, Map<CheckName, () => void>>();
  /** Services that wait for any handler to end, of whatever service. */
  readonly #waiting = new Set<number>();
  /** Since when each is held, where somebody wants to know. */
  readonly #since = new Map<number, number | undefined>();

  constructor(options: PacerOptions) {
    this.#options = options;
  }

  /** To be called when something about the service has changed: a launch, an exit, another policy. */
  look(service: number): void {
    const prepared = this.#options.queueing(service);
    if (!prepared && !this.#held.has(service)) return;
    const holds = prepared ? holdsOf(prepared, this.#options.factsOf(service)) : [];
    const wanted = new Set(holds.map(({ check }) => check));
    for (const check of this.#heldBy(service)) if (!wanted.has(check)) this.#release(service, check);
    for (const hold of holds) this.#hold(service, hold);
    if (wanted.has('max_processes')) this.#waiting.add(service);
    else this.#waiting.delete(service);
  }

  /** A handler of `service` ended: that may let others go on as well. */
  ended(service: number): void {
    this.look(service);
    for (const other of [...this.#waiting]) if (other !== service) this.look(other);
  }

  #heldBy(service: number): readonly CheckName[] {
    return [...(this.#held.get(service)?.keys() ?? [])];
  }

  #hold(service: number, { check, untilMs }: Hold): void {
    const held = this.#held.get(service) ?? new Map<CheckName, () => void>();
    this.#held.set(service, held);
    if (held.size === 0) this.#since.set(service, this.#options.timings.start());
    held.get(check)?.();
    const lookAgain = (): void => this.look(service);
    const callOff =
      untilMs === undefined
        ? () => {}
        : this.#options.world.after(Math.min(Math.ceil(untilMs), MOST_TIMER_MS), lookAgain);
    if (!held.has(check)) this.#options.gate.pause(service, `queue:${check}`);
    held.set(check, callOff);
  }

  #release(service: number, check: CheckName): void {
    const held = this.#held.get(service);
    held?.get(check)?.();
    held?.delete(check);
    this.#options.gate.resume(service, `queue:${check}`);
    if (held?.size === 0) this.#told(service);
  }

  /** Whoever waited, waited no longer than this. */
  #told(service: number): void {
    const { timings, nameOf } = this.#options;
    timings.took('hold', { service: nameOf(service), sinceMs: this.#since.get(service) });
    this.#since.delete(service);
  }
}
