import {
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BanSlotWriter, type SavedBan } from '../../src/admission/ban-slot.ts';
import { type BanState, banSlotOffset, readBanState } from '../../src/admission/ban-state.ts';
import { KEY_WORDS, sourceKeyWriter } from '../../src/admission/source-key.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { stateDirectory } from '../harness/state-directory.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};
const PREFIXES = { ipv4: 32, ipv6: 64 };
const HOUR_MS = 3_600_000;
const GUEST = '127.0.0.7';
const OTHER = '127.0.0.8';
const NOBODY = 65_534;

const config = {
  services: {
    trap: { listen: 'tcp://127.0.0.1:0', sensor: true, deny_time: '1h' },
    it: { listen: 'tcp://127.0.0.1:0', server: handler('raw'), ...user },
  },
};

function start(state: string, options: Partial<StartOptions> = {}): Promise<Zinetd> {
  return startZinetd({ config, args: ['--state-dir', state], lossy: true, ...options });
}

/** What a client of this address gets. */
function visit(port: number, from: string): Promise<string> {
  const socket = createConnection({ port, host: '127.0.0.1', localAddress: from });
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  socket.once('end', () => socket.destroy());
  socket.on('error', () => {});
  return new Promise((done) => socket.once('close', () => done(received)));
}

async function isServed(zinetd: Zinetd, from: string): Promise<boolean> {
  return (await visit(zinetd.port('it'), from)) === 'ok\n';
}

/** The sensor bans whoever comes. */
async function ban(zinetd: Zinetd, from = GUEST): Promise<void> {
  await visit(zinetd.port('trap'), from);
  await zinetd.event((record) => record.event === 'banned' && record.peer?.address === from);
}

function keyOf(address: string): Uint32Array {
  const key = new Uint32Array(KEY_WORDS);
  sourceKeyWriter(PREFIXES)(Uint8Array.from(address.split('.').map(Number)), key);
  return key;
}

function savedBan(address: string, expiresAtMs = Date.now() + HOUR_MS): SavedBan {
  return { key: keyOf(address), expiresAtMs, reason: 0, service: 0n, count: 1, byOperator: false };
}

function stateIn(directory: string): BanState {
  const fd = openSync(join(directory, 'bans'), 'r');
  try {
    return readBanState((offset, length) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
    });
  } finally {
    closeSync(fd);
  }
}

/** The ban of an address, as the file has it. */
function savedIn(directory: string, address: string): SavedBan | undefined {
  const state = stateIn(directory);
  const key = keyOf(address).join();
  return state.kind === 'kept' ? state.slot.bans.find((each) => each.key.join() === key) : undefined;
}

function saved(directory: string, address = GUEST): Promise<SavedBan> {
  return until(() => savedIn(directory, address), { what: `the ban of ${address} is in the file` });
}

/** A state directory whose file was laid out by zinetd itself. */
async function madeState(): Promise<string> {
  const directory = stateDirectory();
  const zinetd = await start(directory);
  await until(() => stateIn(directory).kind === 'kept', { what: 'there is a state file' });
  await zinetd.stop();
  return directory;
}

function overwrite(directory: string, { offset, bytes }: { offset: number; bytes: Uint8Array }): void {
  const fd = openSync(join(directory, 'bans'), 'r+');
  writeSync(fd, bytes, 0, bytes.length, offset);
  closeSync(fd);
}

function writeSlot(directory: string, options: { sequence: number; bans: readonly SavedBan[] }): void {
  const { sequence, bans } = options;
  const secret = Uint32Array.of(1, 2);
  const slot = new BanSlotWriter({ prefixes: PREFIXES, secret, sequence, writtenAtMs: Date.now() });
  for (const { offset, bytes } of [slot.add(bans), slot.finish()]) {
    overwrite(directory, { offset: banSlotOffset(sequence) + offset, bytes });
  }
}

/** Changes one byte of the first record. */
function damage(directory: string, slot: 0 | 1): void {
  overwrite(directory, { offset: banSlotOffset(slot) + 80, bytes: Uint8Array.of(0xa5) });
}

describe('a ban', { timeout: 60_000 }, () => {
  test('outlasts the dispatcher, killed outright, and touches nobody else (S62)', async () => {
    const directory = stateDirectory();
    const zinetd = await start(directory);
    await ban(zinetd);
    await saved(directory);
    process.kill(zinetd.dispatcherPid ?? 0, 'SIGKILL');
    expect(await zinetd.event('bans-restored')).toMatchObject({ level: 'info', count: 1, expired: 0 });
    await zinetd.event('ready');
    expect(await isServed(zinetd, GUEST)).toBe(false);
    expect(await zinetd.event((record) => record.reason === 'banned')).toMatchObject({ service: 'it' });
    expect(await isServed(zinetd, OTHER)).toBe(true);
  });

  test('outlasts zinetd, with the time that it has left (S62, S90)', async () => {
    const directory = stateDirectory();
    const first = await start(directory);
    await ban(first);
    await first.stop();
    const { expiresAtMs } = await saved(directory);
    expect(Math.abs(expiresAtMs - Date.now() - HOUR_MS)).toBeLessThan(60_000);
    const second = await start(directory);
    expect(await second.event('bans-restored')).toMatchObject({ count: 1, expired: 0 });
    expect(await isServed(second, GUEST)).toBe(false);
    expect(await isServed(second, OTHER)).toBe(true);
    await second.stop();
    // The clocks of wall and machine may drift apart a little meanwhile.
    expect(Math.abs((await saved(directory)).expiresAtMs - expiresAtMs)).toBeLessThan(1000);
  });

  test('that ended while zinetd was down is over (S62)', async () => {
    const directory = await madeState();
    writeSlot(directory, { sequence: 8, bans: [savedBan(GUEST), savedBan(OTHER, Date.now())] });
    const zinetd = await start(directory);
    expect(await zinetd.event('bans-restored')).toMatchObject({ count: 1, expired: 1 });
    expect(await isServed(zinetd, GUEST)).toBe(false);
    expect(await isServed(zinetd, OTHER)).toBe(true);
  });

  test('made with other prefixes is not taken over, and that is told (S62)', async () => {
    const directory = await madeState();
    writeSlot(directory, { sequence: 8, bans: [savedBan(GUEST)] });
    const zinetd = await start(directory, { config: { ...config, sources: { ipv4_prefix: 24 } } });
    expect(await zinetd.event('bans-left-out')).toMatchObject({ count: 1, reason: 'prefixes' });
    expect(await isServed(zinetd, GUEST)).toBe(true);
    expect(zinetd.log.count('bans-restored')).toBe(0);
  });
});

describe('a state file', { timeout: 60_000 }, () => {
  test('whose newest part is damaged gives what the older one has, and is whole again (S115)', async () => {
    const directory = await madeState();
    writeSlot(directory, { sequence: 8, bans: [savedBan(GUEST)] });
    writeSlot(directory, { sequence: 9, bans: [savedBan(GUEST), savedBan(OTHER)] });
    damage(directory, 1);
    const zinetd = await start(directory);
    expect(await zinetd.event('state-damaged')).toMatchObject({ level: 'error', slots: [1], restored: true });
    expect(await zinetd.event('bans-restored')).toMatchObject({ count: 1 });
    expect(await isServed(zinetd, GUEST)).toBe(false);
    expect(await isServed(zinetd, OTHER)).toBe(true);
    await until(() => stateIn(directory).kind === 'kept' && savedIn(directory, GUEST), {
      what: 'it is whole',
    });
  });

  test('that is damaged as a whole is told of, begun anew, and works (S115)', async () => {
    const directory = await madeState();
    writeSlot(directory, { sequence: 8, bans: [savedBan(GUEST)] });
    writeSlot(directory, { sequence: 9, bans: [savedBan(GUEST)] });
    damage(directory, 0);
    damage(directory, 1);
    const first = await start(directory);
    expect(await first.event('state-damaged')).toMatchObject({ slots: [0, 1], restored: false });
    expect(await isServed(first, GUEST)).toBe(true);
    await ban(first, OTHER);
    await saved(directory, OTHER);
    await first.stop();
    const second = await start(directory);
    expect(await second.event('bans-restored')).toMatchObject({ count: 1 });
    expect(second.log.count('state-damaged')).toBe(0);
  });

  test('is for one zinetd: another one says that it has none, and serves (S111)', async () => {
    const directory = stateDirectory();
    const first = await start(directory);
    const second = await start(directory);
    expect(second.stderr).toMatch(/Cannot keep state in ".*\/bans": Device or resource busy/);
    await ban(second, OTHER);
    expect(await isServed(second, OTHER)).toBe(false);
    await ban(first);
    await saved(directory);
    expect(savedIn(directory, OTHER)).toBeUndefined();
  });

  test('is none when there is something else in its place, which stays as it is (S111, S112)', async () => {
    const directory = await madeState();
    const path = join(directory, 'bans');
    // All of it is within the reach of the dispatcher's uid: only what it is keeps zinetd from it.
    const { uid } = statSync(directory);
    const elsewhere = scratch('target');
    chmodSync(elsewhere, 0o777);
    const target = join(elsewhere, 'file');
    writeAs(target, uid);
    const plants: Readonly<Record<string, () => unknown>> = {
      'a symbolic link': () => symlinkSync(target, path),
      'a dangling link': () => symlinkSync(`${target}-to-be`, path),
      'a hard link': () => linkSync(target, path),
      'a FIFO': async () => {
        await runProgram(['mkfifo', path]);
        if (isRoot) chownSync(path, uid, uid);
      },
      'a directory': () => mkdirSync(path),
      ...(isRoot ? { 'a file of another user': () => writeAs(path, NOBODY) } : {}),
    };
    for (const [what, plant] of Object.entries(plants)) {
      rmSync(path, { recursive: true });
      await plant();
      const zinetd = await start(directory);
      expect(zinetd.stderr, what).toContain(`Cannot keep state in "${path}": `);
      await ban(zinetd);
      expect(await isServed(zinetd, GUEST), what).toBe(false);
      expect(await isServed(zinetd, OTHER), what).toBe(true);
      await zinetd.stop();
      expect(readFileSync(target, 'utf8'), what).toBe('precious');
      expect(() => readFileSync(`${target}-to-be`), what).toThrow('ENOENT');
    }
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });
});

/** A file that everybody can write. */
function writeAs(path: string, uid: number): void {
  writeFileSync(path, 'precious');
  chmodSync(path, 0o666);
  if (isRoot) chownSync(path, uid, uid);
}

describeWith('a disk without room', { needs: ['a mount namespace'] }, () => {
  /** Two pages for the slots, and a file that takes them. */
  const MOUNT =
    'mount -t tmpfs -o size=64k,mode=755 none "$0" && head -c 64k /dev/zero >"$0/filler"; exec "$@"';

  test('is told of once, disturbs no service, and has the bans once there is room (promise 8)', async () => {
    const mount = scratch('full');
    const prefix = ['unshare', '--mount', 'sh', '-c', MOUNT, mount];
    const zinetd = await start(join(mount, 'state'), { prefix });
    expect(await zinetd.event('state-failed')).toMatchObject({ action: 'write', error: 'ENOSPC' });
    await ban(zinetd);
    expect(await isServed(zinetd, GUEST)).toBe(false);
    expect(await isServed(zinetd, OTHER)).toBe(true);
    const inside = `/proc/${zinetd.pid}/root${mount}`;
    rmSync(join(inside, 'filler'));
    await zinetd.event('state-saved');
    await saved(join(inside, 'state'));
    expect(zinetd.log.count('state-failed')).toBe(1);
  }, 60_000);
});
