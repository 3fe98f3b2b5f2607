import type { Descriptor } from '../native/descriptor.ts';
import { checked, errnoName } from '../native/errno.ts';
import { READABLE, WRITABLE } from '../native/poller.ts';
import type { World } from './world.ts';

/** The most that the variables of one connection take. */
const MOST_BYTES = 4096;
/** Connections taken before others get their turn. */
const PER_TURN = 16;

/** A connection with its environment, as zinetd has sent it; `fd` is -1 where there was no room for a descriptor. */
export interface Packet {
  readonly fd: number;
  readonly bytes: Uint8Array;
}

export interface PoolChannelOptions {
  readonly world: World;
  readonly channel: Descriptor;
  /** Whether another connection can be taken now. */
  wants(): boolean;
  /** `bytes` are there during the call only. */
  onPacket(packet: Packet): void;
  /** No more will come. */
  onEnd(): void;
}

/** Our end of the channel that connections come by and reports go by. Packets keep their order. */
export class PoolChannel {
  readonly #options: PoolChannelOptions;
  readonly #bytes = new Uint8Array(MOST_BYTES);
  readonly #passed = Int32Array.of(-1);
  readonly #unsent: Uint8Array[] = [];
  #hasEnded = false;
  #watched = 0;

  constructor(options: PoolChannelOptions) {
    this.#options = options;
    this.look();
  }

  /** Whether all reports are on their way. */
  get isSent(): boolean {
    return this.#unsent.length === 0;
  }

  /** After each change of what is wanted. A channel that nothing is wanted of is not polled: its end would be told for ever. */
  look(): void {
    const { world, channel, wants } = this.#options;
    const reading = !this.#hasEnded && wants() ? READABLE : 0;
    const events = reading | (this.isSent ? 0 : WRITABLE);
    if (events === this.#watched) return;
    this.#watched = events;
    if (events === 0) world.poller.forget(channel);
    else world.poller.watch(channel, { events, watcher: () => this.#onReady() });
  }

  /** That a connection is done; without its id, that the oldest one is. */
  report(status: number, id: string | undefined): void {
    this.#unsent.push(Buffer.concat([Uint8Array.of(status), Buffer.from(id ?? '', 'latin1')]));
    this.#sendAll();
    this.look();
  }

  #onReady(): void {
    this.#sendAll();
    for (let count = 0; count < PER_TURN && this.#receiveOne(); count++);
    this.look();
  }

  #sendAll(): void {
    const { world, channel } = this.#options;
    for (let next = this.#unsent[0]; next !== undefined; next = this.#unsent[0]) {
      const result = world.binding.send(channel.fd, next, -1);
      if (result < 0 && errnoName(-result) === 'EAGAIN') return;
      // Of a zinetd that is gone nobody waits for a report.
      this.#unsent.shift();
    }
  }

  #receiveOne(): boolean {
    const { world, channel, wants, onPacket, onEnd } = this.#options;
    if (this.#hasEnded || !wants()) return false;
    const length = world.binding.receive(channel.fd, this.#bytes, this.#passed);
    const name = length < 0 ? errnoName(-length) : '';
    if (name === 'EAGAIN' || name === 'EINTR') return false;
    if (name !== '' && name !== 'ECONNRESET') checked(length, { call: 'receive', subject: 'a connection' });
    if (length > 0) {
      onPacket({ fd: this.#passed[0] ?? -1, bytes: this.#bytes.subarray(0, length) });
      return true;
    }
    this.#hasEnded = true;
    onEnd();
    return false;
  }
}
