import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type ListenOptions, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Outlet } from '../../src/model/outlet.ts';
import { configOf } from '../compile/example.ts';
import { isRoot } from '../harness/identity.ts';
import { descriptorCountOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { runSpawner } from './run-spawner.ts';

const FIXTURES = resolve('test/native/fixtures');
const PYTHON = '/usr/bin/python3';
const NOBODY = 65_534;
const STICKY = 0o1777;
/** S112 */
const TRIES = 1000;
const ROUNDS = 10;

interface Row {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly flags: number | null;
}

function fileAt(path: string, mode = 0o640): Outlet {
  return { kind: 'file', path, mode };
}

function tcpTo(port: number): Outlet {
  const address = { family: 4, bytes: Uint8Array.from([127, 0, 0, 1]), port, scopeId: 0 } as const;
  return { kind: 'socket', scheme: 'tcp', address };
}

function unixAt(scheme: 'unix' | 'unix-dgram', path: string): Outlet {
  return { kind: 'socket', scheme, address: { family: 'path', path } };
}

interface Result {
  readonly rows: readonly Row[];
  /** How many the spawner has open in the end. */
  readonly descriptors: number | undefined;
}

/** What the real spawner does with outlets that a dispatcher asks for again and again. */
async function run(outlets: readonly Outlet[], tries: number | 'die'): Promise<Result> {
  const argv = ['python3', join(FIXTURES, 'outlet-dispatcher.py'), String(outlets.length), String(tries)];
  const spawner = runSpawner({
    config: configOf([], { outlets }),
    dispatcher: [],
    boot: { dispatcher: { path: PYTHON, argv, env: [] } },
  });
  const rows: Row[] = [];
  let descriptors: number | undefined;
  for await (const text of spawner.lines) {
    const line = JSON.parse(text);
    if (line.case === 'row') rows.push(line);
    if (line.case !== 'end') continue;
    descriptors = descriptorCountOf(spawner.pid);
    spawner.process.kill('SIGTERM');
  }
  expect({ code: await spawner.exited, stderr: spawner.stderr }).toEqual({ code: 0, stderr: '' });
  return { rows, descriptors };
}

async function open(outlets: readonly Outlet[], tries = 1): Promise<readonly Row[]> {
  return (await run(outlets, tries)).rows;
}

async function outcomesOf(outlets: readonly Outlet[], tries = 1): Promise<readonly Row['outcomes'][]> {
  return (await open(outlets, tries)).map(({ outcomes }) => outcomes);
}

/** Swaps what is at a path for a link to the target for as long as the test lasts, as a user who is nobody else. */
async function swap(kind: 'file' | 'directory', path: string, target: string): Promise<void> {
  const script = readFileSync(join(FIXTURES, 'swap.py'), 'utf8');
  const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn(PYTHON, ['-c', script, kind, path, target], {
    ...identity,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
  });
  await once(child.stdout, 'data');
}

describe('a file as an outlet', () => {
  test('is appended to, and is never shortened', async () => {
    const path = join(scratch('outlets'), 'log');
    writeFileSync(path, 'before\n');
    const [row] = await open([fileAt(path)], 3);
    expect(row?.outcomes).toEqual({ open: 3 });
    expect(readFileSync(path, 'utf8')).toBe('before\nrow 0\nrow 0\nrow 0\n');
    const { O_APPEND, O_NONBLOCK, O_WRONLY } = constants;
    expect((row?.flags ?? 0) & (O_APPEND | O_NONBLOCK | O_WRONLY)).toBe(O_APPEND | O_NONBLOCK | O_WRONLY);
  });

  test.each(['600', '644', '666'])('is made with mode %s, whatever the umask is', async (digits) => {
    const mode = Number.parseInt(digits, 8);
    const path = join(scratch('outlets'), 'log');
    expect(await outcomesOf([fileAt(path, mode)])).toEqual([{ open: 1 }]);
    expect(statSync(path).mode & 0o7777).toBe(mode);
    expect(statSync(path).uid).toBe(process.getuid?.());
  });

  test('is not opened by way of a link, a hard link, a FIFO, a directory or a device (S111)', async () => {
    const at = scratch('outlets');
    const named = (name: string): string => join(at, name);
    writeFileSync(named('target'), 'target');
    symlinkSync('target', named('link'));
    symlinkSync('missing', named('dangling'));
    writeFileSync(named('original'), 'original');
    linkSync(named('original'), named('hard-link'));
    mkdirSync(named('directory'));
    symlinkSync('directory', named('way'));
    for (const name of ['fifo', 'read-fifo']) execFileSync('mkfifo', [named(name)]);
    const reader = openSync(named('read-fifo'), constants.O_RDONLY | constants.O_NONBLOCK);
    const expected: readonly [string, string][] = [
      [named('link'), 'ELOOP'],
      [named('dangling'), 'ELOOP'],
      [named('hard-link'), 'EMLINK'],
      [named('fifo'), 'ENXIO'],
      [named('read-fifo'), 'EEXIST'],
      [named('directory'), 'EISDIR'],
      [named('directory/'), 'ENOENT'],
      [named('way/log'), 'ENOTDIR'],
      [named('missing/log'), 'ENOENT'],
      [named('target/log'), 'ENOTDIR'],
      [named('x'.repeat(256)), 'ENAMETOOLONG'],
      [`${named('y'.repeat(256))}/log`, 'ENAMETOOLONG'],
      ['/dev/null', 'EEXIST'],
      ['/', 'ENOENT'],
    ];
    const outcomes = await outcomesOf(expected.map(([path]) => fileAt(path)));
    closeSync(reader);
    expect(outcomes).toEqual(expected.map(([, code]) => ({ [code]: 1 })));
    expect(existsSync(named('missing'))).toBe(false);
    expect(existsSync(named('directory/log'))).toBe(false);
    for (const name of ['target', 'original']) expect(readFileSync(named(name), 'utf8')).toBe(name);
  });

  test('is not opened below a directory that others can write to, unless it is sticky and of root (S112)', async () => {
    const at = scratch('outlets');
    for (const [name, mode] of Object.entries({ open: 0o777, shared: 0o775, sticky: STICKY })) {
      mkdirSync(join(at, name));
      chmodSync(join(at, name), mode);
    }
    const outcomes = await outcomesOf(
      ['open/log', 'shared/log', 'sticky/log'].map((name) => fileAt(join(at, name))),
    );
    expect(outcomes).toEqual([
      { EPERM: 1 },
      isRoot ? { EPERM: 1 } : { open: 1 },
      { [isRoot ? 'open' : 'EPERM']: 1 },
    ]);
    expect(existsSync(join(at, 'open/log'))).toBe(false);
  });

  test.runIf(isRoot)(
    "is not opened where it is somebody else's, or its directory is (S111, S112)",
    async () => {
      const at = scratch('outlets');
      writeFileSync(join(at, 'log'), 'theirs');
      chownSync(join(at, 'log'), NOBODY, 0);
      mkdirSync(join(at, 'theirs'));
      chownSync(join(at, 'theirs'), NOBODY, 0);
      const outcomes = await outcomesOf(['log', 'theirs/log'].map((name) => fileAt(join(at, name))));
      expect(outcomes).toEqual([{ EPERM: 1 }, { EPERM: 1 }]);
      expect(readFileSync(join(at, 'log'), 'utf8')).toBe('theirs');
    },
  );
});

describe.runIf(isRoot)('a file as an outlet of root, while somebody swaps what is at its path', () => {
  function victim(): { readonly directory: string; readonly path: string } {
    const directory = scratch('victim');
    const path = join(directory, 'ld.so.preload');
    writeFileSync(path, 'untouched');
    return { directory, path };
  }

  test('is never opened in a directory of theirs, and what they link to is never written (S112)', async () => {
    const { path } = victim();
    const theirs = join(scratch('outlets'), 'theirs');
    mkdirSync(theirs);
    writeFileSync(join(theirs, 'steady'), '');
    chownSync(theirs, NOBODY, NOBODY);
    await swap('file', join(theirs, 'log'), path);
    const outlets = ['log', 'steady'].map((name) => fileAt(join(theirs, name)));
    expect(await outcomesOf(outlets, TRIES)).toEqual([{ EPERM: TRIES }, { EPERM: TRIES }]);
    expect(readFileSync(path, 'utf8')).toBe('untouched');
  });

  test('is never opened in a directory that all share, and what they link to is never written (S111)', async () => {
    const { path } = victim();
    const shared = join(scratch('outlets'), 'shared');
    mkdirSync(shared);
    chmodSync(shared, STICKY);
    writeFileSync(join(shared, 'log'), '');
    chownSync(join(shared, 'log'), NOBODY, NOBODY);
    await swap('file', join(shared, 'log'), path);
    const [outcomes = {}] = await outcomesOf([fileAt(join(shared, 'log'))], TRIES);
    // The kernel's own word about links in such a directory is ELOOP or EACCES.
    expect(Object.keys(outcomes)).toHaveLength(2);
    expect(outcomes).toHaveProperty('EPERM');
    expect(outcomes).not.toHaveProperty('open');
    expect(readFileSync(path, 'utf8')).toBe('untouched');
  });

  test('is never opened below a directory that they swap for a link (S112)', async () => {
    const { directory, path } = victim();
    const shared = join(scratch('outlets'), 'shared');
    mkdirSync(shared);
    chmodSync(shared, STICKY);
    mkdirSync(join(shared, 'way'));
    chownSync(join(shared, 'way'), NOBODY, NOBODY);
    await swap('directory', join(shared, 'way'), directory);
    const seen = new Set<string>();
    // Their directory, their link, and neither: which of them a try meets is chance.
    for (let round = 0; round < ROUNDS && !(seen.has('ENOTDIR') && seen.has('EPERM')); round++) {
      const [outcomes = {}] = await outcomesOf([fileAt(join(shared, 'way/ld.so.preload'))], TRIES);
      for (const outcome of Object.keys(outcomes)) seen.add(outcome);
    }
    expect([...seen]).toEqual(expect.arrayContaining(['ENOTDIR', 'EPERM']));
    expect([...seen]).not.toContain('open');
    expect(readFileSync(path, 'utf8')).toBe('untouched');
  });
});

describe('a socket as an outlet', () => {
  /** Where it listens, and what comes first. */
  async function listen(
    where: ListenOptions,
  ): Promise<{ readonly server: Server; readonly port: number; readonly received: Promise<string> }> {
    const server = createServer();
    onTestFinished(() => void server.close());
    const received = new Promise<string>((done) => {
      server.once('connection', (socket) => socket.once('data', (bytes) => done(bytes.toString())));
    });
    server.listen(where);
    await once(server, 'listening');
    const address = server.address();
    return { server, port: typeof address === 'object' && address ? address.port : 0, received };
  }

  test('is on its way without anybody waiting for it, and says later where nobody listens', async () => {
    const path = join(scratch('outlets'), 'stream');
    const [tcp, unix, gone] = [
      await listen({ port: 0, host: '127.0.0.1' }),
      await listen({ path }),
      await listen({ port: 0, host: '127.0.0.1' }),
    ];
    gone.server.close();
    const outlets = [tcpTo(tcp.port), tcpTo(gone.port), unixAt('unix', path)];
    const missing = [unixAt('unix', `${path}-missing`), unixAt('unix-dgram', path)];
    const rows = await open([...outlets, ...missing]);
    const outcomes = ['open', 'ECONNREFUSED', 'open', 'ENOENT', 'EPROTOTYPE'];
    expect(rows.map((row) => row.outcomes)).toEqual(outcomes.map((outcome) => ({ [outcome]: 1 })));
    expect((rows[0]?.flags ?? 0) & constants.O_NONBLOCK).toBe(constants.O_NONBLOCK);
    expect([await tcp.received, await unix.received]).toEqual(['row 0\n', 'row 2\n']);
  });
});

test('what was opened for a dispatcher that is gone is closed', async () => {
  const outlets = [fileAt(join(scratch('outlets'), 'log'))];
  expect((await run(outlets, 'die')).descriptors).toBe((await run(outlets, 1)).descriptors);
});
