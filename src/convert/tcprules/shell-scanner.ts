import type { Place, Source } from '../../config/source.ts';
import { commandValue, type ShellVariables, type Value, variableValue } from './shell-variables.ts';
import type { ShellWord } from './shell-word.ts';

/** What a script has that is more than words: it ends the reading of it. */
export interface ShellFault {
  readonly reason: string;
  readonly at: Place;
}

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATORS = /[ \t\n;|&<>()]/;
/** As long as an argument may be; a variable that holds itself twice doubles each time. */
const MOST_CHARACTERS = 131_072;
const CONTROL = /[\x00-\x1f\x7f]/;
const BLANKS = /[ \t\n]+/;

/** Reads the words of a shell script, one after the other. */
export class ShellScanner {
  readonly source: Source;
  at: number;
  fault: ShellFault | undefined;
  #variables: ShellVariables;
  #text = '';
  #isBegun = false;
  #unknown: string | undefined;
  #id: ShellWord['id'];
  #words: ShellWord[] = [];
  #start = 0;

  constructor(source: Source, variables: ShellVariables) {
    this.source = source;
    this.#variables = variables;
    this.at = 0;
  }

  get next(): string {
    return this.source.text[this.at] ?? '';
  }

  fail(reason: string, length = 1): undefined {
    const end = Math.min(this.source.text.length, this.at + length);
    this.fault ??= { reason, at: { source: this.source, start: this.at, end } };
  }

  /** Over blanks, joined lines and a comment, not over the end of a line. */
  skipBlanks(): void {
    for (;;) {
      if (this.next === ' ' || this.next === '\t') this.at++;
      else if (this.source.text.startsWith('\\\n', this.at)) this.at += 2;
      else if (this.next === '#') {
        const end = this.source.text.indexOf('\n', this.at);
        this.at = end === -1 ? this.source.text.length : end;
      } else return;
    }
  }

  /** The words that the text here stands for: one, or none or several where a variable without quotes holds that many. */
  word(): readonly ShellWord[] {
    this.#words = [];
    this.#begin(this.at);
    while (this.at < this.source.text.length && !OPERATORS.test(this.next) && !this.fault) this.#part();
    this.#end();
    return this.#words;
  }

  #begin(start: number): void {
    [this.#text, this.#isBegun, this.#unknown, this.#id] = ['', false, undefined, undefined];
    this.#start = start;
  }

  #end(): void {
    if (!this.#isBegun) return;
    const place = { source: this.source, start: this.#start, end: this.at };
    this.#words.push({ text: this.#text, place, unknown: this.#unknown, id: this.#id });
    this.#begin(this.at);
  }

  #add(text: string): void {
    if (this.#text.length + text.length > MOST_CHARACTERS) this.fail('a word is too long');
    else this.#text += text;
    this.#isBegun = true;
    this.#id = undefined;
  }

  #part(): void {
    const { next } = this;
    if (next === "'") this.#single();
    else if (next === '"') this.#double();
    else if (next === '\\') this.#escaped(1);
    else if (next === '$' || next === '`') this.#expansion(false);
    else if (/[*?[~]/.test(next)) this.fail('patterns of names are not looked up');
    else if (CONTROL.test(next)) this.fail('a control character is in it');
    else {
      this.#add(next);
      this.at++;
    }
  }

  #escaped(length: number): void {
    const character = this.source.text[this.at + length];
    if (character !== undefined && character !== '\n') this.#add(character);
    this.at += length + 1;
  }

  #single(): void {
    const end = this.source.text.indexOf("'", this.at + 1);
    if (end === -1) this.fail('nothing ends the quotes');
    else {
      this.#add(this.source.text.slice(this.at + 1, end));
      this.at = end + 1;
    }
  }

  #double(): void {
    const start = this.at++;
    this.#isBegun = true;
    while (this.next !== '"') {
      if (this.next === '') {
        this.at = start;
        this.fail('nothing ends the quotes');
        return;
      }
      if (this.next === '\\' && /[$`"\\\n]/.test(this.source.text[this.at + 1] ?? '')) this.#escaped(1);
      else if (this.next === '$' || this.next === '`') this.#expansion(true);
      else this.#add(this.source.text[this.at++] ?? '');
      if (this.fault) return;
    }
    this.at++;
  }

  /** A variable or a command; in quotes it is part of the word whatever it holds. */
  #expansion(isQuoted: boolean): void {
    const value = this.next === '`' ? this.#command('`', '`') : this.#dollar();
    if (!value) return;
    if (value.unknown !== undefined) {
      const isAlone = /^(?:[A-Za-z_]\w*=)?$/.test(this.#text) && this.#unknown === undefined;
      this.#add('');
      this.#unknown = value.unknown;
      this.#id = isAlone ? value.id : undefined;
    } else if (isQuoted) this.#add(value.text);
    else this.#split(value.text);
  }

  #split(text: string): void {
    for (const [index, part] of text.split(BLANKS).entries()) {
      if (index > 0) this.#end();
      if (part !== '') this.#add(part);
    }
  }

  #dollar(): Value | undefined {
    const { text } = this.source;
    if (text[this.at + 1] === '(') return this.#command('$(', ')');
    const isBraced = text[this.at + 1] === '{';
    NAME.lastIndex = this.at + (isBraced ? 2 : 1);
    const name = NAME.exec(text)?.[0];
    const end = NAME.lastIndex;
    if (name === undefined || (isBraced && text[end] !== '}'))
      return this.fail('of what "$" begins only names and commands can be told', 2);
    this.at = end + (isBraced ? 1 : 0);
    return variableValue(name, this.#variables);
  }

  #command(open: string, close: string): Value | undefined {
    const start = this.at + open.length;
    const end = this.source.text.indexOf(close, start);
    if (end === -1) return this.fail('nothing ends the command in the word');
    this.at = end + 1;
    return commandValue(this.source.text.slice(start, end));
  }
}
