import type { Endpoint } from '../model/address.ts';
import type { Binding } from './binding.ts';
import type { Descriptor } from './descriptor.ts';
import { ENDPOINT_BYTES, readEndpoint } from './endpoint-codec.ts';
import { errnoName } from './errno.ts';

const WORD_BYTES = 4;

/**
 * getsockname(2) of one connection after the other. Nearly all clients of a listener come to the same of our addresses: for
 * them it is the same record.
 */
export class LocalEndpoints {
  readonly #binding: Binding;
  readonly #bytes = new Uint8Array(ENDPOINT_BYTES);
  readonly #words = new Uint32Array(this.#bytes.buffer);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #lastWords = new Uint32Array(ENDPOINT_BYTES / WORD_BYTES);
  #last: Endpoint | undefined;

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** Or the symbolic errno of why it cannot be known. */
  of(descriptor: Descriptor): Endpoint | string {
    const result = this.#binding.localEndpoint(descriptor.fd, this.#bytes);
    if (result < 0) return errnoName(-result);
    if (this.#last && this.#isLast()) return this.#last;
    this.#lastWords.set(this.#words);
    this.#last = readEndpoint(this.#view, 0);
    return this.#last;
  }

  #isLast(): boolean {
    for (let index = 0; index < this.#words.length; index++)
      if (this.#words[index] !== this.#lastWords[index]) return false;
    return true;
  }
}
