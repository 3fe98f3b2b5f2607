import type { Bus } from '../events/bus.ts';
import type { SpawnerLink } from '../launch/spawner-link.ts';
import { EXIT } from '../model/exit-code.ts';
import type { ChildTable } from '../supervise/child-table.ts';
import type { Desks } from './desks.ts';
import type { Floor } from './floor.ts';
import type { Listeners } from './listeners.ts';
import type { Registrations } from './registrations.ts';
import type { Reloads } from './reloads.ts';
import type { World } from './world.ts';

interface Options {
  readonly world: World;
  readonly bus: Bus;
  readonly children: ChildTable;
  readonly listeners: Listeners;
  readonly registrations: Registrations;
  readonly reloads: Reloads;
  readonly link: () => SpawnerLink;
  readonly desks: () => Desks;
  /** Undefined before the spawner has said hello. */
  readonly floor: () => Floor | undefined;
}

/** The way out of this process: the spawner stops, or is gone, or another version takes over. */
export class Departure {
  readonly #options: Options;
  #isUnderWay = false;
  /** Handlers that a stop has ended. */
  #killed = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** The spawner stops: nobody comes in any more. */
  begin(): void {
    const { bus, children, listeners, registrations, reloads, floor } = this.#options;
    this.#isUnderWay = true;
    reloads.close();
    listeners.close();
    const laid = floor();
    laid?.close();
    laid?.lives.stop();
    bus.emit({ type: 'stopping', running: children.running + children.launching });
    registrations.close(() => this.look());
  }

  /** Something may have been what was waited for. */
  look(): void {
    const { children, registrations, link } = this.#options;
    if (this.#isUnderWay && children.launching === 0 && registrations.isIdle)
      link().send({ type: 'drained' });
  }

  /** A handler has ended; `status` as wait(2) has it. */
  ended(status: number): void {
    if (this.#isUnderWay && (status & 0x7f) !== 0) this.#killed++;
  }

  /** The spawner has stopped; so many handlers go on. */
  bye(running: number): void {
    this.#options.bus.emit({ type: 'stopped', killed: this.#killed, running });
    this.leave(EXIT.ok);
  }

  spawnerGone(): void {
    this.#options.bus.emit({ type: 'spawner-gone' });
    this.leave(EXIT.system);
  }

  /** Once everything is written. */
  leave(code: number): void {
    const { world, desks, floor } = this.#options;
    desks().close();
    const leave = (): void => world.log.close(() => world.exit(code));
    const laid = floor();
    if (laid) laid.keep(leave);
    else leave();
  }
}
