import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inject, onTestFinished } from 'vitest';
import type { TestUser } from './identity.ts';
import { stateDirectory } from './state-directory.ts';

export interface TextDaemonOptions {
  /** Runs as this user; needs root. */
  readonly as?: TestUser | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const DEADLINE_MS = 15_000;

/** zinetd as a person starts it: any command, the log as text. */
export class TextDaemon {
  readonly lines: string[] = [];
  /** The end: exit status, or the name of the signal. */
  readonly ended: Promise<number | string>;
  stderr = '';
  readonly #child: ChildProcess;
  readonly #waiters = new Set<() => void>();

  constructor(args: readonly string[], options: TextDaemonOptions) {
    const { as, env } = options;
    const identity = as ? ['setpriv', `--reuid=${as.uid}`, `--regid=${as.gid}`, '--clear-groups', '--'] : [];
    const node = as ? inject('openNode') : process.execPath;
    const main = `${as ? inject('openInstall') : process.cwd()}/dist/main.js`;
    const spawner = inject('spawner');
    const built = spawner === undefined ? [] : ['--spawner', spawner];
    const [command = '', ...rest] = args;
    const state = command === 'run' ? ['--state-dir', stateDirectory(as)] : [];
    const [program = '', ...line] = [...identity, node, main, command, ...built, ...state, ...rest];
    const child = spawn(program, line, {
      cwd: '/',
      env: { PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    createInterface({ input: child.stdout }).on('line', (text) => {
      this.lines.push(text);
      for (const look of this.#waiters) look();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((done) => child.on('close', (code, signal) => done(code ?? signal ?? '')));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Waits for a line of the log. */
  async line(pattern: RegExp): Promise<RegExpMatchArray> {
    const find = () => this.lines.map((line) => line.match(pattern)).find((match) => match !== null);
    return new Promise((resolve, reject) => {
      const end = (finish: () => void) => {
        clearTimeout(timer);
        this.#waiters.delete(look);
        finish();
      };
      const fail = (why: string) =>
        end(() => reject(new Error(`${why} before ${pattern}:\n${this.lines.join('\n')}\n${this.stderr}`)));
      const look = () => {
        const match = find();
        if (match) end(() => resolve(match));
      };
      const timer = setTimeout(() => fail('The time was over'), DEADLINE_MS);
      this.#waiters.add(look);
      this.ended.then((status) => fail(`zinetd ended with ${status}`));
      look();
    });
  }

  async stop(): Promise<number | string> {
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), DEADLINE_MS);
    return this.ended.finally(() => clearTimeout(timer));
  }
}

/** Starts zinetd for the test that calls it, which ends it if the test has not. */
export function startText(args: readonly string[], options: TextDaemonOptions = {}): TextDaemon {
  const daemon = new TextDaemon(args, options);
  onTestFinished(async () => {
    await daemon.stop();
  });
  return daemon;
}
