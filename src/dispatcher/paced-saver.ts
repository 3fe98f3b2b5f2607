import type { Bus } from '../events/bus.ts';
import type { SaveDone, StateTrouble } from './save-bans.ts';
import type { World } from './world.ts';

/** Rest after a save, in its own length: saving takes 5 % of the time at the most. */
const REST = 19;

export interface SaverOptions {
  readonly world: Pick<World, 'nowMs' | 'after'>;
  readonly bus: Bus;
  /** From the first change to its saving: what a crash can cost. */
  readonly soonMs: number;
  /** For the last save. */
  readonly lastMs: number;
  /** Until what could not be saved is tried again; undefined: it comes with the next change. */
  readonly retryMs: number | undefined;
  /** Saves all that there is. */
  readonly save: (done: SaveDone) => void;
}

/** When something that changes goes to the state file: soon, once for many changes, never all of the time, and at the end. */
export class PacedSaver {
  readonly #options: SaverOptions;
  #isDirty = false;
  #isSaving = false;
  #isTroubled = false;
  #callOff: (() => void) | undefined;
  #restUntilMs = 0;
  #leave: (() => void) | undefined;

  constructor(options: SaverOptions) {
    this.#options = options;
  }

  /** Something is different, and will be saved. */
  changed(): void {
    this.#isDirty = true;
    if (this.#isSaving || this.#callOff || this.#leave) return;
    const { world, soonMs } = this.#options;
    this.#callOff = world.after(Math.max(soonMs, this.#restUntilMs - world.nowMs()), () => this.save());
  }

  /** At once, changed or not. */
  save(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#isDirty = false;
    this.#isSaving = true;
    const { world, save } = this.#options;
    const startMs = world.nowMs();
    save((trouble) => this.#saved(startMs, trouble));
  }

  /** Saves a last time, if something is new and the disk is not too slow for that. */
  close(done: () => void): void {
    if (this.#leave) return;
    const { world, lastMs } = this.#options;
    let isOver = false;
    const callOff = world.after(lastMs, () => this.#leave?.());
    this.#leave = () => {
      if (isOver) return;
      isOver = true;
      callOff();
      done();
    };
    if (!this.#isSaving) this.#goOn();
  }

  #saved(startMs: number, trouble: StateTrouble | undefined): void {
    const { world, retryMs } = this.#options;
    const endMs = world.nowMs();
    const isRetried = trouble !== undefined && retryMs !== undefined;
    this.#isSaving = false;
    this.#isDirty ||= isRetried;
    this.#restUntilMs = endMs + (isRetried ? retryMs : REST * (endMs - startMs));
    this.#tell(trouble);
    if (trouble && this.#leave) this.#leave();
    else this.#goOn();
  }

  #tell(trouble: StateTrouble | undefined): void {
    const { bus } = this.#options;
    if (trouble && !this.#isTroubled) bus.emit({ type: 'state-failed', ...trouble });
    if (!trouble && this.#isTroubled) bus.emit({ type: 'state-saved' });
    this.#isTroubled = trouble !== undefined;
  }

  #goOn(): void {
    if (!this.#isDirty) this.#leave?.();
    else if (this.#leave) this.save();
    else this.changed();
  }
}
