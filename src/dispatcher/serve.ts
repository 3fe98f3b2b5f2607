import type { DecisionFact, NameFact } from '../admission/facts.ts';
import type { Bus } from '../events/bus.ts';
import type { SpawnerLink } from '../launch/spawner-link.ts';
import { addressKey, type Endpoint } from '../model/address.ts';
import { assertNever } from '../model/assert-never.ts';
import type { Connection } from '../model/connection.ts';
import type { ServicePolicy } from '../model/policy.ts';
import type { Need, Verdict } from '../model/verdict.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { ChildTable } from '../supervise/child-table.ts';
import type { Ticket } from '../supervise/ledger.ts';
import type { Bans } from './bans.ts';
import type { Counters } from './counters.ts';
import { decide } from './decide.ts';
import type { Farewell } from './farewell.ts';
import type { Guest } from './guest.ts';
import type { Pacer } from './pacer.ts';
import type { Questions } from './questions.ts';
import type { Refusals } from './refusals.ts';
import { type Rules, rulesOf } from './rules.ts';
import type { SourceAlarm } from './source-alarm.ts';
import type { World } from './world.ts';

/** What one connection meets on its way; shared by all of them. */
export interface Floor {
  /** Replaced by a reload. */
  rules: Rules;
  readonly counters: Counters;
  readonly alarm: SourceAlarm;
  readonly bans: Bans;
  readonly children: ChildTable;
  readonly link: SpawnerLink;
  readonly bus: Bus;
  readonly world: World;
  readonly questions: Questions;
  readonly refusals: Refusals;
  readonly farewell: Farewell;
  readonly pacer: Pacer;
  /** A launch of this service is under way. */
  onLaunch(service: number): void;
  /** Lets go of every connection that has no handler yet, for a stop. */
  close(): void;
  /** Keeps what outlasts this process, then calls back. */
  keep(done: () => void): void;
}

export function policyOf(floor: Floor, service: number): ServicePolicy {
  return rulesOf(floor.rules, service).service.policy;
}

const NAME_PENDING: NameFact = { kind: 'pending' };
const DECISION_PENDING: DecisionFact = { kind: 'pending' };

type Admission = Extract<Verdict, { kind: 'admitted' }>;

/**
 * Whoever has reset the connection already gets no handler: a flood of resets would cost what as many handlers
 * cost, and each would be over before a limit of instances counts (S71, S72). The rates are charged all the same.
 */
function leave(floor: Floor, { connection, descriptor }: Guest, ticket: Ticket): void {
  ticket.spend();
  descriptor.close();
  const { peer, service } = connection;
  const failure = { step: 'client_gone', code: 'ECONNRESET' };
  floor.pacer.look(service);
  floor.bus.emit({ type: 'failed', service: policyOf(floor, service).name, peer, failure });
}

/** Reservation, launch. */
function launch(floor: Floor, guest: Guest, { variant, text, trace }: Admission): void {
  const { connection, source, descriptor } = guest;
  const { service: prepared } = rulesOf(floor.rules, connection.service);
  const service = prepared.policy.name;
  const nowMs = floor.world.nowMs();
  const ticket = floor.counters.admit({ service: connection.service, source }, { prepared, nowMs });
  floor.alarm.note(floor.counters.untracked, nowMs);
  if (floor.farewell.isGone(descriptor)) {
    leave(floor, guest, ticket);
    return;
  }
  if (text) floor.farewell.greet(descriptor, { guest, template: text, service });
  const severity = trace.find((outcome) => outcome.severity !== undefined)?.severity;
  floor.children.launch({ connection, ticket, severity });
  floor.link.send({ type: 'launch', ...connection, variant }, descriptor);
  floor.pacer.look(connection.service);
  floor.onLaunch(connection.service);
}

function ask(floor: Floor, guest: Guest, need: Need): void {
  floor.questions.ask(floor.rules, { guest, need, answered: (informed) => receive(floor, informed) });
}

/** Facts, decision, and what follows. Takes the guest's descriptor, whatever comes of it. */
function receive(floor: Floor, guest: Guest): void {
  const verdict = decide(guest, floor);
  switch (verdict.kind) {
    case 'admitted':
      launch(floor, guest, verdict);
      break;
    case 'refused':
      floor.refusals.refuse(floor.rules, { guest, refusal: verdict });
      break;
    case 'undecided':
      ask(floor, guest, verdict.need);
      break;
    default:
      assertNever(verdict);
  }
}

/** One accepted connection, from here to its launch or its refusal. `local` is where it came in. */
export function serve(
  floor: Floor,
  arrival: { readonly connection: Connection; readonly local: Endpoint; readonly descriptor: Descriptor },
): void {
  const { connection, local, descriptor } = arrival;
  const { peer } = connection;
  const key = addressKey(peer);
  receive(floor, {
    connection,
    descriptor,
    arrival: { peer, key, local },
    source: floor.counters.sourceOf(key),
    name: NAME_PENDING,
    decision: DECISION_PENDING,
  });
}

/** 2 ** 13 times 2 ** 40 are the safe integers. */
const IDS_OF_ONE = 2 ** 40;
const DISPATCHERS = 2 ** 13;

/** Numbers connections without meeting a number of an earlier dispatcher, whose handlers may still run. */
export function connectionIds(dispatchers: number): () => number {
  let next = (dispatchers % DISPATCHERS) * IDS_OF_ONE;
  return () => next++;
}
