import { MOST_DEPTH } from '../../config/budget.ts';
import { quote } from '../../config/quote.ts';
import type { Place } from '../../config/source.ts';
import type { PlistEntry, PlistNode } from './plist-node.ts';
import type { XmlVisitor } from './read-xml.ts';
import { textNode } from './text-node.ts';

interface DictFrame {
  readonly name: 'dict';
  readonly place: Place;
  readonly entries: Map<string, PlistEntry>;
  /** What the next value is for. */
  key: { readonly text: string; readonly place: Place } | undefined;
}

interface ArrayFrame {
  readonly name: 'array' | 'plist';
  readonly place: Place;
  readonly items: PlistNode[];
}

interface TextFrame {
  readonly name: string;
  readonly place: Place;
  text: string;
  /** Of the text itself. */
  inner: Place | undefined;
}

type Frame = DictFrame | ArrayFrame | TextFrame;

const TEXTS: ReadonlySet<string> = new Set([
  'key',
  'string',
  'integer',
  'real',
  'date',
  'data',
  'true',
  'false',
]);

function frameOf(name: string, place: Place): Frame | undefined {
  if (name === 'dict') return { name, place, entries: new Map(), key: undefined };
  if (name === 'array' || name === 'plist') return { name, place, items: [] };
  return TEXTS.has(name) ? { name, place, text: '', inner: undefined } : undefined;
}

function isDict(frame: Frame): frame is DictFrame {
  return 'entries' in frame;
}

/** Makes a property list of the elements of a document, as plist(5) has them. */
export class PlistBuilder implements XmlVisitor {
  readonly #stack: Frame[] = [];
  /** How many elements there may be. */
  #left: number;
  #root: PlistNode | undefined;

  constructor(most: number) {
    this.#left = most;
  }

  get root(): PlistNode | undefined {
    return this.#root;
  }

  /** How many more there could have been; below 0, there were too many. */
  get left(): number {
    return this.#left;
  }

  open(name: string, place: Place, hasAttributes: boolean): string | undefined {
    const parent = this.#stack.at(-1);
    const frame = frameOf(name, place);
    if (--this.#left < 0) return 'it has more elements than anybody can mean';
    if (!frame) return `there is no element "${name}" in a property list`;
    if (hasAttributes && name !== 'plist') return `"${name}" has no attributes`;
    if (this.#stack.length > MOST_DEPTH) return `elements are nested more than ${MOST_DEPTH} deep`;
    this.#stack.push(frame);
    return parent ? misplaced(parent, name) : name === 'plist' ? undefined : 'it must begin with "plist"';
  }

  text(text: string, place: Place): string | undefined {
    const frame = this.#stack.at(-1);
    const isBlank = text.trim() === '';
    if (!frame || !('text' in frame)) return isBlank ? undefined : 'no text can stand here';
    if (!isBlank && (frame.name === 'true' || frame.name === 'false')) return `"${frame.name}" holds nothing`;
    frame.text += text;
    frame.inner = frame.inner ? { ...frame.inner, end: place.end } : place;
    return undefined;
  }

  close(place: Place): string | undefined {
    const frame = this.#stack.pop();
    if (!frame) return undefined;
    const whole = { ...frame.place, end: place.end };
    if (frame.name === 'key' && 'text' in frame) return this.#closeKey(frame, whole);
    if (isDict(frame)) {
      if (frame.key) return `${quote(frame.key.text)} has no value`;
      return this.#put({ type: 'dict', entries: frame.entries, place: whole });
    }
    if ('items' in frame) return this.#closeItems(frame, whole);
    const node = textNode(frame, frame.inner ?? whole);
    return 'reason' in node ? node.reason : this.#put(node);
  }

  #closeItems({ name, items }: ArrayFrame, place: Place): string | undefined {
    if (name === 'array') return this.#put({ type: 'array', items, place });
    this.#root = items[0];
    return items.length === 1 ? undefined : `"plist" must hold one value, not ${items.length}`;
  }

  #closeKey({ text, inner }: TextFrame, whole: Place): string | undefined {
    const parent = this.#stack.at(-1);
    if (!parent || !isDict(parent)) return undefined;
    if (parent.entries.has(text)) return `${quote(text)} is there twice`;
    parent.key = { text, place: inner ?? whole };
    return undefined;
  }

  #put(node: PlistNode): undefined {
    const parent = this.#stack.at(-1);
    if (parent && 'items' in parent) parent.items.push(node);
    if (!parent || !isDict(parent) || !parent.key) return;
    const { text, place } = parent.key;
    parent.entries.set(text, { key: text, keyPlace: place, value: node });
    parent.key = undefined;
  }
}

/** Why an element cannot stand in another one; undefined if it can. */
function misplaced(parent: Frame, name: string): string | undefined {
  if ('text' in parent) return `"${parent.name}" holds no other element`;
  if (name === 'plist') return '"plist" stands outermost';
  const isKey = name === 'key';
  if (!isDict(parent)) return isKey ? 'a key stands in a "dict" only' : undefined;
  if (isKey) return parent.key ? `${quote(parent.key.text)} has no value` : undefined;
  return parent.key ? undefined : 'a "key" must stand before each value';
}
