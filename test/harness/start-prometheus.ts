import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../integration/free-port.ts';
import { program } from './program.ts';
import { scratch } from './scratch.ts';

const DEADLINE_MS = 15_000;
const PAUSE_MS = 100;

interface Answer {
  readonly data?: { readonly result?: readonly { readonly value: readonly [number, string] }[] };
}

/** A Prometheus that scrapes one target each second. */
export class Prometheus {
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** Of one series, once it is known. */
  async valueOf(query: string): Promise<number> {
    const endMs = performance.now() + DEADLINE_MS;
    for (;;) {
      const value = await this.#ask(query).catch(() => undefined);
      if (value !== undefined) return value;
      if (performance.now() > endMs) throw new Error(`Prometheus does not know ${query}`);
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }

  async #ask(query: string): Promise<number | undefined> {
    const url = `http://127.0.0.1:${this.#port}/api/v1/query?query=${encodeURIComponent(query)}`;
    const answer = (await (await fetch(url)).json()) as Answer;
    const text = answer.data?.result?.[0]?.value[1];
    return text === undefined ? undefined : Number(text);
  }
}

/** The real one; gone when the test is over. */
export async function startPrometheus(target: number): Promise<Prometheus> {
  const directory = scratch('prometheus');
  const config = {
    global: { scrape_interval: '1s' },
    scrape_configs: [{ job_name: 'zinetd', static_configs: [{ targets: [`127.0.0.1:${target}`] }] }],
  };
  const path = join(directory, 'prometheus.yml');
  writeFileSync(path, JSON.stringify(config));
  const port = await freePort();
  const child = spawn(
    program('prometheus') ?? '',
    [
      ...[`--config.file=${path}`, `--storage.tsdb.path=${join(directory, 'data')}`],
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((done) => child.once('exit', done));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return new Prometheus(port);
}
