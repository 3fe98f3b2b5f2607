import type { Bus } from '../events/bus.ts';
import type { Request } from '../launch/request.ts';
import type { World } from './world.ts';

interface Options {
  readonly world: Pick<World, 'after' | 'manager'>;
  readonly bus: Bus;
  readonly send: (request: Request) => void;
  readonly services: () => number;
  readonly handlers: () => number;
}

/** Between two texts. */
const LEAST_MS = 1000;

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Keeps the service manager informed, by way of the spawner: sd_notify(3). */
export class ManagerStatus {
  readonly #options: Options;
  #text = '';
  #isResting = false;
  #phase: 'starting' | 'serving' | 'stopping' = 'starting';

  constructor(options: Options) {
    this.#options = options;
    if (!options.world.manager) return;
    options.bus.subscribe(({ type }) => {
      if (type === 'stopping') {
        this.#phase = 'stopping';
        this.#isResting = false;
      }
      this.#look();
    });
  }

  /** It serves from now on. */
  start(): void {
    const { manager } = this.#options.world;
    if (!manager) return;
    this.#phase = 'serving';
    this.#look();
    if (manager.signOfLifeMs !== undefined) this.#live(manager.signOfLifeMs);
  }

  #live(everyMs: number): void {
    this.#options.send({ type: 'notify', text: undefined });
    this.#options.world.after(everyMs, () => this.#live(everyMs));
  }

  #describe(): string {
    const { services, handlers } = this.#options;
    const running = count(handlers(), 'handler');
    if (this.#phase === 'stopping') return `Stopping, ${running} left`;
    return `Serving ${count(services(), 'service')}, ${running}`;
  }

  #look(): void {
    if (this.#isResting || this.#phase === 'starting') return;
    const text = this.#describe();
    if (text === this.#text) return;
    this.#text = text;
    this.#options.send({ type: 'notify', text });
    this.#isResting = true;
    this.#options.world.after(LEAST_MS, () => {
      this.#isResting = false;
      this.#look();
    });
  }
}
