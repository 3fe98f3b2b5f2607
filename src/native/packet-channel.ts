import type { Descriptor } from './descriptor.ts';
import { type Poller, READABLE, WRITABLE } from './poller.ts';

export interface PacketChannelOptions<T> {
  readonly poller: Poller;
  readonly channel: Descriptor;
  /** How often `receive` is called before other descriptors get their turn. */
  readonly perTurn: number;
  /** How many of them, the first ones, are dealt with; none of them: they would block. */
  readonly transmit: (unsent: readonly T[]) => number;
  /** Takes what there is, or part of it; false when there is no more, or none will come. */
  readonly receive: () => boolean;
}

/** Polls one end of a channel of packets. They keep their order; those that would block wait here. */
export class PacketChannel<T> {
  readonly #options: PacketChannelOptions<T>;
  readonly #unsent: T[] = [];
  #isOpen = true;
  /** Nothing goes out before there is room. */
  #isBlocked = false;
  #isSending = false;
  #isDue = false;

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

  /** Sends it, and whatever waits for company. */
  send(packet: T): void {
    this.#unsent.push(packet);
    this.#flush();
  }

  /**
   * Sends the first of a turn of the poller at once, so that the other end has something to do, and those behind it as soon as
   * there are `most` of them, or, at the latest, when the turn is over.
   */
  sendSoon(packet: T, most: number): void {
    this.#unsent.push(packet);
    if (this.#isDue) {
      if (this.#unsent.length >= most) this.#flush();
      return;
    }
    this.#isDue = true;
    this.#flush();
    this.#options.poller.endOfTurn(this.#onEndOfTurn);
  }

  /** Polls no more; the descriptor is the caller's. */
  forget(): void {
    this.#isOpen = false;
    this.#options.poller.forget(this.#options.channel);
  }

  readonly #onEndOfTurn = (): void => {
    this.#isDue = false;
    this.#flush();
  };

  #flush(): void {
    if (this.#isBlocked || this.#isSending) return;
    this.#sendWaiting();
    if (this.#unsent.length === 0) return;
    this.#isBlocked = true;
    this.#watch();
  }

  #watch(): void {
    const { poller, channel } = this.#options;
    const events = this.#isBlocked ? READABLE | WRITABLE : READABLE;
    poller.watch(channel, { events, watcher: (ready) => this.#onReady(ready) });
  }

  #onReady(ready: number): void {
    const { perTurn, receive } = this.#options;
    if ((ready & WRITABLE) !== 0 && this.#isBlocked) this.#unblock();
    if ((ready & ~WRITABLE) === 0) return;
    for (let count = 0; count < perTurn && this.#isOpen; count++) if (!receive()) return;
  }

  #unblock(): void {
    this.#sendWaiting();
    if (this.#unsent.length > 0) return;
    this.#isBlocked = false;
    this.#watch();
  }

  /** What is sent meanwhile, by those who hear that a packet could not be, has its turn behind the others. */
  #sendWaiting(): void {
    this.#isSending = true;
    for (let count = 1; count > 0 && this.#unsent.length > 0; ) {
      count = this.#options.transmit(this.#unsent);
      this.#unsent.splice(0, count);
    }
    this.#isSending = false;
  }
}
