import type { ListenerState, ServiceState } from '../events/service-state.ts';
import { UNLIMITED_INSTANCES } from '../model/unlimited-instances.ts';
import type { Floor } from './floor.ts';
import type { Listeners } from './listeners.ts';
import type { Phase } from './phase.ts';
import { rulesOf } from './rules.ts';
import type { Tally } from './tally.ts';

/** Where the state of everything is. */
export interface StateSources {
  readonly floor: () => Floor;
  readonly listeners: Pick<Listeners, 'states'>;
  readonly tally: Tally;
  readonly phase: Phase;
}

/** A service of the configuration in force. */
export interface NamedState {
  readonly name: string;
  /** Ours for it. */
  readonly number: number;
  readonly state: ServiceState;
  /** The directory of its cgroup, if it has one. */
  readonly cgroup: string | undefined;
}

/** The whole daemon, and each of its services. */
export interface DaemonState {
  /** How many launch tables there have been. */
  readonly generation: number;
  readonly upMs: number;
  readonly running: number;
  readonly starting: number;
  /** Of whom something is known. */
  readonly sources: number;
  readonly bans: number;
  readonly services: readonly NamedState[];
}

/** Infinity for no limit. */
function mostOf(instances: number): number {
  return instances === UNLIMITED_INSTANCES ? Number.POSITIVE_INFINITY : instances;
}

/** A worker that is being started is no client of anybody's; who waits for one is. */
function startingOf({ children, pools, rules }: Floor, service: number): number {
  const hasPool = rulesOf(rules, service).service.policy.pool !== undefined;
  return hasPool ? pools.waitingOf(service) : children.launchingOf(service);
}

function stateOf(
  service: number,
  options: { readonly floor: Floor; readonly tally: Tally; readonly listeners: readonly ListenerState[] },
): ServiceState {
  const { floor, tally, listeners } = options;
  const { counters, pauses, rules, switches } = floor;
  const { name, instances } = rulesOf(rules, service).service.policy;
  const starting = startingOf(floor, service);
  return {
    standing: switches.standingOf(name),
    running: counters.serviceFacts(service).running - starting,
    starting,
    instances: mostOf(instances.hard),
    counts: tally.countsOf(name),
    suspension: pauses.of(service),
    listeners,
  };
}

/** What everything does at this moment. */
export function gatherState({ floor: current, listeners, tally, phase }: StateSources): DaemonState {
  const floor = current();
  const { counters, bans, rules, link, world } = floor;
  const nowMs = world.nowMs();
  const states = listeners.states();
  const starting = [...rules.services.keys()].reduce((sum, number) => sum + startingOf(floor, number), 0);
  const numbers = new Map(rules.services.map(({ service }, number) => [service.policy.name, number]));
  return {
    ...{ generation: link.generation, upMs: nowMs - phase.sinceMs },
    ...{ running: counters.processes - starting, starting },
    ...{ sources: counters.tracked, bans: bans.table.countInForce(nowMs) },
    services: rules.policy.services.map(({ name, cgroup }) => {
      const number = numbers.get(name) ?? rules.services.length;
      const state = stateOf(number, { floor, tally, listeners: states.get(number) ?? [] });
      return { name, number, state, cgroup };
    }),
  };
}
