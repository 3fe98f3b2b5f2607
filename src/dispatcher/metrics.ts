import type { Bus } from '../events/bus.ts';
import { Meters } from '../metrics/meters.ts';
import { ServiceMeter } from '../metrics/service-meter.ts';
import type { MetricsView } from '../metrics/view.ts';
import type { Policy } from '../model/policy.ts';
import { gatherState, type StateSources } from './gather-state.ts';
import { OwnProcess } from './own-process.ts';
import { Timings } from './timings.ts';
import type { World } from './world.ts';

interface Options {
  readonly world: World;
  readonly bus: Bus;
  readonly state: StateSources;
}

/** Counts for as long as the configuration has `metrics`, and then alone. */
export class Metrics {
  readonly timings: Timings;
  readonly #options: Options;
  readonly #process = new OwnProcess();
  readonly #startedSeconds: number;
  #meters: Meters | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.timings = new Timings(options.world);
    this.#startedSeconds = options.world.wallMs() / 1000;
  }

  /** A policy is in force from now on. */
  look({ desks, services }: Policy): void {
    const isWanted = desks.some(({ desk }) => desk === 'metrics');
    if (isWanted && !this.#meters) this.#begin();
    else if (!isWanted && this.#meters) this.#end(this.#meters);
    this.#meters?.keep(services.map(({ name }) => name));
  }

  /** Everything as it is at this moment. */
  view(): MetricsView {
    const { world, state } = this.#options;
    const { generation, sources, bans, services } = gatherState(state);
    const meters = this.#meters ?? new Meters();
    return {
      ...{ version: world.version, startedSeconds: this.#startedSeconds, generation, sources, bans },
      dispatcherRestarts: state.phase.restarts,
      ...{ counts: { ...meters.daemon }, process: this.#process.read() },
      services: services.map(({ name, state: each }) => {
        return { name, state: each, meter: meters.of(name) ?? new ServiceMeter() };
      }),
    };
  }

  #begin(): void {
    const meters = new Meters();
    this.#meters = meters;
    this.#options.bus.subscribe(meters.take);
    this.timings.use(meters);
    this.#process.start();
  }

  #end(meters: Meters): void {
    this.#meters = undefined;
    this.#options.bus.unsubscribe(meters.take);
    this.timings.use(undefined);
    this.#process.stop();
  }
}
