import { BAN_STATE_BYTES } from '../admission/ban-state.ts';
import type { Bus } from '../events/bus.ts';
import type { Handler } from '../supervise/child-table.ts';
import {
  decodeEndings,
  ENDING_HEADER_BYTES,
  encodeEndings,
  endingsLength,
  type KeptEnding,
} from '../supervise/ending-slot.ts';
import { NAME_STATE_BYTES } from '../supervise/name-state.ts';
import { PacedSaver } from './paced-saver.ts';
import type { SaveDone } from './save-bans.ts';
import type { StateFile } from './state-file.ts';
import type { World } from './world.ts';

/** Behind the bans and the names. */
const OFFSET = BAN_STATE_BYTES + NAME_STATE_BYTES;
/** Its number among the slots of the state file, as `state-damaged` tells it. */
const SLOT = 4;

/** Many that are told to end together are written once. */
const SOON_MS = 20;
/** For the last writing; the spawner waits for two seconds, and the bans want one of them. */
const LAST_MS = 500;
/** What the two clocks may differ by between two looks at the same handler. */
const SAME_MS = 1000;

export interface EndingKeeperOptions {
  readonly file: Pick<StateFile, 'readAt' | 'write'>;
  readonly world: Pick<World, 'nowMs' | 'wallMs' | 'after'>;
  readonly bus: Bus;
}

/**
 * Keeps in the state file which handlers have been told to end, so that whoever takes the place of this process kills
 * those that do not. It is of no use once the machine or the spawner is another: nothing is synced to the disk.
 */
export class EndingKeeper {
  readonly #options: EndingKeeperOptions;
  /** What an earlier dispatcher has left, by slot. */
  readonly #left: ReadonlyMap<bigint, KeptEnding>;
  readonly #saver: PacedSaver;
  #pending: () => readonly KeptEnding[] = () => [];

  constructor(options: EndingKeeperOptions) {
    this.#options = options;
    const { world, bus } = options;
    // What could not be written comes with the next change; it would be too late for what a retry could save.
    const pace = { soonMs: SOON_MS, lastMs: LAST_MS, retryMs: undefined };
    this.#saver = new PacedSaver({ ...pace, world, bus, save: (done) => this.#write(done) });
    this.#left = new Map(this.#read().map((ending) => [ending.slot, ending]));
  }

  /** Where to ask for all that are to be kept. */
  use(pending: () => readonly KeptEnding[]): void {
    this.#pending = pending;
  }

  /** What an earlier dispatcher wanted of this very handler. */
  find({ slot, pid, sinceMs }: Handler): KeptEnding | undefined {
    const left = this.#left.get(slot);
    const isSame = left?.pid === pid && Math.abs(left.startedAtMs - this.startedAtMs(sinceMs)) <= SAME_MS;
    return isSame ? left : undefined;
  }

  /** By the wall clock, of a moment of the monotonic one. */
  startedAtMs(sinceMs: number): number {
    const { world } = this.#options;
    return world.wallMs() - (world.nowMs() - sinceMs);
  }

  /** Others are told to end than before. */
  changed(): void {
    this.#saver.changed();
  }

  /** Writes a last time, if there is something new. */
  close(done: () => void): void {
    this.#saver.close(done);
  }

  #read(): readonly KeptEnding[] {
    const { file, bus } = this.#options;
    const header = file.readAt(OFFSET, ENDING_HEADER_BYTES);
    // A file that ends before it, or has a hole there, never had it.
    if ('code' in header || header.every((byte) => byte === 0)) return [];
    const length = endingsLength(header);
    const bytes = length === undefined ? header : file.readAt(OFFSET, length);
    const endings = 'code' in bytes ? undefined : decodeEndings(bytes);
    if (!endings) bus.emit({ type: 'state-damaged', slots: [SLOT], restored: false });
    return endings ?? [];
  }

  #write(done: SaveDone): void {
    const { file } = this.#options;
    file.write({ offset: OFFSET, bytes: encodeEndings(this.#pending()) }, (fault) =>
      done(fault && { action: 'write', ...fault }),
    );
  }
}
