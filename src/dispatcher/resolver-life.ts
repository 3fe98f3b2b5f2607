import type { Bus } from '../events/bus.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { ResolverClient } from '../resolver/client.ts';

/** The resolvers that the spawner starts, one after the other; each is a channel here. */
export class ResolverLife {
  readonly #bus: Bus;
  readonly #client: ResolverClient;
  #count = 0;

  constructor(options: { readonly bus: Bus; readonly client: ResolverClient }) {
    this.#bus = options.bus;
    this.#client = options.client;
  }

  attach(descriptor: Descriptor | undefined): void {
    // There was no room for its channel, which is closed with that: it ends, and the spawner starts another.
    if (!descriptor) return;
    this.#client.attach(descriptor);
    if (this.#count > 0) this.#bus.emit({ type: 'resolver-restarted', times: this.#count });
    this.#count++;
  }

  /** Without the channel it ends, so that the next one is a first one. */
  letGo(): void {
    this.#client.close();
    this.#count = 0;
  }
}
