import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** One order of test/fixtures/clients/visit.py. */
export interface VisitOrder {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  /** The interface of a link-local address. */
  readonly device?: string;
  /** So many, from addresses that follow each other. */
  readonly times?: number;
  /** Stays until the test is over. */
  readonly hold?: boolean;
}

/** Clients from any address, in the network namespace of a process. */
export class Visitors {
  readonly #child;
  readonly #answers: AsyncIterableIterator<string>;

  constructor(options: { readonly namespaceOf?: number } = {}) {
    const { namespaceOf } = options;
    const enter = namespaceOf === undefined ? [] : ['nsenter', '-t', String(namespaceOf), '-n'];
    const [program = '', ...args] = [...enter, '/usr/bin/python3', resolve('test/fixtures/clients/visit.py')];
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    onTestFinished(() => this.end());
  }

  /** What each visit got, or the name of its error. */
  async visit(order: VisitOrder): Promise<readonly string[]> {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    const { value } = await this.#answers.next();
    return JSON.parse(value as string) as readonly string[];
  }

  /** Everybody leaves. */
  end(): Promise<void> {
    this.#child.stdin.end();
    return new Promise((done) => {
      if (this.#child.exitCode !== null) done();
      else this.#child.once('close', () => done());
    });
  }
}
