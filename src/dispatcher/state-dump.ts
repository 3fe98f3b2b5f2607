import type { Bus } from '../events/bus.ts';
import { gatherState, type StateSources } from './gather-state.ts';
import type { World } from './world.ts';

/** However often it is asked for: the log is there for other things, too. */
const LEAST_MS = 1000;

interface Options {
  readonly world: World;
  readonly bus: Bus;
  readonly sources: StateSources;
}

/** Tells the state of everything when somebody asks for it: as events, and so in no file but the log (S111). */
export class StateDump {
  readonly #options: Options;
  #isResting = false;
  /** Asked for meanwhile, however often. */
  #isAsked = false;

  constructor(options: Options) {
    this.#options = options;
  }

  ask(): void {
    if (this.#isResting) {
      this.#isAsked = true;
      return;
    }
    this.#tell();
    this.#isResting = true;
    this.#options.world.after(LEAST_MS, () => this.#rested());
  }

  #rested(): void {
    const isAsked = this.#isAsked;
    this.#isResting = false;
    this.#isAsked = false;
    if (isAsked) this.ask();
  }

  #tell(): void {
    const { bus, sources } = this.#options;
    const { services, ...daemon } = gatherState(sources);
    bus.emit({ type: 'state', ...daemon, services: services.length });
    for (const { name, state } of services) bus.emit({ type: 'service-state', service: name, state });
  }
}
