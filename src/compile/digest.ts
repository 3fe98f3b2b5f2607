import { createHash, createHmac } from 'node:crypto';

/** Half of SHA-256 is enough to tell configurations apart. */
const DIGEST_CHARACTERS = 32;

/**
 * Digests of values of plain objects, numbers, texts and typed arrays. They are keyed: the dispatcher, who sees them,
 * cannot try what a service may have in its environment.
 */
export class Digests {
  readonly #key: string;
  /** A list of a million rows is looked at once, however many services have it. */
  readonly #arrays = new Map<object, string>();

  constructor(key: string) {
    this.#key = key;
  }

  of(value: unknown): string {
    const text = JSON.stringify(value, (_, each: unknown) => this.#plain(each));
    return createHmac('sha256', this.#key).update(text).digest('hex').slice(0, DIGEST_CHARACTERS);
  }

  #plain(value: unknown): unknown {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    return ArrayBuffer.isView(value) ? this.#ofArray(value) : value;
  }

  #ofArray(array: ArrayBufferView): string {
    const known = this.#arrays.get(array);
    if (known !== undefined) return known;
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    const digest = createHash('sha256').update(bytes).digest('hex');
    this.#arrays.set(array, digest);
    return digest;
  }
}
