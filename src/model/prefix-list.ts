import type { Prefix } from './prefix.ts';

/** Prefixes of one family in columns; a million of them as objects would not fit into the compiler's heap. */
export interface PrefixColumns {
  /** Of 32 bits, for each key: 1 or 4. */
  readonly wordsPerKey: 1 | 4;
  readonly count: number;
  readonly keys: Uint32Array;
  readonly lengths: Uint8Array;
  /** What the caller wants to know of a match, such as the line it was written in. */
  readonly values: Uint32Array;
}

/** Prefixes in the order in which they were written. */
export interface PrefixList {
  readonly v4: PrefixColumns;
  readonly v6: PrefixColumns;
}

const FIRST_CAPACITY = 16;

/** Columns that grow. */
class ColumnsBuilder {
  readonly wordsPerKey: 1 | 4;
  #count = 0;
  #keys: Uint32Array;
  #lengths = new Uint8Array(FIRST_CAPACITY);
  #values = new Uint32Array(FIRST_CAPACITY);

  constructor(wordsPerKey: 1 | 4) {
    this.wordsPerKey = wordsPerKey;
    this.#keys = new Uint32Array(FIRST_CAPACITY * wordsPerKey);
  }

  get count(): number {
    return this.#count;
  }

  /** A row with a key of zeros; gives where the words of its key begin. */
  addRow(length: number, value: number): number {
    if (this.#count === this.#lengths.length) this.#grow();
    this.#lengths[this.#count] = length;
    this.#values[this.#count] = value;
    return this.#count++ * this.wordsPerKey;
  }

  setWord(index: number, word: number): void {
    this.#keys[index] = word;
  }

  finish(): PrefixColumns {
    return {
      wordsPerKey: this.wordsPerKey,
      count: this.#count,
      keys: this.#keys.slice(0, this.#count * this.wordsPerKey),
      lengths: this.#lengths.slice(0, this.#count),
      values: this.#values.slice(0, this.#count),
    };
  }

  #grow(): void {
    const capacity = this.#lengths.length * 2;
    const [keys, lengths, values] = [this.#keys, this.#lengths, this.#values];
    this.#keys = new Uint32Array(capacity * this.wordsPerKey);
    this.#lengths = new Uint8Array(capacity);
    this.#values = new Uint32Array(capacity);
    this.#keys.set(keys);
    this.#lengths.set(lengths);
    this.#values.set(values);
  }
}

/** Collects the prefixes of a list. */
export class PrefixListBuilder {
  readonly #v4 = new ColumnsBuilder(1);
  readonly #v6 = new ColumnsBuilder(4);

  get count(): number {
    return this.#v4.count + this.#v6.count;
  }

  add(prefix: Prefix, value: number): void {
    const { bytes, length } = prefix;
    const columns = bytes.length === 4 ? this.#v4 : this.#v6;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const row = columns.addRow(length, value);
    for (let word = 0; word < columns.wordsPerKey; word++) {
      columns.setWord(row + word, view.getUint32(word * 4));
    }
  }

  /** The same without an object for each: `word` is the address, its host bits zero. */
  addIpv4(word: number, row: { readonly length: number; readonly value: number }): void {
    this.#v4.setWord(this.#v4.addRow(row.length, row.value), word);
  }

  /** `groups` are the eight of an IPv6 address. */
  addIpv6(groups: Uint16Array, row: { readonly length: number; readonly value: number }): void {
    const at = this.#v6.addRow(row.length, row.value);
    for (let word = 0; word < 4; word++) {
      this.#v6.setWord(at + word, (groups[word * 2] ?? 0) * 0x10000 + (groups[word * 2 + 1] ?? 0));
    }
  }

  finish(): PrefixList {
    return { v4: this.#v4.finish(), v6: this.#v6.finish() };
  }
}
