import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newBanState } from '../../src/admission/ban-state.ts';
import { BanTable } from '../../src/admission/ban-table.ts';
import { keyedHash } from '../../src/admission/keyed-hash.ts';
import { readKeptBans } from '../../src/dispatcher/read-kept-bans.ts';
import { restoreBans } from '../../src/dispatcher/restore-bans.ts';
import { saveBans, writeState } from '../../src/dispatcher/save-bans.ts';
import { StateFile } from '../../src/dispatcher/state-file.ts';
import { Bus } from '../../src/events/bus.ts';
import { scratch } from '../harness/scratch.ts';
import { FakeWorld } from './fake-world.ts';

const MOST = 65_536;
const secret = Uint32Array.of(11, 12);
const prefixes = { ipv4: 32, ipv6: 64 };

function open(path: string, flags: string): StateFile {
  const fd = openSync(path, flags);
  onTestFinished(() => closeSync(fd));
  const file = StateFile.inherited(fd);
  if (!file) throw new Error(`"${path}" is no file`);
  return file;
}

function emptyTable(): BanTable {
  return new BanTable({ capacity: MOST, overflow: 'permissive', hash: keyedHash(secret) });
}

/** As many bans as the table takes. */
function fullTable(now: number): BanTable {
  const table = emptyTable();
  for (let number = 0; number < 2 * MOST; number++) {
    const until = now + 60_000 + number;
    const key = Uint32Array.of(0, 0, 0xffff, number);
    table.ban(key, { until, now, reason: 1, service: number % 3, byOperator: false });
  }
  return table;
}

describe('the state file', () => {
  test('has all bans of a full table, and gives them all back (S62)', async () => {
    const world = new FakeWorld();
    const path = join(scratch('state'), 'bans');
    const file = open(path, 'w+');
    const writes = newBanState({ prefixes, secret, writtenAtMs: world.wallMs() }).values();
    expect(await new Promise((done) => writeState({ file, writes }, done))).toBeUndefined();
    const table = fullTable(world.nowMs());
    expect(table.size).toBeGreaterThan(0.99 * MOST);
    const header = { prefixes, secret, sequence: 2 };
    const save = { file, table, world, header, tagOf: (service: number) => BigInt(service) };
    expect(await new Promise((done) => saveBans(save, done))).toBeUndefined();

    const { slot } = readKeptBans({ file: open(path, 'r'), bus: new Bus(), prefixes });
    const restored = emptyTable();
    if (!slot) throw new Error('There is nothing to restore');
    const outcome = restoreBans(restored, { slot, world, serviceOf: Number });
    expect(outcome).toEqual({ count: table.size, expired: 0, leftOut: 0 });
    const sorted = (from: BanTable) =>
      [...from.entries(world.nowMs())].sort((one, other) => one.until - other.until);
    expect(sorted(restored)).toEqual(sorted(table));
    // The rest is a hole.
    const { blocks } = statSync(path);
    expect(blocks * 512).toBeLessThan(2 * 40 * MOST + 65_536);
  });

  test('reads less at its end, and nothing beyond', async () => {
    const file = open(join(scratch('state'), 'bans'), 'w+');
    const bytes = Uint8Array.of(1, 2, 3);
    expect(await new Promise((done) => file.write({ offset: 10, bytes }, done))).toBeUndefined();
    expect(file.readAt(9, 100)).toEqual(Uint8Array.of(0, 1, 2, 3));
    expect(file.readAt(13, 100)).toEqual(new Uint8Array());
  });

  test('gives errors as values', async () => {
    const fd = openSync(join(scratch('state'), 'bans'), 'w');
    const file = StateFile.inherited(fd);
    expect(file?.readAt(0, 1)).toEqual({ code: 'EBADF' });
    closeSync(fd);
    expect(await new Promise((done) => file?.write({ offset: 0, bytes: Uint8Array.of(1) }, done))).toEqual({
      code: 'EBADF',
    });
  });

  test('is none where there is /dev/null in its place', () => {
    const fd = openSync('/dev/null', 'r+');
    expect(StateFile.inherited(fd)).toBeUndefined();
    closeSync(fd);
  });
});
