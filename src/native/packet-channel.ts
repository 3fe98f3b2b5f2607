import type { Descriptor } from './descriptor.ts';
import { type Poller, READABLE, WRITABLE } from './poller.ts';

export interface PacketChannelOptions<T> {
  readonly poller: Poller;
  readonly channel: Descriptor;
  /** Packets taken before other descriptors get their turn. */
  readonly perTurn: number;
  /** False when it would block. */
  readonly transmit: (unsent: T) => boolean;
  /** Takes one packet; false when there is none, or none will come. */
  readonly receive: () => boolean;
}

/** Polls one end of a channel of packets. They keep their order; those that would block wait here. */
export class PacketChannel<T> {
  readonly #options: PacketChannelOptions<T>;
  readonly #unsent: T[] = [];
  #isOpen = true;

  constructor(options: PacketChannelOptions<T>) {
    this.#options = options;
    this.#watch();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How many packets wait. */
  get waiting(): number {
    return this.#unsent.length;
  }

  send(packet: T): void {
    if (this.#unsent.length === 0 && this.#options.transmit(packet)) return;
    this.#unsent.push(packet);
    if (this.#unsent.length === 1) this.#watch();
  }

  /** Polls no more; the descriptor is the caller's. */
  forget(): void {
    this.#isOpen = false;
    this.#options.poller.forget(this.#options.channel);
  }

  #watch(): void {
    const { poller, channel } = this.#options;
    const events = this.#unsent.length === 0 ? READABLE : READABLE | WRITABLE;
    poller.watch(channel, { events, watcher: (ready) => this.#onReady(ready) });
  }

  #onReady(ready: number): void {
    const { perTurn, receive } = this.#options;
    if ((ready & WRITABLE) !== 0 && this.#unsent.length > 0) this.#sendWaiting();
    if ((ready & ~WRITABLE) === 0) return;
    for (let count = 0; count < perTurn && this.#isOpen; count++) if (!receive()) return;
  }

  #sendWaiting(): void {
    while (this.#unsent[0] !== undefined && this.#options.transmit(this.#unsent[0])) this.#unsent.shift();
    if (this.#unsent.length === 0) this.#watch();
  }
}
