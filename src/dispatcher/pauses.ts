import type { Bus } from '../events/bus.ts';
import type { Suspension } from '../events/service-state.ts';
import { REFUSAL_TEXTS, type RefusalReason } from '../model/refusal-reason.ts';
import type { AcceptGate } from './accept-gate.ts';
import type { World } from './world.ts';

/** Suspends services: nothing is accepted for a time, and the socket stays bound, so that nobody takes the port. */
export class Pauses {
  readonly #gate: AcceptGate;
  readonly #world: World;
  readonly #bus: Bus;
  readonly #suspended = new Map<number, { readonly reason: string; readonly untilMs: number }>();

  constructor(options: { readonly gate: AcceptGate; readonly world: World; readonly bus: Bus }) {
    this.#gate = options.gate;
    this.#world = options.world;
    this.#bus = options.bus;
  }

  suspend(
    service: number,
    options: { readonly name: string; readonly reason: RefusalReason; readonly forMs: number },
  ): void {
    if (this.#suspended.has(service)) return;
    const { name, forMs } = options;
    const reason = REFUSAL_TEXTS[options.reason];
    this.#suspended.set(service, { reason, untilMs: this.#world.nowMs() + forMs });
    this.#gate.pause(service, 'suspended');
    this.#bus.emit({ type: 'suspended', service: name, reason, forMs });
    this.#world.after(forMs, () => this.#resume(service, name));
  }

  /** Undefined for a service that is not suspended. */
  of(service: number): Suspension | undefined {
    const found = this.#suspended.get(service);
    return found && { reason: found.reason, forMs: Math.max(found.untilMs - this.#world.nowMs(), 0) };
  }

  #resume(service: number, name: string): void {
    this.#suspended.delete(service);
    this.#gate.resume(service, 'suspended');
    this.#bus.emit({ type: 'resumed', service: name });
  }
}
