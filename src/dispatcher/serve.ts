import type { LaunchFailure } from '../events/launch-failure.ts';
import type { Told } from '../launch/plan-environment.ts';
import { missedDemand } from '../model/tls-demands.ts';
import type { TlsPolicy } from '../model/tls-policy.ts';
import type { Refusal } from '../model/verdict.ts';
import type { TlsFacts } from '../relay/tls-facts.ts';
import type { Ticket } from '../supervise/ledger.ts';
import type { Arrived } from './arrived.ts';
import { bannerAfter, bannerAhead } from './banner-of.ts';
import { chosenService } from './chosen-service.ts';
import { clientOf } from './client-of.ts';
import { decideByCertificate } from './decide.ts';
import { type Floor, policyOf } from './floor.ts';
import type { Guest } from './guest.ts';
import { type Admission, guestOf, type Outcomes, receive } from './receive.ts';
import { reserve } from './reserve.ts';
import { rulesOf } from './rules.ts';
import type { TellEnd } from './teller.ts';

/** One who was admitted, and has a place. */
interface Admitted {
  readonly guest: Guest;
  readonly admission: Admission;
  readonly ticket: Ticket;
  readonly severity: string | undefined;
}

const CODES: Readonly<Record<Exclude<TellEnd, 'told'>, string | undefined>> = {
  client_gone: 'ECONNRESET',
  banner_timeout: 'ETIMEDOUT',
  banner_busy: undefined,
  stopping: undefined,
};

/** A reload came after its handshake, by which the service asks clients for more than that did: let it come again. */
const RELOADED: LaunchFailure = { step: 'tls', code: 'reloaded' };

/** Why a connection ends here, and the place that it had. */
interface Leaving {
  readonly failure: LaunchFailure;
  readonly ticket?: Ticket;
}

/** A connection that ends here, in one record; its descriptor is somebody else's, or closed. */
function forgo(floor: Floor, { connection }: Arrived, { failure, ticket }: Leaving): void {
  ticket?.spend();
  if (ticket) floor.pacer.ended(connection.service);
  floor.failures.tell(connection, failure);
}

function leave(floor: Floor, arrived: Arrived, leaving: Leaving): void {
  arrived.descriptor.close();
  forgo(floor, arrived, leaving);
}

/** Nothing, sent to a socket of packets, is a packet without bytes; and nobody floods from afar by unix sockets. */
function isGone(floor: Floor, { connection: { peer, via }, descriptor }: Arrived): boolean {
  return (via ?? peer).family !== 'unix' && floor.farewell.isGone(descriptor);
}

/** What the client is told ahead of whatever the service says. */
function greet(
  floor: Floor,
  { connection, descriptor, greeting, isTold }: Arrived,
  { guest, admission: { text: template } }: Admitted,
): void {
  if (isTold) return;
  if (greeting) floor.farewell.say(descriptor, greeting);
  const service = policyOf(floor, connection.service).name;
  if (template) floor.farewell.greet(descriptor, { guest, template, service });
}

/** What its handler is told of it. */
function toldOf(floor: Floor, arrived: Arrived, source: Guest['source']): Told | undefined {
  const { service } = arrived.connection;
  const { plan } = rulesOf(floor.rules, service);
  // As a rule it is told nothing, and nothing is worked out for it.
  if (!plan.tellsAnything) return undefined;
  const { binding, destinations, counters } = floor;
  const ofSource = (): number => counters.facts({ service, source }).sourceRunning;
  return { client: clientOf(arrived, { binding, destinations, plan, ofSource }), plan };
}

/** To a handler of its own. */
function launchHandler(
  floor: Floor,
  arrived: Arrived,
  { guest, admission, ticket, severity }: Admitted,
): void {
  const { connection, descriptor } = arrived;
  const { id, service, peer } = connection;
  const told = toldOf(floor, arrived, guest.source);
  floor.children.launch({ connection, ticket, severity, sinceMs: floor.timings.start() });
  floor.link.send({ type: 'launch', id, service, peer, variant: admission.variant, told }, descriptor);
  floor.onLaunch(service);
}

/** To a handler that lives on. */
function giveToWorker(floor: Floor, arrived: Arrived, { guest, ticket, severity }: Admitted): void {
  const { connection, descriptor } = arrived;
  const told = toldOf(floor, arrived, guest.source);
  floor.pools.begin({ connection, descriptor, ticket, severity, told, sinceMs: floor.timings.start() });
}

/** To whoever serves the connection; takes the descriptor. */
function launch(floor: Floor, arrived: Arrived, admitted: Admitted): void {
  const { guest, ticket, severity } = admitted;
  const { connection } = arrived;
  floor.idents.look(floor.rules, { guest, of: 'success' });
  const { builtin, redirect, pool, life } = policyOf(floor, connection.service);
  if (builtin?.kind === 'tcpmux') floor.mux.receive(arrived, ticket);
  else if (builtin) floor.talks.begin(arrived, { builtin, idleMs: life.idleMs, ticket, severity });
  else if (redirect) floor.relays.begin(arrived, { redirect, ticket, severity });
  else if (pool) giveToWorker(floor, arrived, admitted);
  else launchHandler(floor, arrived, admitted);
  floor.pacer.look(connection.service);
}

/** The handler says nothing before the banner is out. A reload meanwhile may have other rules, so that all is asked anew. */
function launchAfter(
  floor: Floor,
  arrived: Arrived,
  { banner, admitted }: { readonly banner: Uint8Array; readonly admitted: Admitted },
): void {
  const { descriptor, connection } = arrived;
  const { rules } = floor;
  const { ticket, guest } = admitted;
  floor.teller.tell({ descriptor, bytes: banner, source: guest.source }, (end) => {
    if (end !== 'told') leave(floor, arrived, { failure: { step: end, code: CODES[end] }, ticket });
    else if (floor.rules === rules) launch(floor, arrived, admitted);
    else decideAgain(floor, { ...arrived, isTold: true }, admitted);
  });
  floor.pacer.look(connection.service);
}

/** Hears what the client is told ahead of its handler, and then from that. */
function welcome(floor: Floor, arrived: Arrived, admitted: Admitted): void {
  if (!arrived.connection.isClaimed) greet(floor, arrived, admitted);
  const banner = bannerAfter(floor, arrived);
  if (banner) launchAfter(floor, arrived, { banner, admitted });
  else launch(floor, arrived, admitted);
}

/** Nobody is told anything, and nothing is launched, before it is certain that it is one of `clients`. */
function identify(floor: Floor, arrived: Arrived, admitted: Admitted): void {
  const { guest, admission, ticket } = admitted;
  const verdict = decideByCertificate(guest, floor);
  if (verdict.kind !== 'refused') {
    welcome(floor, arrived, admitted);
    return;
  }
  const refusal = { ...verdict, trace: [...admission.trace, ...verdict.trace] };
  ticket.spend();
  floor.refusals.refuse(floor.rules, { guest, refusal });
  floor.pacer.ended(arrived.connection.service);
}

/** From here on as if it had come to that service itself: its access lists, limits and times, and its name in the log (S52). */
function serveChosen(
  floor: Floor,
  arrived: Arrived,
  { target, ticket }: { readonly target: number; readonly ticket: Ticket },
): void {
  const { connection } = arrived;
  ticket.spend();
  floor.pacer.ended(connection.service);
  serve(floor, { ...arrived, connection: { ...connection, service: target } });
}

/** TLS comes first; whoever serves the client has a socket pair. A reload meanwhile may have other rules. */
function secure(
  floor: Floor,
  arrived: Arrived,
  { tls, admitted }: { readonly tls: TlsPolicy; readonly admitted: Admitted },
): void {
  const { rules } = floor;
  const { connection, descriptor } = arrived;
  const { service } = connection;
  const { ticket, guest } = admitted;
  const targetOf = ({ serverName }: TlsFacts): number => chosenService(floor, { service, serverName });
  const idleMs = (facts: TlsFacts): number | undefined => policyOf(floor, targetOf(facts)).life.idleMs;
  const client = { descriptor, service, source: guest.source, policy: tls, idleMs };
  floor.handshakes.begin(client, (secured) => {
    if (secured.kind === 'stopping') {
      forgo(floor, arrived, { failure: { step: 'stopping', code: undefined }, ticket });
    } else if (secured.kind === 'failed') {
      forgo(floor, arrived, { failure: { step: 'tls', code: secured.code }, ticket });
    } else {
      const { descriptor, facts } = secured;
      const secret = { ...arrived, descriptor, tls: facts, asked: tls };
      const known = { ...admitted, guest: { ...guest, descriptor, certificate: facts.certificate } };
      const target = targetOf(facts);
      if (target !== service) serveChosen(floor, secret, { target, ticket });
      else if (floor.rules === rules) identify(floor, secret, known);
      else decideAgain(floor, secret, known);
    }
  });
  floor.pacer.look(service);
}

/**
 * Whoever has reset the connection already gets no handler: a flood of resets would cost what as many handlers cost,
 * and each would be over before a limit of instances counts (S71, S72). The rates are charged all the same.
 */
function lapseOf(floor: Floor, arrived: Arrived): Arrived['lapse'] {
  return arrived.lapse ?? (isGone(floor, arrived) ? 'client_gone' : undefined);
}

/** Reservation, launch. Datagrams are told nothing, and asked nothing: that would be an answer to anybody (S65). */
function accept(
  floor: Floor,
  arrived: Arrived,
  { guest, admission }: { readonly guest: Guest; readonly admission: Admission },
): void {
  const { ticket, severity } = reserve(floor, guest, admission);
  const admitted = { guest, admission, ticket, severity };
  if (!arrived.connection.isClaimed) {
    const lapse = lapseOf(floor, arrived);
    if (lapse) {
      leave(floor, arrived, { failure: { step: lapse, code: CODES[lapse] }, ticket: admitted.ticket });
      return;
    }
  }
  const { tls } = policyOf(floor, arrived.connection.service);
  if (tls && !arrived.tls) secure(floor, arrived, { tls, admitted });
  else if (tls && arrived.asked && missedDemand(arrived.asked, tls))
    leave(floor, arrived, { failure: RELOADED, ticket: admitted.ticket });
  else welcome(floor, arrived, admitted);
}

/** What becomes of one who has come. */
class Visit implements Outcomes {
  readonly #floor: Floor;
  readonly #arrived: Arrived;

  constructor(floor: Floor, arrived: Arrived) {
    this.#floor = floor;
    this.#arrived = arrived;
  }

  admitted(guest: Guest, admission: Admission): void {
    accept(this.#floor, this.#arrived, { guest, admission });
  }

  refused(guest: Guest, refusal: Refusal): void {
    this.#floor.refusals.refuse(this.#floor.rules, { guest, refusal });
  }
}

/** From the verdict to the launch or the refusal. */
function decideOn(floor: Floor, arrived: Arrived, guest: Guest): void {
  receive(floor, guest, new Visit(floor, arrived));
}

/** The rules are others than those that it was admitted by. */
function decideAgain(floor: Floor, arrived: Arrived, { guest, ticket }: Admitted): void {
  ticket.spend();
  decideOn(floor, arrived, { ...guest, descriptor: arrived.descriptor });
  floor.pacer.ended(arrived.connection.service);
}

/** From here to the launch or the refusal. Takes the descriptor, whatever comes of it. */
export function serve(floor: Floor, arrived: Arrived): void {
  const guest = guestOf(floor, arrived);
  const banner = bannerAhead(floor, arrived);
  if (!banner) {
    decideOn(floor, arrived, guest);
    return;
  }
  const { descriptor } = arrived;
  floor.teller.tell({ descriptor, bytes: banner, source: guest.source }, (end) => {
    if (end === 'told') decideOn(floor, arrived, guest);
    else if (end === 'client_gone' || end === 'banner_busy')
      decideOn(floor, { ...arrived, lapse: end }, guest);
    else leave(floor, arrived, { failure: { step: end, code: CODES[end] } });
  });
}
