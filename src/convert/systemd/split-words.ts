/** A word of a value, without its quotes and escapes. */
export interface RawWord {
  readonly text: string;
  /** In the value. */
  readonly start: number;
  readonly end: number;
  /** Without quotes and backslashes, so that ";" alone parts two commands. */
  readonly isBare: boolean;
}

export interface WordFault {
  readonly reason: string;
  readonly start: number;
  readonly end: number;
}

const SIMPLE: Readonly<Record<string, string>> = {
  ...{
    a: '\x07',
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
    '\\': '\\',
    '"': '"',
    "'": "'",
    s: ' ',
  },
};
const CODED = /^(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/;
const MOST_CODE = 0x10_ffff;
/** Longer ones than all that can follow a backslash. */
const MOST_ESCAPE = 9;

interface Escaped {
  readonly text: string;
  readonly length: number;
}

/** What a backslash and what follows stand for; undefined for what no text can have. */
function readEscape(value: string, at: number): Escaped | undefined {
  const next = value[at + 1] ?? '';
  const simple = Object.hasOwn(SIMPLE, next) ? SIMPLE[next] : undefined;
  if (simple !== undefined) return { text: simple, length: 2 };
  const [whole, hex, octal, short, long] = CODED.exec(value.slice(at + 1, at + 1 + MOST_ESCAPE)) ?? [];
  // systemd leaves a backslash alone that escapes nothing.
  if (whole === undefined) return { text: `\\${next}`, length: 1 + next.length };
  const byte = hex ?? octal;
  const code =
    byte === undefined
      ? Number.parseInt(short ?? long ?? '', 16)
      : Number.parseInt(byte, hex === undefined ? 8 : 16);
  const isText =
    code > 0 && code <= (byte === undefined ? MOST_CODE : 0x7f) && (code < 0xd800 || code > 0xdfff);
  return isText ? { text: String.fromCodePoint(code), length: 1 + whole.length } : undefined;
}

const BLANK = /[ \t\n\r]/;

/** One word from `start` on, which is no blank. */
function readWord(value: string, start: number): RawWord | WordFault {
  const parts: string[] = [];
  let quote = '';
  let isBare = true;
  let at = start;
  for (; at < value.length; ) {
    const character = value[at] ?? '';
    if (quote === '' && BLANK.test(character)) break;
    if (character === '\\') {
      const escaped = readEscape(value, at);
      if (!escaped) return { reason: 'the escape stands for no text', start: at, end: at + 2 };
      parts.push(escaped.text);
      at += escaped.length;
      isBare = false;
      continue;
    }
    const isQuote = character === quote || (quote === '' && (character === '"' || character === "'"));
    if (!isQuote) parts.push(character);
    else {
      quote = quote === '' ? character : '';
      isBare = false;
    }
    at++;
  }
  if (quote !== '') return { reason: 'the quote does not end', start, end: at };
  return { text: parts.join(''), start, end: at, isBare };
}

/** The words of a command line, of `Environment=` and the like, with quotes and C escapes (systemd.syntax(7)). */
export function splitWords(value: string): readonly RawWord[] | WordFault {
  const words: RawWord[] = [];
  for (let at = 0; at < value.length; ) {
    if (BLANK.test(value[at] ?? '')) {
      at++;
      continue;
    }
    const word = readWord(value, at);
    if ('reason' in word) return word;
    words.push(word);
    at = word.end;
  }
  return words;
}
