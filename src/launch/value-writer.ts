import type { Endpoint } from '../model/address.ts';
import { InvariantError } from '../model/errors.ts';
import { addressOf } from './address-of.ts';

/** What the spawner takes for a value: so many characters at the most, all of them printable ASCII. */
const MOST_CHARACTERS = 255;
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;

const ZERO = 48;
const DOT = 46;
const BASE = 10;

/** How values stand one behind the other: behind a head for each number, and with what end. */
export interface ValueForm {
  /** By number. The last byte of one that is counted is where the length goes. */
  readonly heads: readonly Uint8Array[];
  readonly end: 'counted' | 'nul';
}

/** Whose address it is: texts of the last one of each are kept. */
type End = 'peer' | 'local';

function digitsOf(number: number): number {
  let digits = 1;
  for (let rest = number; rest >= BASE; rest = Math.floor(rest / BASE)) digits++;
  return digits;
}

/**
 * Writes values straight to where they are to stand: no text and no object is made for each. What cannot be told, since it is
 * longer or of other bytes than anything that is to be told, is taken back: a part of it would be a lie (S30).
 */
export class ValueWriter {
  readonly #bytes: Uint8Array;
  readonly #form: ValueForm;
  readonly #texts: Record<End, { readonly endpoint: Endpoint; readonly text: string } | undefined> = {
    peer: undefined,
    local: undefined,
  };
  #at = 0;
  #limit = 0;
  /** Where the head of the value that is being written begins, and where itself does. */
  #head = 0;
  #from = 0;

  constructor(bytes: Uint8Array, form: ValueForm) {
    this.#bytes = bytes;
    this.#form = form;
  }

  /** Where the next byte goes. */
  get at(): number {
    return this.#at;
  }

  /** The next value is the first. */
  start({ at, room }: { readonly at: number; readonly room: number }): void {
    this.#at = at;
    this.#limit = at + room;
  }

  begin(number: number): void {
    const head = this.#form.heads[number];
    if (!head) throw new InvariantError(`Told the value ${number}, which has no name`);
    this.#head = this.#at;
    for (let index = 0; index < head.length; index++) this.#put(head[index] ?? 0);
    this.#from = this.#at;
  }

  /** It is whole. */
  end(): void {
    if (this.#form.end === 'nul') this.#put(0);
    else this.#bytes[this.#from - 1] = this.#at - this.#from;
    // All that there can be of one client is less than that.
    if (this.#at > this.#limit)
      throw new InvariantError('Told a handler more of its client than there is room for');
  }

  /** There is none. */
  drop(): void {
    this.#at = this.#head;
  }

  /** False: it cannot be told. */
  text(text: string): boolean {
    if (text.length > MOST_CHARACTERS) return false;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < FIRST_PRINTABLE || code > LAST_PRINTABLE) return false;
      this.#put(code);
    }
    return true;
  }

  /** A whole number that is not negative. */
  decimal(number: number): true {
    this.#at += digitsOf(number);
    let at = this.#at;
    let rest = number;
    do {
      const next = Math.floor(rest / BASE);
      this.#bytes[--at] = ZERO + (rest - next * BASE);
      rest = next;
    } while (rest > 0);
    return true;
  }

  address(endpoint: Endpoint, end: End): boolean {
    const { bytes, scopeId } = endpoint;
    if (bytes.length !== 4 || scopeId !== 0) return this.text(this.#textOf(endpoint, end));
    for (let index = 0; index < bytes.length; index++) {
      if (index > 0) this.#put(DOT);
      this.decimal(bytes[index] ?? 0);
    }
    return true;
  }

  /** That of a listener is the same for all who come, and a peer's is told under several names. */
  #textOf(endpoint: Endpoint, end: End): string {
    const known = this.#texts[end];
    if (known?.endpoint === endpoint) return known.text;
    const text = addressOf(endpoint);
    this.#texts[end] = { endpoint, text };
    return text;
  }

  #put(byte: number): void {
    this.#bytes[this.#at++] = byte;
  }
}
