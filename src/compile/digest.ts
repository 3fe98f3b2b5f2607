import { createHash, createHmac } from 'node:crypto';

/** Half of SHA-256 is enough to tell configurations apart. */
const DIGEST_CHARACTERS = 32;
/** To write so many costs less than a digest of them. */
const FEW_BYTES = 256;

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
    const text = JSON.stringify(this.#plain(value));
    return createHmac('sha256', this.#key).update(text).digest('hex').slice(0, DIGEST_CHARACTERS);
  }

  /** By hand: to call somebody back for each value costs more than to write them all. */
  #plain(value: unknown): unknown {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => this.#plain(each));
    if (ArrayBuffer.isView(value)) return this.#ofArray(value);
    const plain: Record<string, unknown> = {};
    for (const key of Object.keys(value)) plain[key] = this.#plain(value[key as keyof typeof value]);
    return plain;
  }

  #ofArray(array: ArrayBufferView): string {
    const known = this.#arrays.get(array);
    if (known !== undefined) return known;
    const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
    if (bytes.length <= FEW_BYTES) return bytes.toString('hex');
    const digest = createHash('sha256').update(bytes).digest('hex');
    this.#arrays.set(array, digest);
    return digest;
  }
}
