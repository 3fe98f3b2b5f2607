import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ASK } from './ask.mjs';

const READY_WITHIN_MS = 10_000;
const STOPPED_WITHIN_MS = 3_000;
const RETRY_MS = 20;
const TAIL_CHARACTERS = 500;

/**
 * Node raises the soft limit on descriptors, and inetd closes each number below it for every connection:
 * servers get the limit that a login or an init gives.
 */
const USUAL_LIMITS = ['/bin/sh', '-c', 'ulimit -S -n 1024 && exec "$@"', 'sh'];

/** @typedef {{argv: readonly string[], environment: Readonly<Record<string, string>>}} Launch */

/** A server under test: one process that we started, and whatever it starts. */
export class Daemon {
  #child;
  #ended = '';
  #files;

  /**
   * @param {Launch} launch
   * @param {string} logPrefix path that the files of its output begin with
   */
  constructor(launch, logPrefix) {
    const [shell = '', ...args] = [...USUAL_LIMITS, ...launch.argv];
    this.#files = { stdout: `${logPrefix}.stdout`, stderr: `${logPrefix}.stderr` };
    const stdout = openSync(this.#files.stdout, 'w');
    const stderr = openSync(this.#files.stderr, 'w');
    // A group of its own: Ctrl-C reaches the runner only, which then stops everything in order.
    const options = { detached: true, env: launch.environment };
    this.#child = spawn(shell, args, { ...options, stdio: ['ignore', stdout, stderr] });
    closeSync(stdout);
    closeSync(stderr);
    this.#child.on('error', (error) => {
      this.#ended = error.message;
    });
    this.#child.on('exit', (code, signal) => {
      this.#ended = signal === null ? `it exited with ${code}` : `it was ended by ${signal}`;
    });
  }

  /** @returns {number} */
  get pid() {
    return this.#child.pid ?? 0;
  }

  /** The end of what it printed, for a message about a failure. */
  #tail() {
    const text = [this.#files.stderr, this.#files.stdout].map((file) => readFileSync(file, 'utf8')).join(' ');
    return text.trim().slice(-TAIL_CHARACTERS);
  }

  /**
   * Comes back when the service has served a first connection.
   *
   * @param {number} port
   * @param {{signal: AbortSignal, asks?: import('./scene.d.mts').Asks | undefined}} options
   */
  async ready(port, { signal, asks = 'line' }) {
    const deadline = Date.now() + READY_WITHIN_MS;
    let answer = '';
    while (Date.now() < deadline && !this.#ended) {
      signal.throwIfAborted();
      answer = await ASK[asks](port);
      if (answer.startsWith('ok\n')) return;
      await delay(RETRY_MS);
    }
    const reason =
      this.#ended || `no service within ${READY_WITHIN_MS / 1000} s, last answer "${answer.trim()}"`;
    throw new Error(`${reason}: ${this.#tail()}`);
  }

  /** Asks it to end, and ends it if it does not. */
  async stop() {
    if (this.#ended || !this.#child.pid) return;
    const exited = new Promise((done) => this.#child.once('exit', done));
    this.#child.kill('SIGTERM');
    const inTime = await Promise.race([
      exited.then(() => true),
      delay(STOPPED_WITHIN_MS, false, { ref: false }),
    ]);
    if (inTime) return;
    this.#child.kill('SIGKILL');
    await exited;
  }
}
