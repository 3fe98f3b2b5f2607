import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { launchLine } from './launch-line.ts';
import { childrenOf } from './processes.ts';
import { program } from './program.ts';
import { scratch } from './scratch.ts';
import type { SuperServer, SuperServerOptions } from './super-server.ts';
import { until } from './until.ts';

const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** Debian's xinetd, which says what it does in a log of its own. */
class Xinetd implements SuperServer {
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;
  readonly #programLog: string;

  constructor({ place, file }: SuperServerOptions) {
    const directory = scratch('xinetd');
    this.#programLog = join(directory, 'program.log');
    const options = ['-dontfork', '-stayalive', '-filelog', this.#programLog];
    const xinetd = [
      program('xinetd') ?? 'xinetd',
      ...options,
      '-pidfile',
      join(directory, 'pid'),
      '-f',
      file,
    ];
    // As zinetd is started, so that both have the same environment.
    const [first = '', ...args] = launchLine(xinetd, { prefix: place.enter });
    this.#child = spawn(first, args, { cwd: '/', env: ENVIRONMENT, stdio: 'ignore' });
    this.ended = new Promise((done) =>
      this.#child.once('close', (code, signal) => done(code ?? signal ?? '')),
    );
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  serving(): Promise<unknown> {
    return this.#said('Started working');
  }

  reloaded(): Promise<unknown> {
    return this.#said('Reconfigured');
  }

  hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  handlers(): readonly number[] {
    return childrenOf(this.#child.pid ?? 0);
  }

  /** It does not end its handlers: they go first, since nobody can tell later which they were. */
  async stop(): Promise<void> {
    if (this.hasEnded()) return;
    this.signal('SIGSTOP');
    for (const pid of this.handlers()) process.kill(pid, 'SIGKILL');
    this.signal('SIGKILL');
    await this.ended;
  }

  #said(text: string): Promise<unknown> {
    const log = () => (existsSync(this.#programLog) ? readFileSync(this.#programLog, 'utf8') : '');
    return until(() => log().includes(text), { what: `xinetd says "${text}"` });
  }
}

/** Starts Debian's xinetd for the test that calls it, and waits until it serves. */
export async function startXinetd(options: SuperServerOptions): Promise<SuperServer> {
  const xinetd = new Xinetd(options);
  onTestFinished(() => xinetd.stop());
  await xinetd.serving();
  return xinetd;
}
