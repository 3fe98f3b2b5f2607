import type { Bus } from '../events/bus.ts';
import type { DaemonEvent } from '../events/event.ts';

/** Tells of an event of a service the first time only: every client would tell it again. */
export class ToldOnce {
  readonly #bus: Bus;
  readonly #told = new Set<string>();

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  emit(event: Extract<DaemonEvent, { readonly service: string }>): void {
    const key = `${event.type} ${event.service}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#bus.emit(event);
  }
}
