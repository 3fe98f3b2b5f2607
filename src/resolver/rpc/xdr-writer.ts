const WORD_BYTES = 4;

function padded(length: number): number {
  return Math.ceil(length / WORD_BYTES) * WORD_BYTES;
}

/** Writes XDR (RFC 4506): big-endian words of four bytes, and what is shorter filled up with zeros. */
export class XdrWriter {
  readonly #parts: Uint8Array[] = [];

  /** An unsigned integer, below 2^32. */
  word(value: number): this {
    const bytes = new Uint8Array(WORD_BYTES);
    new DataView(bytes.buffer).setUint32(0, value);
    this.#parts.push(bytes);
    return this;
  }

  /** `string<>`: its length in bytes, then the bytes. */
  text(value: string): this {
    const encoded = new TextEncoder().encode(value);
    const bytes = new Uint8Array(padded(encoded.length));
    bytes.set(encoded);
    this.word(encoded.length);
    this.#parts.push(bytes);
    return this;
  }

  /** What somebody else has written, in whole words. */
  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
