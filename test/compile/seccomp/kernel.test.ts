import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dispatcherFilter } from '../../../src/compile/seccomp/dispatcher-filter.ts';
import { dispatcherLockdown } from '../../../src/compile/seccomp/dispatcher-lockdown.ts';
import { DISPATCHER_RULES } from '../../../src/compile/seccomp/dispatcher-rules.ts';
import { type SyscallName, syscallNumber } from '../../../src/model/syscall-numbers.ts';
import { BUILD_DIRECTORIES } from '../../../src/native/load.ts';
import { handler } from '../../harness/handler.ts';

const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'x64';
const NODE = process.env['ZINETD_TEST_NODE'] ?? process.execPath;
const ADDON = `${BUILD_DIRECTORIES[0]}zinetd_addon.node`;
const { EPERM, ENOSYS, EBADF, EFAULT, ESRCH } = constants.errno;

let directory = '';

function inDirectory(name: string): string {
  return join(directory, name);
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'zinetd-seccomp-'));
  const source = fileURLToPath(new URL('launcher.c', import.meta.url));
  execFileSync('cc', ['-Wall', '-Wextra', '-Werror', '-O1', '-o', inDirectory('launcher'), source]);
  writeFileSync(inDirectory('filter'), dispatcherFilter(ARCHITECTURE));
  writeFileSync(inDirectory('lockdown'), dispatcherLockdown(ARCHITECTURE));
  writeFileSync(inDirectory('victim'), 'text');
});

afterAll(() => rmSync(directory, { recursive: true }));

function launch(command: readonly string[], mask: 'block' | 'pass' = 'pass'): readonly string[] {
  return [inDirectory('launcher'), inDirectory('filter'), mask, ...command];
}

/** What `program` writes to standard output, run by Node under the dispatcher's filter. */
function runNode(
  program: string,
  { flags = [], kept }: { readonly flags?: readonly string[]; readonly kept?: number } = {},
): { stdout: string; stderr: string } {
  const [launcher = '', ...rest] = launch([NODE, ...flags, '--input-type=module', '-e', program]);
  const stdio = ['pipe', 'pipe', 'pipe', kept ?? 'ignore'] as const;
  const result = spawnSync(launcher, rest, { encoding: 'utf8', env: {}, timeout: 15_000, stdio: [...stdio] });
  expect({
    status: result.status,
    signal: result.signal,
    stderr: result.status === 0 ? '' : result.stderr,
  }).toEqual({
    status: 0,
    signal: null,
    stderr: '',
  });
  return result;
}

type Call = readonly [name: SyscallName, ...values: (number | bigint)[]];

/** Where programs find what they are given besides the standard streams. */
const KEPT_FD = 3;

/** The errno of each call under the dispatcher's filter, 0 for none. */
function probe(calls: readonly Call[], kept?: number): number[] {
  const texts = calls.map(([name, ...values]) => [syscallNumber(name, ARCHITECTURE), ...values].join(':'));
  const [launcher = '', ...rest] = launch([handler('system-calls'), ...texts]);
  const stdio = ['pipe', 'pipe', 'inherit', kept ?? 'ignore'] as const;
  return execFileSync(launcher, rest, { encoding: 'latin1', stdio: [...stdio] })
    .trim()
    .split('\n')
    .map(Number);
}

describe('dispatcherFilter in the kernel', () => {
  it('answers EPERM to every call that it denies whatever its arguments, io_uring included (S38)', () => {
    const calls = DISPATCHER_RULES.filter((rule) => rule.action === 'EPERM' && rule.when === undefined)
      .map((rule): Call => [rule.syscall])
      .filter(([name]) => syscallNumber(name, ARCHITECTURE) !== undefined);
    expect(calls.length).toBeGreaterThan(100);
    const errors = probe(calls);
    expect(calls.map(([name], index) => [name, errors[index]])).toEqual(calls.map(([name]) => [name, EPERM]));
  });

  it('denies terminal input whatever the high half of the request says (S31)', () => {
    const calls: readonly Call[] = [
      ['ioctl', -1, 0x5412],
      ['ioctl', -1, 0x1_0000_5412n],
      ['ioctl', -1, 0x541c],
      ['ioctl', -1, 0x1_0000_541cn],
      ['ioctl', -1, 0x4030_582b],
      ['ioctl', -1, 0x5421],
      ['ioctl', -1, 0x1_0000_5421n],
      ['ioctl', 1, 0x5421, -1],
    ];
    expect(probe(calls)).toEqual([EPERM, EPERM, EPERM, EPERM, EPERM, EBADF, EBADF, 0]);
  });

  it('denies changing the flags of an open file, and opening one for anything but reading', () => {
    const calls: readonly Call[] = [
      ['fcntl', -1, 4, 0],
      ['fcntl', -1, 4, 0o2000],
      ['fcntl', -1, 0x1_0000_0004n, 0],
      ['fcntl', -1, 3],
      ['openat', -1, -1, 1],
      ['openat', -1, -1, 2],
      ['openat', -1, -1, 0o1000],
      ['openat', -1, -1, 0o100],
      ['openat', -1, -1, 0],
    ];
    expect(probe(calls)).toEqual([EPERM, EPERM, EPERM, EBADF, EPERM, EPERM, EPERM, EPERM, EFAULT]);
  });

  it('denies connecting and all options of a socket but two, so that no listener is ended for the next dispatcher', () => {
    const SOL_SOCKET = 1;
    const SO_PEEK_OFF = 42;
    const IPPROTO_TCP = 6;
    const TCP_NODELAY = 1;
    const calls: readonly Call[] = [
      ['connect', -1],
      ['setsockopt', -1, SOL_SOCKET, SO_PEEK_OFF],
      ['setsockopt', -1, IPPROTO_TCP, TCP_NODELAY],
      ['setsockopt', -1, IPPROTO_TCP, SO_PEEK_OFF],
      ['setsockopt', -1, SOL_SOCKET, TCP_NODELAY],
      ['setsockopt', -1, SOL_SOCKET, 15],
      ['setsockopt', -1, SOL_SOCKET, 0x1_0000_000fn],
    ];
    expect(probe(calls)).toEqual([EPERM, EBADF, EBADF, EPERM, EPERM, EPERM, EPERM]);
  });

  it('lets nothing of a connection be shut down but its sending half, which leaves a listener as it is', async () => {
    const [SHUT_RD, SHUT_WR, SHUT_RDWR] = [0, 1, 2];
    const server = createServer((socket) => socket.end('served')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { fd } = (server as unknown as { readonly _handle: { readonly fd: number } })._handle;
    const calls = [SHUT_RD, SHUT_RDWR, 0x1_0000_0002n, SHUT_WR].map(
      (how): Call => ['shutdown', KEPT_FD, how],
    );
    expect(probe(calls, fd)).toEqual([EPERM, EPERM, EPERM, 0]);
    const { port } = server.address() as AddressInfo;
    const [bytes] = await once(connect(port, '127.0.0.1'), 'data');
    expect(String(bytes)).toBe('served');
    server.close();
  });

  it('lets a file that is open for appending be added to, and neither shortened nor overwritten (S117)', () => {
    const [F_SETFL, PUNCH_HOLE, RWF_NOAPPEND] = [4, 3, 0x20];
    const log = inDirectory('log');
    writeFileSync(log, 'text');
    const fd = openSync(log, 'a');
    const calls: readonly Call[] = [
      ['fcntl', KEPT_FD, F_SETFL, 0],
      ['fcntl', KEPT_FD, F_SETFL, 0o4000],
      ['ftruncate', KEPT_FD, 0],
      ['fallocate', KEPT_FD, PUNCH_HOLE, 0, 4],
      ['pwritev2', KEPT_FD, 0, 0, 0, 0, RWF_NOAPPEND],
    ];
    expect(probe(calls, fd)).toEqual(calls.map(() => EPERM));
    const { stdout } = runNode(
      `
      import fs from 'node:fs';
      const codes = ['r+', 'a', 'w'].map((flags) => {
        try { return fs.openSync('/proc/self/fd/${KEPT_FD}', flags); } catch (error) { return error.code; }
      });
      fs.writeSync(${KEPT_FD}, ' and more', 0);
      fs.writeSync(1, JSON.stringify(codes));
    `,
      { kept: fd },
    );
    closeSync(fd);
    expect(JSON.parse(stdout)).toEqual(['EPERM', 'EPERM', 'EPERM']);
    expect(readFileSync(log, 'utf8')).toBe('text and more');
  });

  it('lets threads start but no process and no namespace, and lets nobody be signalled', () => {
    const CLONE_THREAD = 0x1_0000;
    const calls: readonly Call[] = [
      ['clone', 17],
      ['clone', CLONE_THREAD | 0x1000_0000],
      ['clone3', -1, 0],
      ['tgkill', 2 ** 22 + 1, 2 ** 22 + 1, 9],
      ['tgkill', 2 ** 22 + 1, 2 ** 22 + 1, 6],
      ['prlimit64', 1, 7, 0, 0],
      ['prlimit64', 0, 7, 0, 0],
      ['prctl', 4, 1],
      ['prctl', 4, 0],
    ];
    expect(probe(calls)).toEqual([EPERM, EPERM, ENOSYS, EPERM, ESRCH, EPERM, 0, EPERM, 0]);
  });

  it('lets Node start, run timers, use its thread pool, read files and write to its descriptors', () => {
    const { stdout } = runNode(`
      import { readFileSync, writeSync, promises } from 'node:fs';
      import { createHash } from 'node:crypto';
      import { Worker } from 'node:worker_threads';
      await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setImmediate(resolve));
      const text = await promises.readFile('${inDirectory('victim')}', 'utf8');
      const worker = new Worker('import { parentPort } from "node:worker_threads"; parentPort.postMessage(42)', { eval: true });
      const answer = await new Promise((resolve) => worker.once('message', resolve));
      const digest = createHash('sha256').update(text).digest('hex').length;
      const same = readFileSync('${inDirectory('victim')}', 'utf8') === text;
      writeSync(1, JSON.stringify(JSON.parse(JSON.stringify({ text, answer, digest, same }))));
    `);
    expect(JSON.parse(stdout)).toEqual({ text: 'text', answer: 42, digest: 64, same: true });
  });

  it('lets Node make no socket, shorten no file, change no directory and signal nobody', () => {
    const { stdout } = runNode(`
      import { once } from 'node:events';
      import fs from 'node:fs';
      import net from 'node:net';
      const file = '${inDirectory('victim')}';
      const codeOf = async (act) => { try { await act(); return 'none'; } catch (error) { return error.code; } };
      const attempts = {
        listen: () => once(net.createServer().listen(0, '127.0.0.1').unref(), 'listening'),
        connect: () => once(net.connect(9, '127.0.0.1').unref(), 'connect'),
        truncate: () => fs.truncateSync(file, 0),
        ftruncate: () => fs.ftruncateSync(fs.openSync(file, 'r'), 0),
        write: () => fs.openSync(file, 'w'),
        append: () => fs.openSync(file, 'a'),
        unlink: () => fs.unlinkSync(file),
        mkdir: () => fs.mkdirSync(file + '.d'),
        rename: () => fs.renameSync(file, file + '.old'),
        chmod: () => fs.chmodSync(file, 0o777),
        kill: () => process.kill(process.ppid, 0),
        setuid: () => process.setuid(process.getuid()),
      };
      const codes = {};
      for (const [name, act] of Object.entries(attempts)) codes[name] = await codeOf(act);
      fs.writeSync(1, JSON.stringify(codes));
    `);
    const codes: Record<string, string> = JSON.parse(stdout);
    expect(Object.keys(codes)).toHaveLength(12);
    expect(new Set(Object.values(codes))).toEqual(new Set(['EPERM']));
    expect(readFileSync(inDirectory('victim'), 'utf8')).toBe('text');
  });

  it('keeps O_NONBLOCK off the standard streams, and Node prints warnings and exceptions all the same (S16)', () => {
    const { stdout, stderr } = runNode(`
      process.once('uncaughtException', () => {});
      process.emitWarning('a warning');
      process.stdout.write('written');
      process.stderr.write('a complaint');
      setImmediate(() => { throw new Error('handled'); });
    `);
    expect(stdout).toBe('written');
    expect(stderr).toContain('a warning');
    expect(stderr).toContain('a complaint');
    const [launcher = '', ...rest] = launch([NODE, '-e', 'throw new Error("the reason")']);
    const result = spawnSync(launcher, rest, { encoding: 'utf8', env: {} });
    expect(result.stderr).toContain('Error: the reason');
    expect(result.status).toBe(1);
  });

  it('leaves an inspector flag without a port to listen on (S133)', () => {
    const { stderr } = runNode('', { flags: ['--inspect=127.0.0.1:0'] });
    expect(stderr).toContain('operation not permitted');
    expect(stderr).not.toContain('Debugger listening');
  });
});

describe('SIGUSR1 under dispatcherFilter', () => {
  const PROGRAM = `
    let count = 0;
    const { writeSync } = require('node:fs');
    process.on('SIGUSR1', () => ++count === 20 && writeSync(1, ' 20 handled'));
    writeSync(1, 'ready');
    setInterval(() => {}, 1000);
  `;

  const MAX_ROUNDS = 2000;

  /** Sockets that the process has; none when it is gone. */
  function socketsOf(pid: number): string[] {
    try {
      const descriptors = readdirSync(`/proc/${pid}/fd`);
      return descriptors
        .map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
        .filter((target) => target.includes('socket'));
    } catch {
      return [];
    }
  }

  /** Signals the process every other ms, from `isTime` on, until it has handled 20; gives what it had written. */
  async function signalled(
    mask: 'block' | 'pass',
    isTime: (child: { pid: number; output: string }) => boolean,
  ): Promise<string> {
    const paths = { stdout: inDirectory(`out-${mask}`), stderr: inDirectory(`err-${mask}`) };
    const [stdout, stderr] = [openSync(paths.stdout, 'w'), openSync(paths.stderr, 'w')];
    const [launcher = '', ...rest] = launch([NODE, '-e', PROGRAM], mask);
    const child = spawn(launcher, rest, { env: {}, stdio: ['ignore', stdout, stderr] });
    const ended = once(child, 'exit');
    const sockets = new Set<string>();
    let output = '';
    const isUnderWay = (): boolean => child.exitCode === null && child.signalCode === null;
    for (let round = 0; round < MAX_ROUNDS && !output.includes('handled') && isUnderWay(); round++) {
      output = readFileSync(paths.stdout, 'latin1');
      if (isTime({ pid: child.pid ?? 0, output })) child.kill('SIGUSR1');
      for (const socket of socketsOf(child.pid ?? 0)) sockets.add(socket);
      // Which moment is the dangerous one is the question here, so that this one test needs a clock.
      await wait(2);
    }
    child.kill('SIGKILL');
    await ended;
    for (const fd of [stdout, stderr]) closeSync(fd);
    expect([...sockets]).toEqual([]);
    expect(readFileSync(paths.stderr, 'latin1')).not.toContain('Debugger listening');
    expect(child.signalCode).toBe('SIGKILL');
    return output;
  }

  it('opens no port and does not kill a Node that handles it (S131)', async () => {
    expect(await signalled('pass', ({ output }) => output.includes('ready'))).toBe('ready 20 handled');
  });

  it('opens no port and does not kill Node at any moment when it starts blocked (S131)', async () => {
    const node = realpathSync(NODE);
    const isExecuted = ({ pid }: { pid: number }): boolean => readlinkSync(`/proc/${pid}/exe`) === node;
    expect(await signalled('block', isExecuted)).toBe('ready 20 handled');
  });
});

describe('dispatcherLockdown in the kernel', () => {
  const LOCK_DOWN = `
    import { createRequire } from 'node:module';
    import { readFileSync, writeSync, promises } from 'node:fs';
    import { spawnSync } from 'node:child_process';
    import { Worker } from 'node:worker_threads';
    const addon = createRequire('${ADDON}')('${ADDON}');
    const before = spawnSync('/bin/true').error?.code ?? 'started';
    const program = new Uint8Array(readFileSync(process.argv[1]));
    const locked = addon.lockDown(program);
    const after = spawnSync('/bin/true').error?.code ?? 'started';
    const text = await promises.readFile(process.argv[2], 'utf8');
    const worker = new Worker('import { parentPort } from "node:worker_threads"; parentPort.postMessage(42)', { eval: true });
    const answer = await new Promise((resolve) => worker.once('message', resolve));
    // Moves descriptors about before it executes: nothing must run after it.
    const executed = addon.exec('/bin/true', ['true'], [], Int32Array.of(0));
    writeSync(1, JSON.stringify({ before, locked, after, text, answer, executed }));
    process.reallyExit(0);
  `;

  it('denies programs and processes, and leaves threads alone', () => {
    const files = [inDirectory('lockdown'), inDirectory('victim')];
    const run = ['--input-type=module', '-e', LOCK_DOWN, '--', ...files];
    const result = spawnSync(NODE, run, { encoding: 'utf8', timeout: 15_000 });
    expect(result.stderr).toBe('');
    const expected = {
      before: 'started',
      locked: 0,
      after: 'EPERM',
      text: 'text',
      answer: 42,
      executed: -EPERM,
    };
    expect(JSON.parse(result.stdout)).toEqual(expected);
  });

  it('can be installed on top of dispatcherFilter, as the dispatcher does it', () => {
    const { stdout } = runNode(`
      import { createRequire } from 'node:module';
      import { readFileSync, writeSync, promises } from 'node:fs';
      const addon = createRequire('${ADDON}')('${ADDON}');
      const locked = addon.lockDown(new Uint8Array(readFileSync('${inDirectory('lockdown')}')));
      const text = await promises.readFile('${inDirectory('victim')}', 'utf8');
      const status = readFileSync('/proc/self/status', 'latin1');
      writeSync(1, JSON.stringify({ locked, text, filters: Number(/^Seccomp_filters:(.*)$/m.exec(status)[1]) }));
    `);
    const own = /^Seccomp_filters:(.*)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    expect(JSON.parse(stdout)).toEqual({ locked: 0, text: 'text', filters: Number(own) + 2 });
  });
});
