import { consequenceOf } from '../admission/consequence.ts';
import type { Bus } from '../events/bus.ts';
import { isAnswerable } from '../model/is-answerable.ts';
import type { ServicePolicy } from '../model/policy.ts';
import type { Refusal } from '../model/verdict.ts';
import type { Bans } from './bans.ts';
import type { Farewell } from './farewell.ts';
import type { Guest } from './guest.ts';
import type { Idents } from './idents.ts';
import type { Pauses } from './pauses.ts';
import type { RefusalReporter } from './refusal-reporter.ts';
import { type Rules, rulesOf } from './rules.ts';
import type { Tally } from './tally.ts';

export interface RefusalsOptions {
  readonly bus: Bus;
  readonly bans: Bans;
  readonly pauses: Pauses;
  readonly farewell: Farewell;
  readonly idents: Pick<Idents, 'look'>;
  /** Keeps a flood of refusals from becoming a flood of events. */
  readonly reporter: RefusalReporter;
  readonly tally: Tally;
  readonly nowMs: () => number;
}

/** What becomes of a refused connection, and of whoever made it. */
export class Refusals {
  readonly #options: RefusalsOptions;

  constructor(options: RefusalsOptions) {
    this.#options = options;
  }

  refuse(rules: Rules, { guest, refusal }: { readonly guest: Guest; readonly refusal: Refusal }): void {
    const { bus, farewell, reporter, tally } = this.#options;
    const { connection } = guest;
    const { policy: service } = rulesOf(rules, connection.service).service;
    tally.refused(service.name, refusal.reason);
    // Ahead of the handshake there is nobody to tell in clear.
    const isSilent = service.tls !== undefined && guest.certificate.kind === 'unseen';
    farewell.refuse(guest, { service: service.name, refusal, banner: service.banners?.fail, isSilent });
    const { peer, via, service: index } = connection;
    const { reason } = refusal;
    const note = { service: index, reason, source: peer.bytes, atMs: this.#options.nowMs() };
    if (reporter.note(note)) {
      bus.emit({ type: 'refused', service: service.name, peer, via, verdict: refusal });
      this.#options.idents.look(rules, { guest, of: 'failure' });
    }
    this.#follow(service, { guest, refusal });
  }

  #follow(
    service: ServicePolicy,
    { guest, refusal }: { readonly guest: Guest; readonly refusal: Refusal },
  ): void {
    const { bans, pauses } = this.#options;
    const { connection, source } = guest;
    const { banMs, outcome, suspendMs } = consequenceOf(service, refusal);
    const isProven = isAnswerable(connection);
    const offender = { service, index: connection.service, peer: connection.peer, source };
    if (isProven && banMs !== undefined) bans.ban(offender, banMs);
    if (isProven && outcome !== undefined) bans.penalise(offender, outcome);
    if (suspendMs !== undefined) {
      pauses.suspend(connection.service, { name: service.name, reason: refusal.reason, forMs: suspendMs });
    }
  }
}
