import { itemAt } from '../../model/item-at.ts';
import type { PatternNode } from './pattern-node.ts';

/** Why a text is no pattern that can be used. */
export interface PatternFault {
  readonly reason: string;
}

const CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[A-Za-z0-9]/],
  ['alpha', /[A-Za-z]/],
  ['blank', /[ \t]/],
  ['cntrl', /[\x00-\x1f\x7f]/],
  ['digit', /[0-9]/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /\s/],
  ['upper', /[A-Z]/],
  ['xdigit', /[A-Fa-f0-9]/],
]);

/** What a set in brackets is made of: a class, a range, or one character. */
const SET_ITEM = /\[:([a-z]+):\]|\[([.=]).|([^\]])-([^\]])|(.)/suy;
/** `a{2}`, `a{2,}`, `a{2,5}`, `*`, `+`, `?`. */
const TIMES = /[*+?]|\{([0-9]{1,3})(,([0-9]{0,3}))?\}/y;

const MOST_CHARACTERS = 256;
const MOST_TIMES = 32;
/** Each one makes the work on a name longer by its length. */
const MOST_NESTED = 3;
const MOST_GROUPS = 16;

class Fault extends Error {}

class PatternParser {
  readonly #text: string;
  #at = 0;
  #groups = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.#text.length) throw new Fault('nothing opens what ")" closes');
    return node;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found) this.#at += found[0].length;
    return found;
  }

  #eat(character: string): boolean {
    const isThere = this.#text.startsWith(character, this.#at);
    if (isThere) this.#at += character.length;
    return isThere;
  }

  #choice(): PatternNode {
    const parts = [this.#sequence()];
    while (this.#eat('|')) parts.push(this.#sequence());
    return { kind: 'choice', parts };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#text.length && !/[|)]/.test(itemAt(this.#text, this.#at))) {
      parts.push(this.#repeated(this.#atom()));
    }
    return { kind: 'sequence', parts };
  }

  #repeated(part: PatternNode): PatternNode {
    let node = part;
    for (let found = this.#take(TIMES); found; found = this.#take(TIMES)) {
      node = { kind: 'repeat', part: node, ...timesOf(found) };
      if (nestingOf(node) > MOST_NESTED)
        throw new Fault(`repetitions are nested more than ${MOST_NESTED} deep`);
    }
    return node;
  }

  #atom(): PatternNode {
    if (this.#eat('(')) return this.#group();
    if (this.#eat('[')) return this.#set();
    if (this.#eat('^')) return { kind: 'start' };
    if (this.#eat('$')) return { kind: 'end' };
    if (this.#eat('.')) return { kind: 'character', takes: () => true };
    const isEscaped = this.#eat('\\');
    const [written] = this.#take(/./suy) ?? [];
    if (written === undefined) throw new Fault('nothing stands behind the backslash');
    if (!isEscaped && /[*+?]/.test(written)) throw new Fault(`nothing stands before "${written}"`);
    if (isEscaped && /[A-Za-z0-9<>`']/.test(written))
      throw new Fault(`"\\${written}" is no escape of regex(7)`);
    return { kind: 'character', takes: (character) => character === written };
  }

  #group(): PatternNode {
    if (++this.#groups > MOST_GROUPS) throw new Fault(`it has more than ${MOST_GROUPS} groups`);
    const node = this.#choice();
    if (!this.#eat(')')) throw new Fault('nothing closes "("');
    return node;
  }

  #set(): PatternNode {
    const isNegated = this.#eat('^');
    const items: ((character: string) => boolean)[] = [];
    // A bracket that stands first is one of the set.
    for (let isFirst = true; isFirst || !this.#eat(']'); isFirst = false) {
      const found = this.#take(SET_ITEM);
      if (!found) throw new Fault('nothing closes "["');
      items.push(itemOf(found));
    }
    return { kind: 'character', takes: (character) => items.some((takes) => takes(character)) !== isNegated };
  }
}

function timesOf([all, least, comma, most]: RegExpExecArray): { least: number; most: number } {
  if (all === '*' || all === '+') return { least: all === '*' ? 0 : 1, most: Number.POSITIVE_INFINITY };
  if (all === '?') return { least: 0, most: 1 };
  const from = Number(least);
  const to = comma === undefined ? from : most === '' ? Number.POSITIVE_INFINITY : Number(most);
  if (from > to || from > MOST_TIMES || (Number.isFinite(to) && to > MOST_TIMES)) {
    throw new Fault(`"${all}" must be at most ${MOST_TIMES} times, and end after it begins`);
  }
  return { least: from, most: to };
}

function nestingOf(node: PatternNode): number {
  if (node.kind === 'repeat') return 1 + nestingOf(node.part);
  return 'parts' in node ? Math.max(0, ...node.parts.map(nestingOf)) : 0;
}

function itemOf([, name, special, first, last, one]: RegExpExecArray): (character: string) => boolean {
  if (special !== undefined) throw new Fault(`"[${special}" is not supported`);
  if (name !== undefined) {
    const known = CLASSES.get(name);
    if (!known) throw new Fault(`there is no class "${name}"`);
    return (character) => known.test(character);
  }
  if (first === undefined || last === undefined) return (character) => character === one;
  if (first > last) throw new Fault(`the range "${first}-${last}" ends before it begins`);
  return (character) => first <= character && character <= last;
}

/** Reads a pattern of rlinetd for names of files, which is an extended regular expression of regex(7). */
export function parsePattern(text: string): PatternNode | PatternFault {
  if (text.length > MOST_CHARACTERS) return { reason: `it is longer than ${MOST_CHARACTERS} characters` };
  try {
    return new PatternParser(text).parse();
  } catch (error) {
    if (error instanceof Fault) return { reason: error.message };
    throw error;
  }
}
