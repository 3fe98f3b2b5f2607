import { keyedHash } from '../admission/keyed-hash.ts';
import { ReplyBudget } from '../builtins/reply-budget.ts';

/** What all sockets that datagrams are answered from have together. */
export class Answers {
  /** How many sockets there are of each port. */
  readonly #sockets = new Map<number, number>();
  readonly #budget: ReplyBudget = new ReplyBudget();
  readonly #hash: (words: Uint32Array) => number;

  constructor(secret: Uint32Array) {
    this.#hash = keyedHash(secret);
  }

  /** The ports that answers come from: what comes from one of them may be one. */
  get ports(): ReadonlyMap<number, number> {
    return this.#sockets;
  }

  /** A socket of that port answers, until the function that this gives is called. */
  open(port: number): () => void {
    const count = (): number => this.#sockets.get(port) ?? 0;
    this.#sockets.set(port, count() + 1);
    return () => {
      if (count() > 1) this.#sockets.set(port, count() - 1);
      else this.#sockets.delete(port);
    };
  }

  /** Whether a source may have one more answer, for which it is charged then. */
  take(source: Uint32Array, nowMs: number): boolean {
    return this.#budget.take(this.#hash(source), nowMs);
  }
}
