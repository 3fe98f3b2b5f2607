import type { Bus } from '../events/bus.ts';
import type { World } from './world.ts';

/** How often it is told of one service that datagrams are lost. */
const TELL_MS = 60_000;

/** Counts the datagrams that nobody gets, and says so once in a while: the first at once, those after it together. */
export class Losses {
  readonly #bus: Bus;
  readonly #after: World['after'];
  readonly #nameOf: (service: number) => string;
  /** Not told yet, of each service that was told of a moment ago. */
  readonly #counts = new Map<number, number>();

  constructor(options: {
    readonly bus: Bus;
    readonly after: World['after'];
    readonly nameOf: (service: number) => string;
  }) {
    this.#bus = options.bus;
    this.#after = options.after;
    this.#nameOf = options.nameOf;
  }

  add(service: number, count: number): void {
    const waiting = this.#counts.get(service);
    if (waiting === undefined) this.#tell(service, count);
    else this.#counts.set(service, waiting + count);
  }

  /** For a stop: tells of all that nothing was said of yet. */
  flush(): void {
    for (const [service, count] of this.#counts) if (count > 0) this.#emit(service, count);
    this.#counts.clear();
  }

  #emit(service: number, count: number): void {
    this.#bus.emit({ type: 'datagrams-dropped', service: this.#nameOf(service), count });
  }

  #tell(service: number, count: number): void {
    this.#emit(service, count);
    this.#counts.set(service, 0);
    this.#after(TELL_MS, () => {
      const more = this.#counts.get(service) ?? 0;
      this.#counts.delete(service);
      if (more > 0) this.#tell(service, more);
    });
  }
}
