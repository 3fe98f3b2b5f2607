const HEADER_BYTES = 4;
const LAST_FRAGMENT = 0x8000_0000;

/** Puts records together again that a stream carries in fragments (RFC 5531, 11), each after a word with its length. */
export class RecordReader {
  readonly #mostBytes: number;
  readonly #header = new Uint8Array(HEADER_BYTES);
  #headerBytes = 0;
  /** Of the fragment that is under way. */
  #leftBytes = 0;
  #isLast = false;
  #parts: Uint8Array[] = [];
  #recordBytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The records that these bytes complete; undefined, then and ever after, when one is longer than allowed. */
  push(chunk: Uint8Array): readonly Uint8Array[] | undefined {
    const records: Uint8Array[] = [];
    let rest = chunk;
    while (rest.length > 0 && this.#recordBytes <= this.#mostBytes) {
      rest = this.#headerBytes < HEADER_BYTES ? this.#takeHeader(rest) : this.#takeBody(rest);
      if (this.#headerBytes < HEADER_BYTES || this.#leftBytes > 0) continue;
      this.#headerBytes = 0;
      if (this.#isLast) records.push(this.#finish());
    }
    return this.#recordBytes > this.#mostBytes ? undefined : records;
  }

  #takeHeader(bytes: Uint8Array): Uint8Array {
    const taken = bytes.subarray(0, HEADER_BYTES - this.#headerBytes);
    this.#header.set(taken, this.#headerBytes);
    this.#headerBytes += taken.length;
    if (this.#headerBytes === HEADER_BYTES) this.#begin(new DataView(this.#header.buffer).getUint32(0));
    return bytes.subarray(taken.length);
  }

  #begin(header: number): void {
    this.#isLast = header >= LAST_FRAGMENT;
    this.#leftBytes = header % LAST_FRAGMENT;
    // Known to be too long before there is any of it.
    this.#recordBytes += this.#leftBytes;
  }

  #takeBody(bytes: Uint8Array): Uint8Array {
    const taken = bytes.subarray(0, this.#leftBytes);
    this.#parts.push(taken);
    this.#leftBytes -= taken.length;
    return bytes.subarray(taken.length);
  }

  #finish(): Uint8Array {
    const record = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#recordBytes = 0;
    return record;
  }
}
