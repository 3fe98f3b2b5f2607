import { createHash } from 'node:crypto';
import { InvariantError } from '../model/errors.ts';
import { MOST_BANS } from '../model/most-bans.ts';
import { viewOf } from '../model/view-of.ts';
import { wordAt } from '../model/word-at.ts';
import type { SourcePrefixes } from './source-bits.ts';
import { KEY_WORDS } from './source-key.ts';

/** A ban as it is kept: by the wall clock, and without a word of text. */
export interface SavedBan {
  readonly key: Uint32Array;
  /** Wall clock, Infinity for ever. */
  readonly expiresAtMs: number;
  readonly reason: number;
  /** `serviceTag` of the service that caused it, 0 for none. */
  readonly service: bigint;
  readonly count: number;
  readonly byOperator: boolean;
}

/** What is said of all bans of a slot. */
export interface BanSlotHeader {
  /** The prefixes that the keys were made with; under others they mean something else. */
  readonly prefixes: SourcePrefixes;
  /** Two words: with the same secret the keys meet in the same sets of a table, so that all of a full one fit again. */
  readonly secret: Uint32Array;
  /** Grows by one with each writing. */
  readonly sequence: number;
  /** The wall clock when it was written. */
  readonly writtenAtMs: number;
}

export interface BanSlot extends BanSlotHeader {
  readonly bans: readonly SavedBan[];
}

/** What goes to a place of a slot, or of the file. */
export interface BanWrite {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * All numbers in network order. A slot: magic u64, version u16, prefix lengths u8 and u8, count u32, sequence u64,
 * time u64, secret u32 and u32, SHA-256 of the records and of all these; then `count` records; what follows is not
 * read. A record: four key words u32, expiry in milliseconds u64, service u64, count u32, reason u8, flags u8,
 * zero u16.
 */
const MAGIC = 0x7a696e_62616e_0d0an;
const VERSION = 1;
const DIGEST_AT = 40;
export const BAN_HEADER_BYTES = 72;
const RECORD_BYTES = 40;
const WORD = 2 ** 32;
const FOREVER = 0xffff_ffff;
const BY_OPERATOR = 1;

export function banSlotBytes(count: number): number {
  return BAN_HEADER_BYTES + count * RECORD_BYTES;
}

/** How many bytes a slot has that begins with these; undefined if no slot does. */
export function banSlotLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < BAN_HEADER_BYTES) return undefined;
  const view = viewOf(bytes);
  const count = view.getUint32(12);
  if (view.getBigUint64(0) !== MAGIC || view.getUint16(8) !== VERSION || count > MOST_BANS) return undefined;
  return banSlotBytes(count);
}

/**
 * Encodes a slot in portions, so that a large one holds up nobody: records as they come, and at the end the header,
 * without which they are none.
 */
export class BanSlotWriter {
  readonly #header: BanSlotHeader;
  readonly #hash = createHash('sha256');
  #count = 0;

  constructor(header: BanSlotHeader) {
    this.#header = header;
  }

  add(bans: readonly SavedBan[]): BanWrite {
    const offset = banSlotBytes(this.#count);
    this.#count += bans.length;
    if (this.#count > MOST_BANS) throw new InvariantError(`Cannot write more than ${MOST_BANS} bans`);
    const bytes = new Uint8Array(bans.length * RECORD_BYTES);
    const view = viewOf(bytes);
    for (const [index, ban] of bans.entries()) writeRecord(view, { at: index * RECORD_BYTES, ban });
    this.#hash.update(bytes);
    return { offset, bytes };
  }

  /** To be written last; nothing can be added after it. */
  finish(): BanWrite {
    const bytes = new Uint8Array(BAN_HEADER_BYTES);
    const view = viewOf(bytes);
    const { prefixes, secret, sequence, writtenAtMs } = this.#header;
    view.setBigUint64(0, MAGIC);
    view.setUint16(8, VERSION);
    view.setUint8(10, prefixes.ipv4);
    view.setUint8(11, prefixes.ipv6);
    view.setUint32(12, this.#count);
    writeWide(view, { at: 16, value: sequence });
    writeWide(view, { at: 24, value: writtenAtMs });
    view.setUint32(32, wordAt(secret, 0));
    view.setUint32(36, wordAt(secret, 1));
    bytes.set(this.#hash.update(bytes.subarray(0, DIGEST_AT)).digest(), DIGEST_AT);
    return { offset: 0, bytes };
  }
}

function writeRecord(view: DataView, { at, ban }: { readonly at: number; readonly ban: SavedBan }): void {
  for (let word = 0; word < KEY_WORDS; word++) view.setUint32(at + 4 * word, wordAt(ban.key, word));
  if (ban.expiresAtMs === Number.POSITIVE_INFINITY) view.setUint32(at + 16, FOREVER);
  else writeWide(view, { at: at + 16, value: ban.expiresAtMs });
  view.setBigUint64(at + 24, ban.service);
  view.setUint32(at + 32, ban.count);
  view.setUint8(at + 36, ban.reason);
  view.setUint8(at + 37, ban.byOperator ? BY_OPERATOR : 0);
}

/** What the slot at the beginning of some bytes says of itself; undefined if it is not exactly what was written (S115). */
export function decodeBanHeader(bytes: Uint8Array): BanSlotHeader | undefined {
  const length = banSlotLength(bytes);
  if (length === undefined || length > bytes.length) return undefined;
  if (!isIntact(bytes.subarray(0, length))) return undefined;
  const view = viewOf(bytes);
  return {
    prefixes: { ipv4: view.getUint8(10), ipv6: view.getUint8(11) },
    secret: Uint32Array.of(view.getUint32(32), view.getUint32(36)),
    sequence: readWide(view, 16),
    writtenAtMs: readWide(view, 24),
  };
}

/** The bans of a slot whose header could be decoded. */
export function decodeBans(bytes: Uint8Array): readonly SavedBan[] {
  const view = viewOf(bytes);
  return Array.from({ length: view.getUint32(12) }, (_, index) => readRecord(view, banSlotBytes(index)));
}

function readRecord(view: DataView, at: number): SavedBan {
  const key = new Uint32Array(KEY_WORDS);
  for (let word = 0; word < KEY_WORDS; word++) key[word] = view.getUint32(at + 4 * word);
  return {
    key,
    expiresAtMs: view.getUint32(at + 16) === FOREVER ? Number.POSITIVE_INFINITY : readWide(view, at + 16),
    reason: view.getUint8(at + 36),
    service: view.getBigUint64(at + 24),
    count: view.getUint32(at + 32),
    byOperator: (view.getUint8(at + 37) & BY_OPERATOR) !== 0,
  };
}

function isIntact(bytes: Uint8Array): boolean {
  const digest = createHash('sha256')
    .update(bytes.subarray(BAN_HEADER_BYTES))
    .update(bytes.subarray(0, DIGEST_AT))
    .digest();
  return digest.equals(bytes.subarray(DIGEST_AT, BAN_HEADER_BYTES));
}

function readWide(view: DataView, at: number): number {
  return view.getUint32(at) * WORD + view.getUint32(at + 4);
}

function writeWide(view: DataView, { at, value }: { readonly at: number; readonly value: number }): void {
  const whole = Math.ceil(value);
  if (!Number.isSafeInteger(whole) || whole < 0) {
    throw new InvariantError(`Cannot write ${value} into the state of the bans`);
  }
  view.setUint32(at, Math.floor(whole / WORD));
  view.setUint32(at + 4, whole % WORD);
}
