import { didYouMean } from '../../config/nearest.ts';
import { quote } from '../../config/quote.ts';
import type { ParseContext } from './parse-context.ts';
import type { KeyValues } from './statement.ts';
import type { Word } from './word.ts';

/** How many values a key of NetBSD has. */
const KEYS: ReadonlyMap<string, { readonly least: number; readonly most: number }> = new Map([
  ...['bind', 'socktype', 'protocol', 'sndbuf', 'recvbuf', 'wait', 'user', 'group', 'exec'].map(
    (key) => [key, { least: 1, most: 1 }] as const,
  ),
  ...['service_max', 'ip_max', 'accept_max'].map((key) => [key, { least: 1, most: 1 }] as const),
  ['acceptfilter', { least: 1, most: 2 }],
  ['args', { least: 1, most: Number.POSITIVE_INFINITY }],
  ['ipsec', { least: 0, most: 1 }],
]);

/** Gives the values of one definition by key, each key once. */
export class KeyReader {
  readonly #head: Word;
  readonly #context: ParseContext;
  readonly #pairs = new Map<string, KeyValues>();
  #isValid = true;

  constructor(
    definition: { readonly head: Word; readonly pairs: readonly KeyValues[] },
    context: ParseContext,
  ) {
    this.#head = definition.head;
    this.#context = context;
    for (const pair of definition.pairs) this.#add(pair);
  }

  /** Whether nothing was reported so far. */
  get isValid(): boolean {
    return this.#isValid;
  }

  #refuse(word: Word, message: string, help?: string): undefined {
    this.#isValid = false;
    this.#context.report.add({ code: 'inetd/key', at: word.place, message, help });
  }

  #add(pair: KeyValues): void {
    const { key, values } = pair;
    const name = key.text;
    const shape = KEYS.get(name);
    const first = this.#pairs.get(name);
    if (!shape) this.#refuse(key, `Cannot use ${quote(name)}: no such key`, didYouMean(name, KEYS.keys()));
    else if (first) this.#refuse(key, `Cannot use ${quote(name)} twice in one definition`);
    else if (values.length < shape.least)
      this.#refuse(key, `Cannot use ${quote(name)}: its value is missing`);
    else if (values.length > shape.most)
      this.#refuse(key, `Cannot use ${quote(name)}: it has too many values`);
    else this.#pairs.set(name, pair);
  }

  values(key: string): readonly Word[] | undefined {
    return this.#pairs.get(key)?.values;
  }

  value(key: string): Word | undefined {
    return this.values(key)?.[0];
  }

  /** Undefined after a report. */
  required(key: string): Word | undefined {
    const value = this.value(key);
    if (value || !this.#isValid) return value;
    return this.#refuse(this.#head, `Cannot use this definition: "${key}" is missing`);
  }
}
