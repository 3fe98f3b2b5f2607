import { newBanState, serviceTag } from '../admission/ban-state.ts';
import { type BanTable, NO_SERVICE } from '../admission/ban-table.ts';
import type { SourcePrefixes } from '../admission/source-bits.ts';
import type { Bus } from '../events/bus.ts';
import { PacedSaver } from './paced-saver.ts';
import type { KeptBans } from './read-kept-bans.ts';
import { restoreBans } from './restore-bans.ts';
import { type SaveDone, saveBans, writeState } from './save-bans.ts';
import type { StateFile } from './state-file.ts';
import type { World } from './world.ts';

const SOON_MS = 500;
const RETRY_MS = 5000;
/** The spawner waits for two seconds (LINGER_MS of stop.c). */
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
  readonly #saver: PacedSaver;
  readonly #tags: bigint[] = [];
  /** Of the next writing; undefined as long as the file has not been laid out. */
  #sequence: number | undefined;

  constructor(options: BanKeeperOptions) {
    this.#options = options;
    const { world, bus } = options;
    const pace = { soonMs: SOON_MS, lastMs: LAST_MS, retryMs: RETRY_MS };
    this.#saver = new PacedSaver({ ...pace, world, bus, save: (done) => this.#save(done) });
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
    if (!isSound) this.#saver.save();
  }

  /** Something is different, and will be saved. */
  changed(): void {
    this.#saver.changed();
  }

  /** Saves a last time, if the disk is not too slow for that. */
  close(done: () => void): void {
    // The times that are left count from the last writing when the clock is wrong after a boot.
    if (this.#options.table.size > 0) this.#saver.changed();
    this.#saver.close(done);
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

  #save(done: SaveDone): void {
    const sequence = this.#sequence;
    if (sequence === undefined) this.#layOut(done);
    else this.#write(sequence, done);
  }

  #layOut(done: SaveDone): void {
    const { file, prefixes, secret, world } = this.#options;
    const writes = newBanState({ prefixes, secret, writtenAtMs: world.wallMs() });
    writeState({ file, writes: writes.values() }, (trouble) => {
      if (!trouble) this.#sequence = writes.length;
      if (this.#options.table.size > 0) this.#saver.changed();
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
}
