import type { Bus } from '../events/bus.ts';
import { type ClientIdent, UNIDENTIFIED_REASONS } from '../model/client-ident.ts';
import { isLocalPeer } from '../model/local-peer.ts';
import type { ServicePolicy } from '../model/policy.ts';
import type { ResolverClient } from '../resolver/client.ts';
import type { Guest } from './guest.ts';
import { accountOf } from './questions.ts';
import { type Rules, rulesOf } from './rules.ts';

/** An ident server that asks who asks it would never come to an end. */
const IDENT_PORT = 113;

export interface IdentsOptions {
  readonly bus: Bus;
  readonly resolver: Pick<ResolverClient, 'identify'>;
}

/** Has records say who clients are, where a service logs `userid`. Nobody waits for it: the answer is an event. */
export class Idents {
  readonly #options: IdentsOptions;

  constructor(options: IdentsOptions) {
    this.#options = options;
  }

  /** Of one who is served, or who was refused just now. */
  look(rules: Rules, { guest, of }: { readonly guest: Guest; readonly of: 'success' | 'failure' }): void {
    const { policy } = rulesOf(rules, guest.connection.service).service;
    if (!isWanted(policy, of) || !isAskable(guest)) return;
    if (guest.ident.kind === 'pending') this.#ask(policy, guest);
    else this.#tell(policy, { guest, ident: guest.ident });
  }

  #ask(policy: ServicePolicy, guest: Guest): void {
    const { peer, local } = guest.arrival;
    const question = { source: accountOf(guest), ends: { local, peer } };
    this.#options.resolver.identify(question, (ident) => this.#tell(policy, { guest, ident }));
  }

  #tell(
    { name: service, isIdOnly: isDemanded }: ServicePolicy,
    { guest, ident }: { readonly guest: Guest; readonly ident: ClientIdent },
  ): void {
    const { peer } = guest.arrival;
    if (ident.kind === 'user') {
      const { system, user } = ident;
      this.#options.bus.emit({ type: 'identified', service, peer, system, user });
    } else {
      const why = UNIDENTIFIED_REASONS[ident.why];
      this.#options.bus.emit({ type: 'unidentified', service, peer, why, isDemanded });
    }
  }
}

/** Whoever is refused for want of an answer was asked on behalf of those who are served. */
function isWanted({ log, isIdOnly }: ServicePolicy, of: 'success' | 'failure'): boolean {
  const fields: readonly string[] = of === 'failure' && isIdOnly ? [...log.failure, ...log.success] : log[of];
  return log.destination !== undefined && fields.includes('userid');
}

/** Whoever has a connection of TCP with us, which clients of a proxy have not, and is not on the way to be asked themselves. */
function isAskable({ connection, arrival }: Guest): boolean {
  if (connection.isClaimed || connection.via) return false;
  return !isLocalPeer(arrival.peer.bytes) && arrival.local.port !== IDENT_PORT;
}
