import type { Place, Source } from '../../config/source.ts';
import type { KeyValues } from './statement.ts';
import type { Word } from './word.ts';

/** What ends a value besides blanks. */
const ENDS = new Set([' ', '\t', '\r', '\n', '#', ',', ';', undefined]);
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ["'", "'"],
  ['"', '"'],
]);

export interface ScannedPairs {
  readonly pairs: readonly KeyValues[];
  readonly fault: { readonly at: Place; readonly reason: string } | undefined;
  /** Behind the semicolon, or the end of the text. */
  readonly end: number;
}

/** Reads `key = value ..., key = value ... ;` of NetBSD, over as many lines as it takes. */
export class KeyValueScanner {
  readonly #source: Source;
  #at: number;
  #fault: ScannedPairs['fault'];

  constructor(source: Source, start: number) {
    this.#source = source;
    this.#at = start;
  }

  scan(): ScannedPairs {
    const pairs: KeyValues[] = [];
    for (let isEnd = false; !isEnd && !this.#fault; ) {
      const pair = this.#pair();
      if (pair) pairs.push(pair);
      isEnd = this.#peek() === ';';
      this.#at++;
    }
    if (this.#fault) this.#skipDefinition();
    return { pairs, fault: this.#fault, end: Math.min(this.#at, this.#source.text.length) };
  }

  #peek(): string | undefined {
    return this.#source.text[this.#at];
  }

  #refuse(reason: string, start: number = this.#at): undefined {
    const { text } = this.#source;
    const from = start < text.length ? start : Math.max(text.trimEnd().length - 1, 0);
    const at = { source: this.#source, start: from, end: from + 1 };
    this.#fault ??= { at, reason };
  }

  /** What follows a mistake is no definition before the next semicolon. */
  #skipDefinition(): void {
    const semicolon = this.#source.text.indexOf(';', this.#at - 1);
    this.#at = semicolon === -1 ? this.#source.text.length : semicolon + 1;
  }

  #skipSpace(): void {
    for (;;) {
      const character = this.#peek();
      if (character === '#') {
        const newline = this.#source.text.indexOf('\n', this.#at);
        this.#at = newline === -1 ? this.#source.text.length : newline;
      } else if (character === ' ' || character === '\t' || character === '\r' || character === '\n') {
        this.#at++;
      } else return;
    }
  }

  #pair(): KeyValues | undefined {
    const key = this.#key();
    this.#skipSpace();
    if (this.#peek() !== '=') {
      const reason = this.#peek() === undefined ? 'the file ends before ";"' : '"=" is missing';
      return this.#refuse(reason);
    }
    this.#at++;
    const values = this.#values();
    return this.#fault ? undefined : { key, values };
  }

  #key(): Word {
    this.#skipSpace();
    const start = this.#at;
    while (/[A-Za-z_]/.test(this.#peek() ?? '')) this.#at++;
    return this.#word(start, this.#source.text.slice(start, this.#at), true);
  }

  #word(start: number, text: string, isLiteral: boolean): Word {
    return { text, isLiteral, place: { source: this.#source, start, end: this.#at } };
  }

  #values(): readonly Word[] {
    const values: Word[] = [];
    for (;;) {
      this.#skipSpace();
      const character = this.#peek();
      if (character === undefined) this.#refuse('the file ends before ";"');
      if (character === undefined || character === ',' || character === ';' || this.#fault) return values;
      values.push(this.#value());
    }
  }

  #value(): Word {
    const start = this.#at;
    const parts: string[] = [];
    while (!ENDS.has(this.#peek()) && !this.#fault) {
      const quote = this.#peek();
      if (quote === '"' || quote === "'") parts.push(this.#quoted(quote));
      else parts.push(this.#bare());
    }
    const text = parts.join('');
    return this.#word(start, text, text === this.#source.text.slice(start, this.#at));
  }

  #bare(): string {
    const start = this.#at;
    for (let next = this.#peek(); !ENDS.has(next) && next !== '"' && next !== "'"; next = this.#peek())
      this.#at++;
    return this.#source.text.slice(start, this.#at);
  }

  #quoted(quote: string): string {
    const start = this.#at++;
    const parts: string[] = [];
    for (;;) {
      const character = this.#peek();
      if (character === undefined || character === '\n') {
        this.#refuse('the quote is not closed', start);
        return '';
      }
      this.#at++;
      if (character === quote) return parts.join('');
      parts.push(character === '\\' ? this.#escape() : character);
      if (this.#fault) return '';
    }
  }

  #escape(): string {
    const start = this.#at - 1;
    const letter = this.#peek() ?? '';
    const hex = /^x([0-9A-Fa-f]{2})/.exec(this.#source.text.slice(this.#at, this.#at + 3))?.[1];
    if (hex !== undefined) {
      this.#at += 3;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const meant = ESCAPES.get(letter);
    if (meant === undefined) this.#refuse('the escape is not one', start);
    this.#at++;
    return meant ?? '';
  }
}
