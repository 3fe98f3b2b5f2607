import { constants } from 'node:os';
import type { Endpoint } from '../model/address.ts';
import type { Binding } from './binding.ts';
import type { Descriptor } from './descriptor.ts';
import { ENDPOINT_BYTES, readEndpoint } from './endpoint-codec.ts';

const AF_INET = 2;
const AF_INET6 = 10;

/** A kernel that translates no addresses has no such option; it is asked again after this, since it may have learnt it. */
const WITHOUT_MS = 100;

function isSamePlace(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && Buffer.compare(a.bytes, b.bytes) === 0;
}

/** SO_ORIGINAL_DST: where connections were sent to before a translation of addresses. */
export class OriginalDestinations {
  readonly #binding: Binding;
  readonly #nowMs: () => number;
  readonly #bytes = new Uint8Array(ENDPOINT_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
  /** Of the two families, which have one each. */
  readonly #askAtMs = { 4: 0, 6: 0 };

  constructor(options: { readonly binding: Binding; readonly nowMs: () => number }) {
    this.#binding = options.binding;
    this.#nowMs = options.nowMs;
  }

  /** Undefined where it is `local`, where the client is, and where the kernel tracks none. */
  of(
    descriptor: Descriptor,
    { family, local }: { readonly family: 4 | 6; readonly local: Endpoint },
  ): Endpoint | undefined {
    if (this.#nowMs() < this.#askAtMs[family]) return undefined;
    const result = this.#binding.originalDestination(
      descriptor.fd,
      family === 4 ? AF_INET : AF_INET6,
      this.#bytes,
    );
    if (result === -constants.errno.ENOPROTOOPT) this.#askAtMs[family] = this.#nowMs() + WITHOUT_MS;
    if (result < 0) return undefined;
    const destination = readEndpoint(this.#view, 0);
    return isSamePlace(destination, local) ? undefined : destination;
  }
}
