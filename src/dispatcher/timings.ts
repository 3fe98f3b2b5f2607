import type { Meters } from '../metrics/meters.ts';
import type { Timed } from '../metrics/service-meter.ts';
import type { World } from './world.ts';

/** How long things take, for as long as somebody wants to know: without metrics nobody reads a clock for it. */
export class Timings {
  readonly #nowMs: World['nowMs'];
  #meters: Meters | undefined;

  constructor(world: Pick<World, 'nowMs'>) {
    this.#nowMs = world.nowMs;
  }

  /** Undefined: nobody wants to know. */
  use(meters: Meters | undefined): void {
    this.#meters = meters;
  }

  /** When something begins; undefined where nobody wants to know. */
  start(): number | undefined {
    return this.#meters && this.#nowMs();
  }

  /** What began at `sinceMs` is over. */
  took(timed: Timed, { service, sinceMs }: { service: string; sinceMs: number | undefined }): void {
    if (sinceMs !== undefined) this.#meters?.observe(service, { timed, ms: this.#nowMs() - sinceMs });
  }
}
