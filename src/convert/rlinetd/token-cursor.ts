import type { Place, Source } from '../../config/source.ts';
import type { Token } from './token.ts';

/** A carriage return is a blank. */
const BLANK = /\s+/y;
const COMMENT = /#[^\n]*/y;
const MARK = /[{};,-]/y;
/** It ends at the next quote, wherever that is: there are no escapes for it, and it may be lines away. */
const STRING = /"[^"]*"/y;
const BARE = /[^\s"#{};,-]+/y;

function kindOf(text: string): Token['kind'] {
  if (/^[0-9]+$/.test(text)) return 'number';
  return /^[0-9A-Fa-f:.]+$/.test(text) && /[:.]/.test(text) ? 'address' : 'word';
}

/** Goes through a file token by token, and knows how many braces are open. */
export class TokenCursor {
  readonly source: Source;
  #at = 0;
  #depth = 0;
  #count = 0;
  #isOver = false;
  #defaults: Place | undefined;
  #last: Place;

  constructor(source: Source) {
    this.source = source;
    this.#last = { source, start: 0, end: 0 };
  }

  /** How many braces are open. */
  get depth(): number {
    return this.#depth;
  }

  /** How many tokens there were. */
  get count(): number {
    return this.#count;
  }

  /** The last word "defaults", wherever it stands. */
  get defaults(): Place | undefined {
    return this.#defaults;
  }

  /** Where the last token is. */
  get last(): Place {
    return this.#last;
  }

  /** The next token; undefined at the end, and at a quote that nothing ends. */
  next(): Token | undefined {
    while (this.#match(BLANK) !== undefined || this.#match(COMMENT) !== undefined);
    const mark = this.#match(MARK);
    if (mark === '{') this.#depth++;
    if (mark === '}') this.#depth--;
    if (mark !== undefined) return this.#token('mark', mark);
    const string = this.#match(STRING);
    if (string !== undefined) return this.#token('string', string.slice(1, -1));
    const bare = this.#match(BARE);
    if (bare !== undefined) return this.#token(kindOf(bare), bare);
    this.#isOver = true;
    return undefined;
  }

  /** The quote that nothing ends, once there is no next token; undefined where the file is at its end. */
  get openQuote(): Place | undefined {
    const { source } = this;
    if (!this.#isOver || this.#at === source.text.length) return undefined;
    return { source, start: this.#at, end: this.#at + 1 };
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.source.text) ?? [];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return found;
  }

  #token(kind: Token['kind'], text: string): Token {
    this.#count++;
    const length = kind === 'string' ? text.length + 2 : text.length;
    this.#last = { source: this.source, start: this.#at - length, end: this.#at };
    if (kind === 'word' && text === 'defaults') this.#defaults = this.#last;
    return { kind, text, place: this.#last };
  }
}
