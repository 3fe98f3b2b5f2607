import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { program } from './program.ts';
import { scratch } from './scratch.ts';
import { until } from './until.ts';

/** A row of rpcinfo(8). */
export interface RpcRow {
  readonly program: number;
  readonly version: number;
  readonly netid: string;
  readonly address: string;
  readonly owner: string;
}

const PORTMAPPER = 100_000;
/** What Debian's rpcbind becomes; installing the package would make it. */
const USER = '_rpc:x:61999:65534::/run/rpcbind:/usr/sbin/nologin';

/** Lines of shell for a namespace of mounts in which rpcbind finds what it needs, and touches nothing else. */
export function roomForRpcbind(): readonly string[] {
  const passwd = join(scratch('rpcbind'), 'passwd');
  copyFileSync('/etc/passwd', passwd);
  return [
    `echo '${USER}' >>${passwd}`,
    `mount --bind ${passwd} /etc/passwd`,
    'mount -t tmpfs -o mode=755 run /run',
    'mkdir /run/rpcbind',
    'chown 61999 /run/rpcbind',
  ];
}

/** In front of a program that is to share its namespaces with an rpcbind. */
export function besideRpcbind(): readonly string[] {
  const script = ['ip link set lo up', ...roomForRpcbind(), 'exec "$@"'].join(' && ');
  return ['unshare', '--net', '--mount', 'sh', '-c', script, 'sh'];
}

/** The real rpcbind, in the namespaces of another process. */
export class Rpcbind {
  #inside: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(neighbour: number, args: readonly string[]) {
    this.#inside = neighbour;
    const command = [program('rpcbind') ?? 'rpcbind', '-f', ...args];
    this.#child = spawn('nsenter', this.#enter(command), { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#ended = new Promise((done) => this.#child.on('exit', () => done()));
    onTestFinished(() => this.stop());
  }

  /** Waits until it answers; from then on its neighbour may end. */
  async ready(): Promise<void> {
    await until(() => this.rows() !== undefined, { what: 'rpcbind answers' });
    this.#inside = this.#child.pid ?? this.#inside;
  }

  /** What is registered besides rpcbind itself; undefined while it does not answer. */
  rows(): readonly RpcRow[] | undefined {
    const { status, stdout } = this.run([program('rpcinfo') ?? 'rpcinfo']);
    if (status !== 0) return undefined;
    const lines = stdout.trim().split('\n').slice(1);
    return lines
      .map((line) => line.trim().split(/ +/))
      .map(([number, version, netid = '', address = '', , owner = '']) => {
        return { program: Number(number), version: Number(version), netid, address, owner };
      })
      .filter((row) => row.program !== PORTMAPPER);
  }

  /** As `100001.2 tcp`, in order. */
  names(): readonly string[] {
    return (this.rows() ?? []).map((row) => `${row.program}.${row.version} ${row.netid}`).sort();
  }

  /** Something else there. */
  run(command: readonly string[]): { readonly status: number | null; readonly stdout: string } {
    return spawnSync('nsenter', this.#enter(command), { encoding: 'utf8' });
  }

  #enter(command: readonly string[]): readonly string[] {
    return ['-t', String(this.#inside), '-n', '-m', ...command];
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGTERM');
    await this.#ended;
  }
}

/** Waits until it answers; it ends with the test. */
export async function startRpcbind(neighbour: number, args: readonly string[] = []): Promise<Rpcbind> {
  const rpcbind = new Rpcbind(neighbour, args);
  await rpcbind.ready();
  return rpcbind;
}
