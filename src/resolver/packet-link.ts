import { constants } from 'node:os';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { PacketChannel } from '../native/packet-channel.ts';
import type { Poller } from '../native/poller.ts';

/** The largest packet. */
export const PACKET_BYTES = 4096;

/** Packets taken before other descriptors get their turn. */
const PACKETS_PER_TURN = 32;

/** More than can be under way; an end that lets so many wait does not read any more. */
const MOST_UNSENT = 2048;

export interface PacketHandlers {
  onPacket(packet: Uint8Array): void;
  /** The other end is gone, or sent something that is no packet. Called once, with the channel closed. */
  onGone(): void;
}

/** One end of the channel between dispatcher and resolver. */
export class PacketLink {
  readonly #binding: Binding;
  readonly #channel: Descriptor;
  readonly #handlers: PacketHandlers;
  readonly #packet = new Uint8Array(PACKET_BYTES);
  readonly #passed = new Int32Array(1);
  readonly #packets: PacketChannel<Uint8Array>;

  constructor(options: { binding: Binding; poller: Poller; channel: Descriptor; handlers: PacketHandlers }) {
    this.#binding = options.binding;
    this.#channel = options.channel;
    this.#handlers = options.handlers;
    this.#packets = new PacketChannel({
      ...{ poller: options.poller, channel: options.channel, perTurn: PACKETS_PER_TURN },
      transmit: ([packet]) => (packet && this.#transmit(packet) ? 1 : 0),
      receive: () => this.#receive(),
    });
  }

  /** Does nothing once the link is closed: what is gone is noticed when reading. */
  send(packet: Uint8Array): void {
    if (!this.#packets.isOpen) return;
    this.#packets.send(packet);
    if (this.#packets.waiting > MOST_UNSENT) this.#leave();
  }

  close(): void {
    if (!this.#packets.isOpen) return;
    this.#packets.forget();
    this.#channel.close();
  }

  /** False when it would block. A packet that the kernel has no memory for is lost: deadlines answer for it. */
  #transmit(packet: Uint8Array): boolean {
    return this.#binding.send(this.#channel.fd, packet, -1) !== -constants.errno.EAGAIN;
  }

  /** Takes one packet; false when there is none. */
  #receive(): boolean {
    const length = this.#binding.receive(this.#channel.fd, this.#packet, this.#passed);
    if (length === -constants.errno.EAGAIN) return false;
    const passed = this.#passed[0] ?? -1;
    if (passed >= 0) this.#binding.close(passed);
    // A packet that fills the buffer was cut.
    if (length <= 0 || length >= PACKET_BYTES || passed >= 0) {
      this.#leave();
      return false;
    }
    this.#handlers.onPacket(this.#packet.slice(0, length));
    return true;
  }

  #leave(): void {
    this.close();
    this.#handlers.onGone();
  }
}
