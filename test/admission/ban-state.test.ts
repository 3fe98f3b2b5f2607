import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BanSlot,
  BanSlotWriter,
  banSlotBytes,
  decodeBanHeader,
  type SavedBan,
} from '../../src/admission/ban-slot.ts';
import {
  type BanState,
  banSlotOffset,
  newBanState,
  readBanState,
  remainingMs,
  serviceTag,
} from '../../src/admission/ban-state.ts';
import { MOST_BANS } from '../../src/model/most-bans.ts';

const HEADER = {
  prefixes: { ipv4: 32, ipv6: 64 },
  secret: Uint32Array.of(0xfeed_f00d, 3),
  writtenAtMs: 1_790_000_000_123,
};
/** What of each slot the tests look at: four bans. */
const USED = banSlotBytes(4);

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const savedBan: fc.Arbitrary<SavedBan> = fc.record({
  key: fc.tuple(word, word, word, word).map((words) => Uint32Array.from(words)),
  expiresAtMs: fc.oneof(fc.maxSafeNat(), fc.constant(Number.POSITIVE_INFINITY)),
  reason: fc.nat({ max: 255 }),
  service: fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
  count: word,
  byOperator: fc.boolean(),
});
const bans = fc.array(savedBan, { maxLength: 4 });
const BAN: SavedBan = {
  key: Uint32Array.of(1, 2, 3, 4),
  expiresAtMs: 5,
  reason: 1,
  service: 9n,
  count: 1,
  byOperator: false,
};

/** The writing of a slot in one piece, as it is put together from portions of one ban. */
function slotOf(list: readonly SavedBan[], sequence: number): Buffer {
  const writer = new BanSlotWriter({ ...HEADER, sequence });
  const bytes = Buffer.alloc(banSlotBytes(list.length));
  for (const ban of list) {
    const write = writer.add([ban]);
    bytes.set(write.bytes, write.offset);
  }
  const { offset, bytes: header } = writer.finish();
  bytes.set(header, offset);
  return bytes;
}

/** The slots of a file; what is between them is a hole. */
class SparseFile {
  readonly slots: readonly [Buffer, Buffer];

  constructor(slots: readonly [Uint8Array, Uint8Array]) {
    this.slots = [Buffer.from(slots[0]), Buffer.from(slots[1])];
  }

  /** As pread(2) does; the file ends where the second slot does. */
  read(offset: number, length: number): Uint8Array {
    const index = offset < banSlotOffset(1) ? 0 : 1;
    const bytes = this.slots[index].subarray(offset - banSlotOffset(index)).subarray(0, length);
    if (index === 1 || this.slots[1].length === 0) return bytes;
    return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
  }

  state(): BanState {
    return readBanState((offset, length) => this.read(offset, length));
  }
}

/** A file that was written with the first bans, and then with the second. */
function fileOf(older: readonly SavedBan[], newer: readonly SavedBan[]): SparseFile {
  return new SparseFile([slotOf(older, 2), slotOf(newer, 3)]);
}

function kept(slot: Partial<BanSlot>, damaged: readonly number[] = []) {
  return { kind: 'kept', damaged, slot: expect.objectContaining(slot) };
}

describe('the state of the bans', () => {
  test('comes back as it was written last', () => {
    fc.assert(
      fc.property(bans, bans, (older, newer) => {
        const slot = { ...HEADER, sequence: 3, bans: newer };
        expect(fileOf(older, newer).state()).toEqual({ kind: 'kept', damaged: [], slot });
      }),
    );
  });

  test('begins with both slots, which are as far from each other as the largest table needs', () => {
    const writes = newBanState(HEADER);
    expect(writes.map(({ offset }) => offset)).toEqual([0, 72 + MOST_BANS * 40]);
    const [first, second] = writes.map(({ bytes }) => bytes);
    const file = new SparseFile([first ?? new Uint8Array(), second ?? new Uint8Array()]);
    expect(file.state()).toEqual(kept({ sequence: 1, bans: [] }));
  });

  test('is new when there is not one byte, and not when it cannot be read', () => {
    expect(readBanState(() => new Uint8Array())).toEqual({ kind: 'new' });
    expect(readBanState(() => undefined)).toEqual({ kind: 'lost', damaged: [0, 1] });
  });

  test('is never another than one that was written, whatever bytes are changed (S115)', () => {
    const change = fc.record({
      slot: fc.nat({ max: 1 }),
      at: fc.nat({ max: USED }),
      to: fc.nat({ max: 255 }),
    });
    const changes = fc.array(change, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(bans, bans, changes, (older, newer, changed) => {
        const file = fileOf(older, newer);
        for (const { slot, at, to } of changed) {
          const bytes = file.slots[slot];
          if (bytes && at < bytes.length) bytes[at] = to;
        }
        const state = file.state();
        if (state.kind !== 'kept') expect(state).toEqual({ kind: 'lost', damaged: [0, 1] });
        else expect(state.slot.bans).toEqual(state.slot.sequence === 3 ? newer : older);
        if (state.kind === 'kept' && state.slot.sequence === 2) expect(state.damaged).toEqual([1]);
      }),
      { numRuns: 1000 },
    );
  });

  test('falls back to the older slot, and says which one is damaged (S115)', () => {
    // Each byte of the newer slot.
    for (let at = 0; at < banSlotBytes(1); at++) {
      const file = fileOf([], [BAN]);
      file.slots[1][at] = (file.slots[1][at] ?? 0) ^ 1;
      expect(file.state()).toEqual(kept({ sequence: 2, bans: [] }, [1]));
    }
    const file = fileOf([], [BAN]);
    file.slots[0][20] = 99;
    expect(file.state()).toEqual(kept({ sequence: 3 }, [0]));
    file.slots[1][20] = 99;
    expect(file.state()).toEqual({ kind: 'lost', damaged: [0, 1] });
  });

  test('is never half read when a slot is cut off or full of zeros (S115)', () => {
    fc.assert(
      fc.property(bans, bans, fc.nat({ max: USED - 1 }), (older, newer, length) => {
        const { slots } = fileOf(older, newer);
        const cut = new SparseFile([slots[0], slots[1].subarray(0, Math.min(length, slots[1].length - 1))]);
        expect(cut.state()).toEqual(kept({ sequence: 2, bans: older }, [1]));
      }),
    );
    for (const length of [1, 71, 72, 464]) {
      const zeros = new SparseFile([Buffer.alloc(length), Buffer.alloc(length)]);
      expect(zeros.state()).toEqual({ kind: 'lost', damaged: [0, 1] });
    }
  });

  test('has lost its second slot when it ends before that (S115)', () => {
    expect(new SparseFile([slotOf([BAN], 2), new Uint8Array()]).state()).toEqual(
      kept({ sequence: 2, bans: [BAN] }, [1]),
    );
  });

  test('is not read from a slot in the place of the other', () => {
    const { slots } = fileOf([], []);
    expect(new SparseFile([slots[1], slots[0]]).state()).toEqual({ kind: 'lost', damaged: [0, 1] });
  });

  test('is refused, not run past, when it claims more bans than there are, with a good digest (S115)', () => {
    for (const count of [3, 1, MOST_BANS, MOST_BANS + 1, 0xffff_ffff]) {
      const slot = slotOf([BAN, BAN], 2);
      slot.writeUInt32BE(count, 12);
      const claimed = slot.subarray(0, Math.min(slot.length, banSlotBytes(count)));
      createHash('sha256').update(slot.subarray(72)).update(slot.subarray(0, 40)).digest().copy(slot, 40);
      expect(decodeBanHeader(slot)).toBeUndefined();
      expect(decodeBanHeader(claimed)).toBeUndefined();
    }
  });
});

test('what no table of bans can hold is not written', () => {
  const tooMany = new Array<SavedBan>(MOST_BANS + 1).fill(BAN);
  expect(() => new BanSlotWriter({ ...HEADER, sequence: 2 }).add(tooMany)).toThrow(`more than ${MOST_BANS}`);
  for (const expiresAtMs of [-1, Number.NaN, Number.MAX_VALUE])
    expect(() => slotOf([{ ...BAN, expiresAtMs }], 2)).toThrow(`Cannot write ${expiresAtMs}`);
});

describe('the time that a restored ban has left', () => {
  const ban = { key: new Uint32Array(4), reason: 0, service: 0n, count: 1, byOperator: true };

  test('has gone on while zinetd was down', () => {
    const saved = { ...ban, expiresAtMs: 10_000 };
    expect(remainingMs(saved, { writtenAtMs: 1000, nowMs: 4000 })).toBe(6000);
    expect(remainingMs(saved, { writtenAtMs: 1000, nowMs: 10_001 })).toBe(0);
    expect(
      remainingMs({ ...ban, expiresAtMs: Number.POSITIVE_INFINITY }, { writtenAtMs: 0, nowMs: 9e15 }),
    ).toBe(Number.POSITIVE_INFINITY);
  });

  test('is never more than it was, when the clock was set back or begins in 1970 (S90)', () => {
    expect(remainingMs({ ...ban, expiresAtMs: 10_000 }, { writtenAtMs: 9000, nowMs: 5 })).toBe(1000);
  });
});

describe('the tag of a service', () => {
  test('is the same for the same name, another for another, and never 0', () => {
    expect(serviceTag('finger')).toBe(serviceTag('finger'));
    expect(serviceTag('finger')).not.toBe(serviceTag('fingers'));
    expect(serviceTag('')).not.toBe(0n);
  });
});
