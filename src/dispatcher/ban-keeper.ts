import { newBanState, serviceTag } from '../admission/ban-state.ts';
import { type BanTable, NO_SERVICE } from '../admission/ban-table.ts';
import type { SourcePrefixes } from '../admission/source-bits.ts';
import type { Bus } from '../events/bus.ts';
import type { KeptBans } from './read-kept-bans.ts';
import { restoreBans } from './restore-bans.ts';
import { type SaveDone, type StateTrouble, saveBans, writeState } from './save-bans.ts';
import type { StateFile } from './state-file.ts';
import type { World } from './world.ts';

/** From the first change to its saving: what a crash can cost. */
const SOON_MS = 500;

/** Rest after a save, in its own length: saving takes 5 % of the time at the most. */
const REST = 19;

const RETRY_MS = 5000;

/** For the last save; the spawner waits for two seconds (LINGER_MS of stop.c). */
const LAST_MS = 1000;

export interface BanKeeperOptions {
  readonly file: Pick<StateFile, 'write' | 'sync'>;
  readonly table: BanTable;
  /** What the hash of the table was made with. */
  readonly secret: Uint32Array;
  readonly prefixes: SourcePrefixes;
  /** Names by their numbers; a reload adds to them. */
  readonly services: () => readonly string[];
  readonly world: World;
  readonly bus: Bus;
}

/** Keeps the bans in force in the state file, so that they outlast the dispatcher and the machine (S62). */
export class BanKeeper {
  readonly #options: BanKeeperOptions;
  readonly #tags: bigint[] = [];
  /** Of the next writing; undefined as long as the file has not been laid out. */
  #sequence: number | undefined;
  #isDirty = false;
  #isSaving = false;
  #isTroubled = false;
  #callOff: (() => void) | undefined;
  #restUntilMs = 0;
  #leave: (() => void) | undefined;

  constructor(options: BanKeeperOptions) {
    this.#options = options;
  }

  /** Once, before anybody is served. */
  restore({ slot, sequence, isSound }: KeptBans): void {
    const { table, world, bus } = this.#options;
    this.#sequence = sequence === undefined ? undefined : sequence + 1;
    if (slot) {
      const outcome = restoreBans(table, { slot, world, serviceOf: (tag) => this.#serviceOf(tag) });
      const { count, expired, leftOut } = outcome;
      if (count > 0) bus.emit({ type: 'bans-restored', count, expired });
      if (leftOut > 0) bus.emit({ type: 'bans-left-out', count: leftOut, reason: 'room' });
    }
    if (isSound) return;
    this.#isDirty = true;
    this.#save();
  }

  /** Something is different, and will be saved. */
  changed(): void {
    this.#isDirty = true;
    this.#schedule();
  }

  /** Saves a last time, if the disk is not too slow for that. */
  close(done: () => void): void {
    if (this.#leave) return;
    const callOff = this.#options.world.after(LAST_MS, done);
    this.#leave = () => {
      callOff();
      done();
    };
    // The times that are left count from the last writing when the clock is wrong after a boot.
    this.#isDirty ||= this.#options.table.size > 0;
    if (!this.#isSaving) this.#goOn();
  }

  #known(): readonly bigint[] {
    const names = this.#options.services();
    for (const name of names.slice(this.#tags.length)) this.#tags.push(serviceTag(name));
    return this.#tags;
  }

  #serviceOf(tag: bigint): number {
    const index = this.#known().indexOf(tag);
    return index < 0 ? NO_SERVICE : index;
  }

  #schedule(): void {
    if (this.#isSaving || this.#callOff || this.#leave) return;
    const { world } = this.#options;
    const delayMs = Math.max(SOON_MS, this.#restUntilMs - world.nowMs());
    this.#callOff = world.after(delayMs, () => this.#save());
  }

  #save(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#isDirty = false;
    this.#isSaving = true;
    const startMs = this.#options.world.nowMs();
    const sequence = this.#sequence;
    if (sequence === undefined) this.#layOut((trouble) => this.#saved(startMs, trouble));
    else this.#write(sequence, (trouble) => this.#saved(startMs, trouble));
  }

  #layOut(done: SaveDone): void {
    const { file, prefixes, secret, world } = this.#options;
    const writes = newBanState({ prefixes, secret, writtenAtMs: world.wallMs() });
    writeState({ file, writes: writes.values() }, (trouble) => {
      if (!trouble) this.#sequence = writes.length;
      this.#isDirty ||= this.#options.table.size > 0;
      done(trouble);
    });
  }

  /** A writing that failed is tried again in the same place: the other slot is the one that is whole. */
  #write(sequence: number, done: SaveDone): void {
    const { file, table, prefixes, secret, world } = this.#options;
    const header = { prefixes, secret, sequence };
    const tags = this.#known();
    const tagOf = (service: number): bigint => tags[service] ?? 0n;
    saveBans({ file, table, world, header, tagOf }, (trouble) => {
      if (!trouble) this.#sequence = sequence + 1;
      done(trouble);
    });
  }

  #saved(startMs: number, trouble: StateTrouble | undefined): void {
    const { bus, world } = this.#options;
    const endMs = world.nowMs();
    this.#isSaving = false;
    this.#restUntilMs = endMs + (trouble ? RETRY_MS : REST * (endMs - startMs));
    if (trouble) {
      this.#isDirty = true;
      if (!this.#isTroubled) bus.emit({ type: 'state-failed', ...trouble });
    } else if (this.#isTroubled) bus.emit({ type: 'state-saved' });
    this.#isTroubled = trouble !== undefined;
    if (trouble && this.#leave) this.#leave();
    else this.#goOn();
  }

  #goOn(): void {
    if (!this.#isDirty) this.#leave?.();
    else if (this.#leave) this.#save();
    else this.#schedule();
  }
}
