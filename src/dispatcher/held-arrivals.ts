import type { AcceptGate } from './accept-gate.ts';
import type { Arrived } from './arrived.ts';

/**
 * Those who are known only a while after they were accepted, and whose service takes nobody at that moment: they wait
 * here as others do in the kernel's queue. As many as were accepted before it rested, at the most.
 */
export class HeldArrivals {
  readonly #gate: Pick<AcceptGate, 'isHeld' | 'onResumed'>;
  readonly #serve: (arrived: Arrived) => void;
  readonly #byService = new Map<number, Arrived[]>();

  constructor(gate: Pick<AcceptGate, 'isHeld' | 'onResumed'>, serve: (arrived: Arrived) => void) {
    this.#gate = gate;
    this.#serve = serve;
    gate.onResumed(() => this.#look());
  }

  /** Serves at once, unless others are ahead. */
  receive(arrived: Arrived): void {
    const { service } = arrived.connection;
    const held = this.#byService.get(service) ?? [];
    this.#byService.set(service, held);
    held.push(arrived);
    this.#lookAt(service, held);
  }

  /** Gives back all who are waiting. */
  close(): readonly Arrived[] {
    const all = [...this.#byService.values()].flat();
    this.#byService.clear();
    return all;
  }

  #look(): void {
    for (const [service, held] of this.#byService) this.#lookAt(service, held);
  }

  #lookAt(service: number, held: Arrived[]): void {
    while (!this.#gate.isHeld(service)) {
      const next = held.shift();
      if (!next) break;
      this.#serve(next);
    }
    if (held.length === 0) this.#byService.delete(service);
  }
}
