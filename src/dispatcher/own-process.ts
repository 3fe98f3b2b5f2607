import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { ProcessView } from '../metrics/view.ts';

/** How often the event loop is looked at: often enough for a stall that a client would feel, and 50 wake-ups a second. */
const RESOLUTION_MS = 20;
const NS = 1e-9;

/** What a scrape tells of this process. */
export class OwnProcess {
  #loop: IntervalHistogram | undefined;

  /** Looks at the event loop from now on. */
  start(): void {
    this.#loop ??= monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#loop.enable();
  }

  stop(): void {
    this.#loop?.disable();
    this.#loop = undefined;
  }

  /** Of the time since it was read before, or since the start. */
  read(): ProcessView {
    const { user, system } = process.cpuUsage();
    return {
      loopDelay: this.#readLoop(),
      cpuSeconds: (user + system) / 1e6,
      residentBytes: process.memoryUsage.rss(),
      heapBytes: process.memoryUsage().heapUsed,
    };
  }

  /** The histogram is of the times between two looks, which are `RESOLUTION_MS` apart when nothing is late. */
  #readLoop(): ProcessView['loopDelay'] {
    const loop = this.#loop;
    if (!loop || loop.count === 0) return { p50: 0, p99: 0, max: 0 };
    const late = (ns: number): number => Math.max(0, ns * NS - RESOLUTION_MS / 1000);
    const read = { p50: late(loop.percentile(50)), p99: late(loop.percentile(99)), max: late(loop.max) };
    loop.reset();
    return read;
  }
}
