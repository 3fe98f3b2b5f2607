import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { dispatcherRules } from '../../src/cli/access-rules.ts';
import type { Config } from '../../src/model/config.ts';
import { scratch } from '../harness/scratch.ts';
import { DISPATCHER_UID, DispatcherRun } from './real-dispatcher.ts';

const SOURCES = 'test/native/taken-over';
const FILES = ['main', 'files', 'processes', 'sockets', 'kernel'].map((name) => join(SOURCES, `${name}.c`));
const FLAGS = ['-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-fPIC', '-shared', '-pthread'];

/** What it is aimed at: pids, paths and ports, by the names that test/native/taken-over/ has for them. */
export type Targets = Readonly<Record<string, string | number | undefined>>;

/** zinetd's own dispatcher, which does what an attacker's library says from a certain moment on. */
export class TakenOver {
  readonly run: DispatcherRun;
  readonly #targets: string;

  constructor(config: Config) {
    const directory = scratch('taken-over');
    const library = join(directory, 'taken-over.node');
    execFileSync(process.env['CC'] ?? 'cc', [...FLAGS, '-o', library, ...FILES], { timeout: 60_000 });
    const preload = join(directory, 'preload.mjs');
    copyFileSync(join(SOURCES, 'preload.mjs'), preload);
    this.#targets = join(directory, 'targets');
    const [node, install] = [inject('openNode'), inject('openInstall')];
    const argv = ['node', '--import', preload, join(install, 'dist/main.js'), '--dispatcher', 'json'];
    const env = ['TZ=UTC', 'OPENSSL_CONF=/dev/null', `TARGETS=${this.#targets}`, `LIBRARY=${library}`];
    this.run = new DispatcherRun({
      config,
      boot: {
        dispatcher: { path: node, argv, env },
        rules: [
          ...dispatcherRules(),
          { path: node, access: 'execute' },
          ...[install, directory].map((path) => ({ path, access: 'read' as const })),
        ],
      },
    });
  }

  /** It is busy with that until the last attempt, and serves nobody meanwhile. */
  begin(targets: Targets): void {
    writeFileSync(this.#targets, JSON.stringify(targets));
    process.kill(this.run.dispatcherPid, 'SIGUSR2');
  }

  /** What it got of an attempt, as soon as that is over. */
  async got(what: string): Promise<unknown> {
    const record = await this.run.log.next((it) => it.event === 'attempt' && it['what'] === what);
    return record['outcome'];
  }

  /** All attempts so far, in their order. */
  get attempts(): readonly { readonly what: unknown; readonly got: unknown }[] {
    const records = this.run.log.all.filter(({ event }) => event === 'attempt');
    return records.map((record) => ({ what: record['what'], got: record['outcome'] }));
  }
}

/** Files and a directory from which nothing but a sandbox keeps anybody. */
export function layOut(): { readonly readable: string; readonly writable: string; readonly drop: string } {
  const directory = scratch('targets');
  const [readable, writable, drop] = ['readable', 'writable', 'drop'].map((it) => join(directory, it)) as [
    string,
    string,
    string,
  ];
  for (const path of [readable, writable]) writeFileSync(path, 'text');
  mkdirSync(drop);
  chmodSync(writable, 0o666);
  chmodSync(drop, 0o777);
  return { readable, writable, drop };
}

/** Another process of the dispatcher's uid. */
export function stranger(): number | undefined {
  const child = spawn('/bin/sleep', ['1000'], { uid: DISPATCHER_UID, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid;
}

const LISTENING = `
import os, socket, sys
it = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
it.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o666)
print("bound", flush=True)
sys.stdin.read()
it.setblocking(False)
try:
    it.recv(1)
    print("something came")
except BlockingIOError:
    print("nothing came")
`;

/** A socket for datagrams that anybody may write to, such as /dev/log; gives what it has to say of them in the end. */
export async function listenForDatagrams(path: string): Promise<() => Promise<string>> {
  const child = spawn('/usr/bin/python3', ['-c', LISTENING, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  await once(child.stdout.setEncoding('utf8'), 'data');
  return async () => {
    const said = once(child.stdout, 'data');
    child.stdin.end();
    return String((await said)[0]).trim();
  };
}
