import { countOf } from '../model/count-of.ts';
import type { Floor } from './floor.ts';

/** Between two texts. */
const LEAST_MS = 1000;

/** Keeps the service manager informed, by way of the spawner: sd_notify(3). */
export class ManagerStatus {
  readonly #floor: Floor;
  #text = '';
  #isResting = false;
  #isStopping = false;

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  /** It serves from now on. */
  start(): void {
    const { world, bus } = this.#floor;
    if (!world.manager) return;
    bus.subscribe(({ type }) => {
      if (type === 'stopping') this.#stop();
      this.#look();
    });
    this.#look();
    if (world.manager.signOfLifeMs !== undefined) this.#live(world.manager.signOfLifeMs);
  }

  /** That is told at once. */
  #stop(): void {
    this.#isStopping = true;
    this.#isResting = false;
  }

  #live(everyMs: number): void {
    this.#floor.link.send({ type: 'notify', text: undefined });
    this.#floor.world.after(everyMs, () => this.#live(everyMs));
  }

  #describe(): string {
    const { children, rules } = this.#floor;
    const running = countOf(children.running, 'handler');
    if (this.#isStopping) return `Stopping, ${running} left`;
    return `Serving ${countOf(rules.policy.services.length, 'service')}, ${running}`;
  }

  #look(): void {
    if (this.#isResting) return;
    const text = this.#describe();
    if (text === this.#text) return;
    this.#text = text;
    this.#floor.link.send({ type: 'notify', text });
    this.#isResting = true;
    this.#floor.world.after(LEAST_MS, () => {
      this.#isResting = false;
      this.#look();
    });
  }
}
