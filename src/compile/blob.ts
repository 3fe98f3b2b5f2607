/** A span of rows as the formats have it: byte offset and count. */
export interface Span {
  readonly offset: number;
  readonly count: number;
}

const ALIGNMENT = 8;
/** Of all formats of format.h. */
export const FORMAT_VERSION = 1;

/**
 * Builds one blob of src/native/spawner/format.h: a fixed record first, then rows and strings by offset. Rows
 * are aligned to 8 bytes; the last byte is NUL, which makes every offset inside a terminated string.
 */
export class Blob {
  #bytes: Uint8Array = new Uint8Array(4096);
  #view: DataView = new DataView(this.#bytes.buffer);
  #length: number;
  readonly #strings = new Map<string, number>();
  readonly #known = new Map<Uint8Array, number>();
  readonly #spans = new Map<string, Span>();

  constructor(recordBytes: number) {
    this.#length = recordBytes;
  }

  #reserve(count: number): number {
    const offset = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 ** Math.ceil(Math.log2(this.#length)));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return offset;
  }

  #align(): void {
    this.#reserve((ALIGNMENT - (this.#length % ALIGNMENT)) % ALIGNMENT);
  }

  u16(offset: number, value: number): void {
    this.#view.setUint16(offset, value, true);
  }

  /** Takes negative numbers as their two's complement. */
  u32(offset: number, value: number): void {
    this.#view.setUint32(offset, value >>> 0, true);
  }

  u64(offset: number, value: bigint): void {
    this.#view.setBigUint64(offset, value, true);
  }

  span(offset: number, span: Span): void {
    this.u32(offset, span.offset);
    this.u32(offset + 4, span.count);
  }

  set(offset: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, offset);
  }

  /** Room for `count` rows of zeros. */
  rows(count: number, rowBytes: number): Span {
    this.#align();
    return { offset: this.#reserve(count * rowBytes), count };
  }

  /** The offset of a NUL-terminated string, written once. */
  string(text: string): number {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    const bytes = new TextEncoder().encode(text);
    const offset = this.#reserve(bytes.length + 1);
    this.#bytes.set(bytes, offset);
    this.#strings.set(text, offset);
    return offset;
  }

  /** The offset of a string, or of bytes of any kind; the same bytes are written once. */
  text(value: string | Uint8Array): number {
    if (typeof value === 'string') return this.string(value);
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const { offset } = this.rows(1, value.length);
    this.set(offset, value);
    this.#known.set(value, offset);
    return offset;
  }

  numbers(values: readonly number[]): Span {
    const span = this.rows(values.length, 4);
    for (const [index, value] of values.entries()) this.u32(span.offset + 4 * index, value);
    return span;
  }

  strings(texts: readonly string[]): Span {
    return this.numbers(texts.map((text) => this.string(text)));
  }

  /** `bytes` as rows of `rowBytes`. */
  raw(bytes: Uint8Array, rowBytes: number): Span {
    const span = this.rows(bytes.length / rowBytes, rowBytes);
    this.set(span.offset, bytes);
    return span;
  }

  /** What `make` writes, once for each meaning. */
  once(meaning: string, make: () => Span): Span {
    const span = this.#spans.get(meaning) ?? make();
    this.#spans.set(meaning, span);
    return span;
  }

  /** The finished blob, with the header of its kind. */
  finish(magic: number, flags = 0): Uint8Array {
    this.#reserve(1);
    this.u32(0, magic);
    this.u32(4, FORMAT_VERSION);
    this.u32(8, this.#length);
    this.u32(12, flags);
    return this.#bytes.slice(0, this.#length);
  }
}
