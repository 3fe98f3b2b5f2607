import { createHash } from 'node:crypto';
import {
  BAN_HEADER_BYTES,
  BanSlotWriter,
  banSlotBytes,
  type SavedBan,
} from '../../src/admission/ban-slot.ts';
import { banSlotOffset, newBanState, readBanState } from '../../src/admission/ban-state.ts';
import { BanTable } from '../../src/admission/ban-table.ts';
import { keyedHash } from '../../src/admission/keyed-hash.ts';
import { restoreBans } from '../../src/dispatcher/restore-bans.ts';
import { type FuzzTarget, holds } from './target.ts';

const HEADER = {
  prefixes: { ipv4: 32, ipv6: 64 },
  secret: Uint32Array.of(7, 9),
  writtenAtMs: 1_790_000_000_000,
};
const DIGEST_AT = 40;
const NOW_MS = 1_790_000_060_000;

function ban(number: number, changes: Partial<SavedBan> = {}): SavedBan {
  const key = Uint32Array.of(0, 0, 0xffff, number);
  const one = {
    key,
    expiresAtMs: NOW_MS + 5000 * number,
    reason: 1,
    service: 9n,
    count: 1,
    byOperator: false,
  };
  return { ...one, ...changes };
}

function slotOf(bans: readonly SavedBan[], sequence: number): Buffer {
  const writer = new BanSlotWriter({ ...HEADER, sequence });
  const bytes = Buffer.alloc(banSlotBytes(bans.length));
  const records = writer.add(bans);
  bytes.set(records.bytes, records.offset);
  const head = writer.finish();
  bytes.set(head.bytes, head.offset);
  return bytes;
}

/** Two slots behind a byte that says whether their sums are made right again, and two with the length of the first. */
function fileOf(first: Buffer, second: Buffer, isSummed: boolean): Buffer {
  return Buffer.concat([
    Buffer.from([Number(isSummed), first.length >> 8, first.length & 0xff]),
    first,
    second,
  ]);
}

function summed(slot: Buffer): Buffer {
  const count = slot.length < BAN_HEADER_BYTES ? 0 : slot.readUInt32BE(12);
  const length = banSlotBytes(count);
  if (slot.length < BAN_HEADER_BYTES || length > slot.length) return slot;
  const hash = createHash('sha256')
    .update(slot.subarray(BAN_HEADER_BYTES, length))
    .update(slot.subarray(0, DIGEST_AT));
  hash.digest().copy(slot, DIGEST_AT);
  return slot;
}

/** What an earlier dispatcher has left is taken over to the last ban, or it is said that it is not (S90, S115). */
function runState(bytes: Uint8Array): string {
  const [flags = 0, high = 0, low = 0] = bytes;
  const rest = Buffer.from(bytes.subarray(3));
  const parts = [rest.subarray(0, high * 256 + low), rest.subarray(high * 256 + low)] as const;
  const slots = flags & 1 ? parts.map((part) => summed(part)) : parts;
  const state = readBanState((offset, length) => {
    const index = offset < banSlotOffset(1) ? 0 : 1;
    const slot = (slots[index] ?? Buffer.alloc(0))
      .subarray(offset - banSlotOffset(index))
      .subarray(0, length);
    if (index === 1 || slots[1]?.length === 0) return slot;
    return Buffer.concat([slot, Buffer.alloc(Math.max(0, Math.min(length, 1 << 20) - slot.length))]);
  });
  if (state.kind !== 'kept') return state.kind;
  const table = new BanTable({ capacity: 16, overflow: 'permissive', hash: keyedHash(state.slot.secret) });
  const world = { nowMs: () => 1000, wallMs: () => NOW_MS };
  const { slot } = state;
  const { count, expired, leftOut } = restoreBans(table, { slot, world, serviceOf: () => 0 });
  holds(count + expired + leftOut === slot.bans.length, 'each ban is one of these', count, expired, leftOut);
  for (const saved of slot.bans) {
    const until = table.find(saved.key, 1000)?.until;
    holds(until === undefined || until > 1000, 'a ban that has time left', saved.expiresAtMs, until);
  }
  return `kept ${state.damaged.length} ${count > 0} ${expired > 0} ${leftOut > 0}`;
}

export const RECORD_TARGETS: readonly FuzzTarget[] = [
  {
    ...{ name: 'ban-state', entries: 'F23, S62, S90, S115', run: runState },
    words: ['\xff\xff\xff\xff', '\0\0\0\0', '\x7f\xff\xff\xff', '\x01', 'zin'],
    seeds: () => [
      fileOf(
        slotOf([ban(1)], 2),
        slotOf([ban(1), ban(2, { byOperator: true, expiresAtMs: Number.POSITIVE_INFINITY })], 3),
        true,
      ),
      fileOf(
        slotOf(
          Array.from({ length: 24 }, (_, index) => ban(index + 1)),
          5,
        ),
        slotOf([], 4),
        true,
      ),
      fileOf(slotOf([ban(1)], 2), slotOf([ban(2)], 3), false),
      fileOf(
        Buffer.from(newBanState(HEADER)[0]?.bytes ?? []),
        Buffer.from(newBanState(HEADER)[1]?.bytes ?? []),
        false,
      ),
      fileOf(slotOf([ban(1)], 2), Buffer.alloc(0), true),
    ],
  },
];
