import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { scratch } from './scratch.ts';
import { until } from './until.ts';

/** What a service manager was told, and by which process. */
export interface Notice {
  readonly text: string;
  readonly pid: number;
  /** CLOCK_MONOTONIC when it came. */
  readonly atUs: number;
}

/** The socket of a service manager: sd_notify(3). */
export class Manager {
  readonly socket: string;
  readonly #all: Notice[] = [];
  #taken = 0;

  constructor(socket: string = join(scratch('manager'), 'notify')) {
    this.socket = socket;
    const script = resolve('test/fixtures/clients/manager.py');
    const child = spawn('/usr/bin/python3', [script, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: child.stdout }).on('line', (line) => this.#all.push(JSON.parse(line) as Notice));
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
  }

  get all(): readonly Notice[] {
    return this.#all;
  }

  /** The next one of this kind, behind those that were waited for before. */
  async next(beginning: string): Promise<Notice> {
    const find = (): number =>
      this.#all.findIndex(({ text }, at) => at >= this.#taken && text.startsWith(beginning));
    const what = `the service manager is told ${beginning}`;
    const at = await until(() => (find() < 0 ? undefined : { index: find() }), { what }).catch(
      (error: Error) => {
        throw new Error(`${error.message}; it was told ${JSON.stringify(this.#all.map(({ text }) => text))}`);
      },
    );
    const { index } = at;
    this.#taken = index + 1;
    return this.#all[index] as Notice;
  }

  /** Waits until this was told, be it before what was waited for or behind it. */
  async told(text: string): Promise<void> {
    const isTold = (): boolean => this.#all.some((notice) => notice.text === text);
    await until(isTold, { what: `the service manager is told ${text}` });
  }
}

/** With its socket bound. */
export async function startManager(socket?: string): Promise<Manager> {
  const manager = new Manager(socket);
  await manager.next('bound');
  return manager;
}
