import { keyedHash } from '../admission/keyed-hash.ts';
import { ReplyBudget } from '../builtins/reply-budget.ts';

/** What all sockets that datagrams are answered from have together. */
export class Answers {
  /** The ports that answers come from: what comes from one of them may be one. */
  readonly ports: Set<number> = new Set<number>();
  readonly #budget: ReplyBudget = new ReplyBudget();
  readonly #hash: (words: Uint32Array) => number;

  constructor(secret: Uint32Array) {
    this.#hash = keyedHash(secret);
  }

  /** Whether a source may have one more answer, for which it is charged then. */
  take(source: Uint32Array, nowMs: number): boolean {
    return this.#budget.take(this.#hash(source), nowMs);
  }
}
