import type { Bus } from '../events/bus.ts';
import type { Refusal, RefusalSummary } from '../logging/refusal-summary.ts';
import type { World } from './world.ts';

export interface RefusalReporterOptions {
  readonly summary: RefusalSummary;
  readonly bus: Bus;
  readonly after: World['after'];
  /** On the monotonic clock, like the refusals. */
  readonly nowMs: () => number;
  readonly nameOf: (service: number) => string;
}

/** Takes the summary of refusals when it is due, and tells it; runs no timer while nothing is refused. */
export class RefusalReporter {
  readonly #options: RefusalReporterOptions;
  #cancel: (() => void) | undefined;

  constructor(options: RefusalReporterOptions) {
    this.#options = options;
  }

  /** True if this refusal is to have an event of its own. */
  note(refusal: Refusal): boolean {
    const { summary, after } = this.#options;
    const isTold = summary.note(refusal);
    if (this.#cancel === undefined && summary.dueAtMs !== undefined)
      this.#cancel = after(summary.dueAtMs - refusal.atMs, () => this.flush());
    return isTold;
  }

  /** Tells what there is to tell: when it is due, and when zinetd stops. */
  flush(): void {
    const { summary, bus, nowMs, nameOf } = this.#options;
    this.#cancel?.();
    this.#cancel = undefined;
    for (const row of summary.flush(nowMs()))
      bus.emit({ type: 'refused-more', ...row, service: nameOf(row.service) });
  }
}
