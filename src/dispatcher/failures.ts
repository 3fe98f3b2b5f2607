import type { Bus } from '../events/bus.ts';
import type { LaunchFailure } from '../events/launch-failure.ts';
import type { Connection } from '../model/connection.ts';
import { failureReason } from '../model/failure-reason.ts';
import type { RefusalReporter } from './refusal-reporter.ts';

export interface FailuresOptions {
  readonly bus: Bus;
  readonly reporter: Pick<RefusalReporter, 'note'>;
  /** On the monotonic clock. */
  readonly nowMs: () => number;
  readonly nameOf: (service: number) => string;
}

/** Tells of connections that were not refused, and that nobody serves. Floods of them share records, as those of refusals do (S118, B5). */
export class Failures {
  readonly #options: FailuresOptions;

  constructor(options: FailuresOptions) {
    this.#options = options;
  }

  tell({ service, peer, via }: Pick<Connection, 'service' | 'peer' | 'via'>, failure: LaunchFailure): void {
    const { bus, nameOf } = this.#options;
    const isUntold = !this.#isToldApart(failure, { service, source: peer.bytes });
    bus.emit({ type: 'failed', service: nameOf(service), peer, via, failure, isUntold });
  }

  #isToldApart(
    { step }: LaunchFailure,
    client: { readonly service: number; readonly source: Uint8Array },
  ): boolean {
    const { reporter, nowMs } = this.#options;
    const reason = failureReason(step);
    return reason === undefined || reporter.note({ ...client, reason, atMs: nowMs() });
  }
}
