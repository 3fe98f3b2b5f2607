const WORD_BYTES = 4;

/**
 * Reads XDR (RFC 4506) that anybody may have written. Past the end there are zeros and empty texts, and
 * `isBroken` says so: whoever reads looks at it before believing any of it.
 */
export class XdrReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #isBroken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Something was missing, or longer than allowed. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** All was there, and nothing is left. */
  get isComplete(): boolean {
    return !this.#isBroken && this.#at === this.#bytes.length;
  }

  word(): number {
    const at = this.#take(WORD_BYTES);
    return at === undefined ? 0 : this.#view.getUint32(at);
  }

  /** `opaque<most>`, without what fills it up. */
  opaque(most: number): Uint8Array {
    const length = this.word();
    if (length > most) this.#isBroken = true;
    const at = this.#take(Math.ceil(length / WORD_BYTES) * WORD_BYTES);
    return at === undefined ? new Uint8Array(0) : this.#bytes.subarray(at, at + length);
  }

  /** `string<most>`; what is not UTF-8 becomes U+FFFD. */
  text(most: number): string {
    return new TextDecoder().decode(this.opaque(most));
  }

  /** All that is left. */
  rest(): Uint8Array {
    const at = this.#take(this.#bytes.length - this.#at);
    return this.#bytes.subarray(at ?? this.#bytes.length);
  }

  #take(length: number): number | undefined {
    const at = this.#at;
    if (length > this.#bytes.length - at) this.#isBroken = true;
    if (this.#isBroken) return undefined;
    this.#at += length;
    return at;
  }
}
