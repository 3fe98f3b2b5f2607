import { type BanSlotHeader, BanSlotWriter, type BanWrite } from '../admission/ban-slot.ts';
import { banSlotOffset } from '../admission/ban-state.ts';
import type { Ban, BanTable } from '../admission/ban-table.ts';
import type { StateFault, StateFile } from './state-file.ts';
import type { World } from './world.ts';

/** Slots of the table that are looked at in one turn of the event loop: some 5 ms when all are taken (B7). */
const PORTION = 2048;

/** What did not work, and why. */
export interface StateTrouble extends StateFault {
  readonly action: 'write' | 'sync';
}

export type SaveDone = (trouble: StateTrouble | undefined) => void;

export interface SaveOptions {
  readonly file: Pick<StateFile, 'write' | 'sync'>;
  readonly table: BanTable;
  readonly world: Pick<World, 'nowMs' | 'wallMs'>;
  readonly header: Omit<BanSlotHeader, 'writtenAtMs'>;
  /** Stands for a service in the file. */
  readonly tagOf: (service: number) => bigint;
}

/** Writes one after the other, and waits until the disk has them. */
export function writeState(
  { file, writes }: { readonly file: SaveOptions['file']; readonly writes: Iterator<BanWrite> },
  done: SaveDone,
): void {
  const next = (fault?: StateFault): void => {
    const write = fault ? undefined : writes.next();
    if (fault) done({ action: 'write', ...fault });
    else if (write && !write.done) file.write(write.value, next);
    else file.sync((unsynced) => done(unsynced && { action: 'sync', ...unsynced }));
  };
  next();
}

/** All bans in force, in portions, and then the header that makes them count. The table may change meanwhile. */
function* portions({ table, world, header, tagOf }: SaveOptions): Generator<BanWrite, void, undefined> {
  const writtenAtMs = world.wallMs();
  const sinceEpochMs = writtenAtMs - world.nowMs();
  const saved = (ban: Ban) => ({
    ...ban,
    expiresAtMs: ban.until + sinceEpochMs,
    service: tagOf(ban.service),
  });
  const slot = new BanSlotWriter({ ...header, writtenAtMs });
  const start = banSlotOffset(header.sequence);
  const inFile = ({ offset, bytes }: BanWrite): BanWrite => ({ offset: start + offset, bytes });
  for (let from = 0; from < table.capacity; from += PORTION) {
    const bans = table.entries(world.nowMs(), { from, to: from + PORTION });
    const inForce = [...bans].filter((ban) => ban.inForce).map(saved);
    if (inForce.length > 0) yield inFile(slot.add(inForce));
  }
  yield inFile(slot.finish());
}

/** Writes the slot that comes next; only then is it the newest one. */
export function saveBans(options: SaveOptions, done: SaveDone): void {
  writeState({ file: options.file, writes: portions(options) }, done);
}
