import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { program } from './program.ts';
import { scratch } from './scratch.ts';
import { until } from './until.ts';

const TIMEOUT_MS = 10_000;
const SCREEN_MS = 15_000;

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A terminal that can be looked at: tmux, with a shell in it that has `$ ` for a prompt. */
export class Tmux {
  readonly #argv: readonly string[];

  constructor({ columns, rows }: Size, env: Readonly<Record<string, string>>) {
    const tmux = program('tmux');
    if (tmux === undefined) throw new Error('Cannot find tmux: install the Debian package "tmux"');
    this.#argv = [tmux, '-u', '-S', join(scratch('tmux'), 'socket'), '-f', '/dev/null'];
    const variables = Object.entries({ PS1: '$ ', ...env }).map(([name, value]) => `${name}=${value}`);
    this.#run('new-session', '-d', '-x', String(columns), '-y', String(rows), 'env', ...variables, 'sh');
  }

  #run(...args: readonly string[]): string {
    const [path = '', ...first] = this.#argv;
    return execFileSync(path, [...first, ...args], {
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', HOME: '/', SHELL: '/bin/sh' },
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
    });
  }

  /** What it shows, without what cannot be seen at the ends of lines. */
  screen(): string {
    return this.#run('capture-pane', '-p');
  }

  /** The same with its colours, as escape sequences. */
  colours(): string {
    return this.#run('capture-pane', '-p', '-e');
  }

  /** A format of tmux(1), such as `#{pane_pid}`. */
  tell(format: string): string {
    return this.#run('display-message', '-p', format).trimEnd();
  }

  /** Names of keys as tmux(1) has them. */
  press(...keys: readonly string[]): void {
    this.#run('send-keys', ...keys);
  }

  type(line: string): void {
    this.#run('send-keys', '-l', line);
    this.press('Enter');
  }

  resize({ columns, rows }: Size): void {
    this.#run('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Waits until the screen is as the test wants it; gives it. */
  async shows(wanted: RegExp): Promise<string> {
    let last = '';
    try {
      return await until(
        () => {
          last = this.screen();
          return wanted.test(last) ? last : undefined;
        },
        { what: `the screen shows ${wanted}`, timeoutMs: SCREEN_MS },
      );
    } catch (error) {
      throw new Error(`${(error as Error).message}:\n${last}`);
    }
  }

  end(): void {
    this.#run('kill-server');
  }
}

/** One for the test that calls it, with its prompt. */
export async function openTmux(size: Size, env: Readonly<Record<string, string>> = {}): Promise<Tmux> {
  const tmux = new Tmux(size, env);
  onTestFinished(() => tmux.end());
  await tmux.shows(/^\$ ?$/m);
  return tmux;
}
