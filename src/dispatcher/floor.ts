import type { Bus } from '../events/bus.ts';
import type { SpawnerLink } from '../launch/spawner-link.ts';
import type { ServicePolicy } from '../model/policy.ts';
import type { Binding } from '../native/binding.ts';
import type { OriginalDestinations } from '../native/original-destinations.ts';
import type { ChildTable } from '../supervise/child-table.ts';
import type { Answers } from './answers.ts';
import type { Bans } from './bans.ts';
import type { Counters } from './counters.ts';
import type { Daemons } from './daemons.ts';
import type { Failures } from './failures.ts';
import type { Farewell } from './farewell.ts';
import type { Handshakes } from './handshakes.ts';
import type { Idents } from './idents.ts';
import type { Lives } from './lives.ts';
import type { Mux } from './mux.ts';
import type { Outlets } from './outlets.ts';
import type { Pacer } from './pacer.ts';
import type { Pauses } from './pauses.ts';
import type { Pools } from './pools.ts';
import type { ProxyDoor } from './proxy-door.ts';
import type { Questions } from './questions.ts';
import type { Refusals } from './refusals.ts';
import type { Relays } from './relays.ts';
import { type Rules, rulesOf } from './rules.ts';
import type { SourceAlarm } from './source-alarm.ts';
import type { StandardErrors } from './standard-errors.ts';
import type { Switches } from './switches.ts';
import type { Talks } from './talks.ts';
import type { Teller } from './teller.ts';
import type { Timings } from './timings.ts';
import type { World } from './world.ts';

/** What one connection meets on its way; shared by all of them. */
export interface Floor {
  /** Replaced by a reload. */
  rules: Rules;
  readonly binding: Binding;
  readonly destinations: OriginalDestinations;
  readonly counters: Counters;
  readonly alarm: SourceAlarm;
  readonly bans: Bans;
  readonly switches: Switches;
  readonly children: ChildTable;
  readonly link: SpawnerLink;
  readonly bus: Bus;
  readonly world: World;
  readonly questions: Questions;
  readonly idents: Idents;
  readonly refusals: Refusals;
  readonly failures: Failures;
  readonly handshakes: Handshakes;
  readonly farewell: Farewell;
  readonly pacer: Pacer;
  readonly pauses: Pauses;
  readonly mux: Mux;
  readonly proxyDoor: ProxyDoor;
  readonly lives: Lives;
  readonly talks: Talks;
  readonly relays: Relays;
  readonly daemons: Daemons;
  readonly pools: Pools;
  readonly teller: Teller;
  readonly standardErrors: StandardErrors;
  readonly answers: Answers;
  readonly timings: Timings;
  readonly outlets: Outlets;
  /** A launch of this service is under way. */
  onLaunch(service: number): void;
  /** The listener of this row has a handler, until the function that this gives is called. */
  hold(row: number): () => void;
  /** Lets go of every connection that has no handler: this process ends. */
  close(): void;
  /** Keeps what outlasts this process, then calls back. */
  keep(done: () => void): void;
}

export function policyOf(floor: Floor, service: number): ServicePolicy {
  return rulesOf(floor.rules, service).service.policy;
}
