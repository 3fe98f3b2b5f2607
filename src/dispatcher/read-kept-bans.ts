import type { BanSlot } from '../admission/ban-slot.ts';
import { readBanState } from '../admission/ban-state.ts';
import type { SourcePrefixes } from '../admission/source-bits.ts';
import type { Bus } from '../events/bus.ts';
import type { StateFile } from './state-file.ts';

/** What an earlier dispatcher has left. */
export interface KeptBans {
  /** Of the last writing; undefined if there is none to go by, and the file has to be laid out anew. */
  readonly sequence: number | undefined;
  /** What can be taken over. */
  readonly slot: BanSlot | undefined;
  /** Whether nothing is lost if it stays as it is. */
  readonly isSound: boolean;
}

export interface KeptBansOptions {
  readonly file: Pick<StateFile, 'readAt'>;
  readonly bus: Bus;
  /** Those of now. */
  readonly prefixes: SourcePrefixes;
}

function readerOf({
  file,
  bus,
}: KeptBansOptions): (offset: number, length: number) => Uint8Array | undefined {
  let failed = false;
  return (offset, length) => {
    const bytes = file.readAt(offset, length);
    if (!('code' in bytes)) return bytes;
    if (!failed) bus.emit({ type: 'state-failed', action: 'read', code: bytes.code });
    failed = true;
    return undefined;
  };
}

/** Reads the state file, and tells of what is wrong with it. */
export function readKeptBans(options: KeptBansOptions): KeptBans {
  const { bus, prefixes } = options;
  const state = readBanState(readerOf(options));
  if (state.kind === 'new') return { sequence: undefined, slot: undefined, isSound: false };
  const { damaged } = state;
  if (damaged.length > 0) {
    bus.emit({ type: 'state-damaged', slots: damaged, restored: state.kind === 'kept' });
  }
  if (state.kind === 'lost') return { sequence: undefined, slot: undefined, isSound: false };
  const { slot } = state;
  const { sequence, bans } = slot;
  if (slot.prefixes.ipv4 === prefixes.ipv4 && slot.prefixes.ipv6 === prefixes.ipv6) {
    return { sequence, slot, isSound: damaged.length === 0 };
  }
  if (bans.length > 0) bus.emit({ type: 'bans-left-out', count: bans.length, reason: 'prefixes' });
  return { sequence, slot: undefined, isSound: false };
}
