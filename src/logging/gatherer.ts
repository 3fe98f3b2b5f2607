import type { ZinetdEvent } from '../events/event.ts';
import { type Level, levelOf } from './level.ts';
import type { RecordView } from './record-view.ts';

/** An event of which a record is to be made. */
export interface Entry {
  readonly event: ZinetdEvent;
  readonly view: RecordView;
  readonly atMs: number;
}

/** Events whose records have one level. */
export interface Batch {
  readonly level: Level;
  readonly entries: readonly Entry[];
}

export interface GathererOptions {
  /** The time of the event that is added. */
  readonly now: () => number;
  /** Calls back when all of a moment are there. */
  readonly gather: (flush: () => void) => void;
  readonly write: (batch: Batch) => void;
}

/**
 * Gives winston the records of a moment as one, as long as their level is the same: what winston does for each, its streams
 * and its copies, costs more than to render it and to write it.
 */
export class Gatherer {
  readonly #options: GathererOptions;
  #entries: Entry[] = [];
  #level: Level = 'info';
  #isDue = false;

  constructor(options: GathererOptions) {
    this.#options = options;
  }

  add(event: ZinetdEvent, view: RecordView): void {
    const level = levelOf(event);
    if (level !== this.#level) this.flush();
    this.#level = level;
    this.#entries.push({ event, view, atMs: this.#options.now() });
    if (this.#isDue) return;
    this.#isDue = true;
    this.#options.gather(() => {
      this.#isDue = false;
      this.flush();
    });
  }

  flush(): void {
    if (this.#entries.length === 0) return;
    const entries = this.#entries;
    this.#entries = [];
    this.#options.write({ level: this.#level, entries });
  }
}
