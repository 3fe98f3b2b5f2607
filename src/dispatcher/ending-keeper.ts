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
import type { StateFault, StateFile } from './state-file.ts';
import type { World } from './world.ts';

/** Behind the bans and the names. */
const OFFSET = BAN_STATE_BYTES + NAME_STATE_BYTES;
/** Its number among the slots of the state file, as `state-damaged` tells it. */
const SLOT = 4;

/** Many that are told to end together are written once. */
const SOON_MS = 20;
/** Rest after a writing, in its own length. */
const REST = 19;
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
  #pending: () => readonly KeptEnding[] = () => [];
  #isDirty = false;
  #isWriting = false;
  #isTroubled = false;
  #callOff: (() => void) | undefined;
  #restUntilMs = 0;
  #leave: (() => void) | undefined;

  constructor(options: EndingKeeperOptions) {
    this.#options = options;
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
    this.#isDirty = true;
    if (this.#isWriting || this.#callOff || this.#leave) return;
    const { world } = this.#options;
    const delayMs = Math.max(SOON_MS, this.#restUntilMs - world.nowMs());
    this.#callOff = world.after(delayMs, () => this.#write());
  }

  /** Writes a last time, if there is something new. */
  close(done: () => void): void {
    if (this.#leave) return;
    let isOver = false;
    const callOff = this.#options.world.after(LAST_MS, () => this.#leave?.());
    this.#leave = () => {
      if (isOver) return;
      isOver = true;
      callOff();
      done();
    };
    if (!this.#isWriting) this.#goOn();
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

  #write(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#isDirty = false;
    this.#isWriting = true;
    const { file, world } = this.#options;
    const startMs = world.nowMs();
    file.write({ offset: OFFSET, bytes: encodeEndings(this.#pending()) }, (fault) => {
      this.#isWriting = false;
      this.#restUntilMs = world.nowMs() + REST * (world.nowMs() - startMs);
      this.#tell(fault);
      this.#goOn();
    });
  }

  /** What could not be written comes with the next change; it would be too late for what a retry could save. */
  #tell(fault: StateFault | undefined): void {
    const { bus } = this.#options;
    if (fault && !this.#isTroubled) bus.emit({ type: 'state-failed', action: 'write', code: fault.code });
    if (!fault && this.#isTroubled) bus.emit({ type: 'state-saved' });
    this.#isTroubled = fault !== undefined;
  }

  #goOn(): void {
    if (!this.#isDirty) this.#leave?.();
    else if (this.#leave) this.#write();
    else this.changed();
  }
}
