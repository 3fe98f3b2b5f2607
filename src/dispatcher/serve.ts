import { type PeerValue, planEnvironment } from '../launch/plan-environment.ts';
import type { PeerEnvSet } from '../model/peer-env.ts';
import type { Ticket } from '../supervise/ledger.ts';
import type { Arrived } from './arrived.ts';
import { type Floor, policyOf } from './floor.ts';
import type { Guest } from './guest.ts';
import { type Admission, guestOf, type Outcomes, receive } from './receive.ts';
import { reserve } from './reserve.ts';

/**
 * Whoever has reset the connection already gets no handler: a flood of resets would cost what as many handlers
 * cost, and each would be over before a limit of instances counts (S71, S72). The rates are charged all the same.
 */
function leave(floor: Floor, { connection, descriptor }: Arrived, ticket: Ticket): void {
  ticket.spend();
  descriptor.close();
  const { peer, service } = connection;
  const failure = { step: 'client_gone', code: 'ECONNRESET' };
  floor.pacer.look(service);
  floor.bus.emit({ type: 'failed', service: policyOf(floor, service).name, peer, failure });
}

/** Nothing, sent to a socket of packets, is a packet without bytes; and nobody floods from afar by unix sockets. */
function isGone(floor: Floor, { connection, descriptor }: Arrived): boolean {
  return connection.peer.family !== 'unix' && floor.farewell.isGone(descriptor);
}

/** What the client is told ahead of whatever the service says. */
function greet(
  floor: Floor,
  { connection, descriptor, greeting }: Arrived,
  { guest, admission: { text: template } }: { readonly guest: Guest; readonly admission: Admission },
): void {
  if (greeting) floor.farewell.say(descriptor, greeting);
  const service = policyOf(floor, connection.service).name;
  if (template) floor.farewell.greet(descriptor, { guest, template, service });
}

/** Nothing is worked out for a handler that is told nothing. */
function valuesFor(
  { connection, local }: Arrived,
  sets: readonly PeerEnvSet[],
): readonly PeerValue[] | undefined {
  if (sets.length === 0) return undefined;
  const isDatagram = connection.isClaimed === true;
  return planEnvironment({ peer: connection.peer, local, isDatagram, isWaiting: false }, sets);
}

/** Reservation, launch. Datagrams are told nothing, and asked nothing: that would be an answer to anybody (S65). */
function launch(
  floor: Floor,
  arrived: Arrived,
  { guest, admission }: { readonly guest: Guest; readonly admission: Admission },
): void {
  const { connection, descriptor } = arrived;
  const { ticket, severity } = reserve(floor, guest, admission);
  if (!connection.isClaimed) {
    if (isGone(floor, arrived)) {
      leave(floor, arrived, ticket);
      return;
    }
    greet(floor, arrived, { guest, admission });
  }
  floor.idents.look(floor.rules, { guest, of: 'success' });
  const { builtin, peerEnv } = policyOf(floor, connection.service);
  if (builtin) {
    if (builtin.kind === 'tcpmux') floor.mux.receive(arrived, ticket);
    else floor.talks.begin(arrived, { builtin, ticket, severity });
    floor.pacer.look(connection.service);
    return;
  }
  floor.children.launch({ connection, ticket, severity });
  const { id, service, peer } = connection;
  const values = valuesFor(arrived, peerEnv);
  floor.link.send({ type: 'launch', id, service, peer, variant: admission.variant, values }, descriptor);
  floor.pacer.look(connection.service);
  floor.onLaunch(connection.service);
}

/** From here to the launch or the refusal. Takes the descriptor, whatever comes of it. */
export function serve(floor: Floor, arrived: Arrived): void {
  const outcomes: Outcomes = {
    admitted: (guest, admission) => launch(floor, arrived, { guest, admission }),
    refused: (guest, refusal) => floor.refusals.refuse(floor.rules, { guest, refusal }),
  };
  receive(floor, guestOf(floor, arrived), outcomes);
}
