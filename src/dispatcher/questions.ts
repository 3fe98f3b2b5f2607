import { formatAddress, formatEndpoint } from '../model/address.ts';
import type { Decision, DecisionSubject } from '../model/decision.ts';
import type { DecidePolicy } from '../model/policy.ts';
import type { Need } from '../model/verdict.ts';
import type { ResolverClient } from '../resolver/client.ts';
import type { Deciders } from './deciders.ts';
import { Decisions } from './decisions.ts';
import type { Guest } from './guest.ts';
import { type Rules, rulesOf } from './rules.ts';

export interface QuestionsOptions {
  readonly resolver: ResolverClient;
  readonly deciders: Deciders;
  /** Monotonic. */
  nowMs(): number;
}

export interface Question {
  readonly guest: Guest;
  readonly need: Need;
  /** Called once with what is known then; never when the daemon stops first. */
  readonly answered: (guest: Guest) => void;
}

/** Whom a question is asked for: limits of the resolver's client are by source. */
export function accountOf({ source }: Guest): string {
  return source.join(' ');
}

/** Asks other processes what a verdict needs to know, while the connection waits. */
export class Questions {
  readonly #options: QuestionsOptions;
  readonly #decisions = new Decisions();
  /** Connections that wait for an answer. */
  readonly #guests = new Set<Guest>();

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  ask(rules: Rules, question: Question): void {
    this.#guests.add(question.guest);
    if (question.need === 'name') this.#askName(question);
    else if (question.need === 'ident') this.#askIdent(question);
    else this.#askDecision(rules, question);
  }

  /** How many connections wait for an answer. */
  get waiting(): number {
    return this.#guests.size;
  }

  /** Waits for no answer any more, for a stop; those who waited are the caller's. */
  close(): readonly Guest[] {
    const guests = [...this.#guests];
    this.#guests.clear();
    return guests;
  }

  #askName({ guest, answered }: Question): void {
    const { peer } = guest.arrival;
    this.#options.resolver.lookup({ address: peer.bytes, source: accountOf(guest) }, (name) => {
      if (this.#guests.delete(guest)) answered({ ...guest, name });
    });
  }

  /** Who has no address that could be asked cannot be known (datagrams, unix sockets). */
  #askIdent({ guest, answered }: Question): void {
    const { peer, local } = guest.arrival;
    const question = { source: accountOf(guest), ends: { local, peer } };
    this.#options.resolver.identify(question, (ident) => {
      if (this.#guests.delete(guest)) answered({ ...guest, ident });
    });
  }

  #askDecision(rules: Rules, question: Question): void {
    const { guest, answered } = question;
    const { policy } = rulesOf(rules, guest.connection.service).service;
    const address = formatAddress(guest.arrival.peer.bytes);
    const known = this.#decisions.get(`${policy.name} ${address}`, this.#options.nowMs());
    if (policy.decide && !known)
      this.#askDecider(policy.decide, { ...question, service: policy.name, address });
    else if (this.#guests.delete(guest)) {
      answered({ ...guest, decision: known ?? { kind: 'undecided', why: 'failed' } });
    }
  }

  #askDecider(
    decider: DecidePolicy,
    question: Question & { readonly service: string; readonly address: string },
  ): void {
    const { guest, answered, service, address } = question;
    const { peer, local } = guest.arrival;
    const subject = { service, address, port: peer.port, local: formatEndpoint(local) };
    this.#askWhoever(decider, { guest, subject }, (decision) => {
      const untilMs = this.#options.nowMs() + decider.cacheMs;
      this.#decisions.keep(`${service} ${address}`, { decision, untilMs });
      if (this.#guests.delete(guest)) answered({ ...guest, decision });
    });
  }

  #askWhoever(
    { asks, deadlineMs }: DecidePolicy,
    about: { readonly guest: Guest; readonly subject: DecisionSubject },
    decided: (decision: Decision) => void,
  ): void {
    const { guest, subject } = about;
    const { resolver, deciders } = this.#options;
    if ('socket' in asks) {
      const asking = { path: asks.socket, deadlineMs, source: accountOf(guest) };
      resolver.decide({ ...asking, subject }, decided);
    } else {
      const { service } = guest.connection;
      const { peer } = guest.arrival;
      deciders.ask({ service, variant: asks.variant, peer, subject, deadlineMs }, decided);
    }
  }
}
