import { type Budget, MOST_TOKENS } from './budget.ts';

const NODE_TOKENS = new Set([
  'scalar',
  'single-quoted-scalar',
  'double-quoted-scalar',
  'block-scalar-header',
  'flow-map-start',
  'flow-seq-start',
  'alias',
]);
/** White space and comments; all other tokens are few for each value. */
const FREE_TOKENS = new Set(['space', 'newline', 'comment', 'doc-mode', 'byte-order-mark']);
/** A text with more of them is not meant as YAML; each costs far more than a value does. */
const MOST_REFUSED = 100;
const REFUSED_TOKENS = new Set([
  'alias',
  'anchor',
  'tag',
  'directive-line',
  'flow-error-end',
  'doc-start',
  'doc-end',
]);

/** Counts the tokens of one text by their type, so that parsing can be given up early (S106). */
export class TokenCounter {
  readonly #budget: Budget;
  #all = 0;
  #nodes = 0;
  /** Indicators and brackets: an empty value is nothing but one of them. */
  #marks = 0;
  #refused = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  count(type: string | null): void {
    this.#all++;
    if (type === null || FREE_TOKENS.has(type)) return;
    if (NODE_TOKENS.has(type)) this.#nodes++;
    else this.#marks++;
    if (REFUSED_TOKENS.has(type)) this.refuse();
  }

  refuse(): void {
    this.#refused++;
  }

  get isTooMuch(): boolean {
    const { nodes } = this.#budget;
    return this.#all > MOST_TOKENS || this.#nodes > nodes || this.#marks > 2 * nodes;
  }

  get isNonsense(): boolean {
    return this.#refused > MOST_REFUSED;
  }
}
