import { constants } from 'node:os';
import { SyscallError } from '../model/errors.ts';
import type { Binding } from '../native/binding.ts';
import { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import { PacketChannel } from '../native/packet-channel.ts';
import type { Poller } from '../native/poller.ts';
import { encodeRequest, type Request } from './request.ts';
import { decodeEvent, EVENT_BYTES, type SpawnerEvent } from './spawner-event.ts';

/** Packets taken from the spawner before other descriptors get their turn. */
const EVENTS_PER_TURN = 64;

/** What sending says when the other end is closed. */
const GONE: ReadonlySet<number> = new Set([-constants.errno.EPIPE, -constants.errno.ECONNRESET]);

export interface LinkHandlers {
  onEvent(event: SpawnerEvent, descriptor: Descriptor | undefined): void;
  /** The kernel had no memory for a request, or the like; its descriptor is closed. */
  onUnsent(request: Request, code: string): void;
  /** The spawner is gone; nothing more will come. */
  onGone(): void;
}

interface Unsent {
  readonly request: Request;
  readonly bytes: Uint8Array;
  readonly passed: Descriptor | undefined;
}

/** The dispatcher's end of the channel. Requests that would block wait. */
export class SpawnerLink {
  readonly #binding: Binding;
  readonly #channel: Descriptor;
  readonly #handlers: LinkHandlers;
  readonly #packet = new Uint8Array(EVENT_BYTES);
  readonly #passed = new Int32Array(1);
  readonly #packets: PacketChannel<Unsent>;
  #generation = 0;

  constructor(options: { binding: Binding; poller: Poller; channel: Descriptor; handlers: LinkHandlers }) {
    this.#binding = options.binding;
    this.#channel = options.channel;
    this.#handlers = options.handlers;
    this.#packets = new PacketChannel({
      ...{ poller: options.poller, channel: options.channel, perTurn: EVENTS_PER_TURN },
      transmit: (unsent) => this.#transmit(unsent),
      receive: () => this.#receive(),
    });
  }

  /** Sends a request. `passed` belongs to the link from now on, which closes it once it is on its way. */
  send(request: Request, passed?: Descriptor): void {
    this.#packets.send({ request, bytes: encodeRequest(request, this.#generation), passed });
  }

  /** False when it would block. A spawner that is gone is noticed when reading. */
  #transmit({ request, bytes, passed }: Unsent): boolean {
    const result = this.#binding.send(this.#channel.fd, bytes, passed?.fd ?? -1);
    if (result === -constants.errno.EAGAIN) return false;
    passed?.close();
    if (result < 0 && !GONE.has(result)) this.#handlers.onUnsent(request, errnoName(-result));
    return true;
  }

  /** Takes one packet; false when there is none. */
  #receive(): boolean {
    const length = this.#binding.receive(this.#channel.fd, this.#packet, this.#passed);
    if (length === -constants.errno.EAGAIN) return false;
    if (length === 0 || length === -constants.errno.ECONNRESET) {
      this.#packets.forget();
      this.#handlers.onGone();
      return false;
    }
    if (length !== EVENT_BYTES) {
      const code = length < 0 ? errnoName(-length) : 'EBADMSG';
      throw new SyscallError({ call: 'receive from', subject: 'the spawner', code });
    }
    const fd = this.#passed[0] ?? -1;
    const event = decodeEvent(this.#packet);
    if (event.type === 'hello') this.#generation = event.generation;
    this.#handlers.onEvent(event, fd >= 0 ? new Descriptor(this.#binding, fd) : undefined);
    return true;
  }
}
