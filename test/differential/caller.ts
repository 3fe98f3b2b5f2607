import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { Place } from '../harness/open-place.ts';

/** What a client got, and how the connection ended: `end`, `reset`, `refused`, `silence`; null while it is open. */
interface Told {
  readonly got: string;
  readonly end: string | null;
}

interface Call {
  readonly port: number;
  readonly to?: string;
  readonly from?: string;
  readonly send?: string;
  /** Stop sending once that is sent; true unless it says no. */
  readonly halfClose?: boolean;
  readonly until?: string;
  /** Seconds to wait for more. */
  readonly patience?: number;
}

/** Clients in a place of their own, who are all one process; what they say is ready to be compared. */
export class Caller {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: ((line: string) => void)[] = [];
  #stderr = '';

  constructor(place: Place) {
    const [program = '', ...args] = [
      ...place.enter,
      'python3',
      `${process.cwd()}/test/fixtures/clients/caller.py`,
    ];
    this.#child = spawn(program, args, { cwd: '/' });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#child.stdin.on('error', () => {});
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#waiting.shift()?.(line));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  #order(order: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error(`The client failed: ${JSON.stringify(order)}: ${this.#stderr}`));
      this.#child.once('close', fail);
      this.#waiting.push((line) => {
        this.#child.off('close', fail);
        resolve(JSON.parse(line));
      });
      this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    });
  }

  async #tell(order: object): Promise<string> {
    const { got, end } = (await this.#order(order)) as Told;
    return `${JSON.stringify(got)}${end === null ? '' : ` ${end}`}`;
  }

  /** One whole exchange. */
  call(call: Call): Promise<string> {
    return this.#tell({ do: 'call', ...call });
  }

  /** The same; only what came. */
  async text(call: Call): Promise<string> {
    return ((await this.#order({ do: 'call', ...call })) as Told).got;
  }

  /** Connects and keeps the connection under a name, once a text has come. */
  open(name: string, call: Call): Promise<string> {
    return this.#tell({ do: 'open', name, halfClose: false, ...call });
  }

  read(name: string, rest: Pick<Call, 'until' | 'patience'> = {}): Promise<string> {
    return this.#tell({ do: 'read', name, ...rest });
  }

  async close(...names: readonly string[]): Promise<void> {
    for (const name of names) await this.#order({ do: 'close', name });
  }

  /** A datagram, and the answer to it. */
  send(call: Call): Promise<string> {
    return this.#tell({ do: 'send', send: '', ...call });
  }

  /** Answers whoever asks who the clients are, from now on. */
  async identd(answer: string): Promise<void> {
    await this.#order({ do: 'identd', answer });
  }

  /** How often that was asked; waits for a question that is to be expected. */
  async asked(isExpected: boolean): Promise<number> {
    return ((await this.#order({ do: 'asked', isExpected })) as { asked: number }).asked;
  }

  /** The same; only what came. */
  async answer(call: Call): Promise<string> {
    return ((await this.#order({ do: 'send', send: '', ...call })) as Told).got;
  }

  async end(): Promise<void> {
    const ended = new Promise((done) => this.#child.once('close', done));
    if (this.#child.exitCode !== null) return;
    this.#child.stdin.end();
    await ended;
  }
}

/** Starts the clients for the test that calls it. */
export function startCaller(place: Place): Caller {
  const caller = new Caller(place);
  onTestFinished(() => caller.end());
  return caller;
}
