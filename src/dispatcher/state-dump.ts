import type { Bus } from '../events/bus.ts';
import type { ServiceState } from '../events/service-state.ts';
import type { SpawnerEvent } from '../launch/spawner-event.ts';
import { UNLIMITED_INSTANCES } from '../model/unlimited-instances.ts';
import type { Floor } from './floor.ts';
import type { Listeners } from './listeners.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** However often it is asked for: the log is there for other things, too. */
const LEAST_MS = 1000;

interface Options {
  readonly world: World;
  readonly bus: Bus;
  readonly floor: () => Floor;
  readonly listeners: Pick<Listeners, 'statesOf'>;
  readonly tally: Tally;
}

/** Infinity for no limit. */
function mostOf(instances: number): number {
  return instances === UNLIMITED_INSTANCES ? Number.POSITIVE_INFINITY : instances;
}

/** Tells the state of everything when somebody asks for it: as events, and so in no file but the log (S111). */
export class StateDump {
  readonly #options: Options;
  readonly #sinceMs: number;
  #isResting = false;
  /** Asked for meanwhile, however often. */
  #asked: SpawnerEvent | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#sinceMs = options.world.nowMs();
  }

  ask(event: SpawnerEvent): void {
    if (this.#isResting) {
      this.#asked = event;
      return;
    }
    this.#tell(event);
    this.#isResting = true;
    this.#options.world.after(LEAST_MS, () => this.#rested());
  }

  #rested(): void {
    const asked = this.#asked;
    this.#isResting = false;
    this.#asked = undefined;
    if (asked) this.ask(asked);
  }

  #tell({ generation }: SpawnerEvent): void {
    const { bus, world, floor: current } = this.#options;
    const floor = current();
    const { children, counters, bans, rules } = floor;
    const nowMs = world.nowMs();
    bus.emit({
      type: 'state',
      ...{ generation, services: rules.policy.services.length, upMs: nowMs - this.#sinceMs },
      ...{ running: counters.processes - children.launching, starting: children.launching },
      ...{ sources: counters.tracked, bans: bans.table.countInForce(nowMs) },
    });
    const configured = new Set(rules.policy.services.map(({ name }) => name));
    for (const [index, { service }] of rules.services.entries()) {
      const { name } = service.policy;
      if (configured.has(name))
        bus.emit({ type: 'service-state', service: name, state: this.#stateOf(index, name) });
    }
  }

  #stateOf(service: number, name: string): ServiceState {
    const { floor: current, listeners, tally } = this.#options;
    const { children, counters, pauses, rules } = current();
    const starting = children.launchingOf(service);
    return {
      running: counters.serviceFacts(service).running - starting,
      starting,
      instances: mostOf(rules.services[service]?.service.policy.instances.hard ?? 0),
      counts: tally.countsOf(name),
      suspension: pauses.of(service),
      listeners: listeners.statesOf(service),
    };
  }
}
