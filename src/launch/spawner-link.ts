import { constants } from 'node:os';
import { SyscallError } from '../model/errors.ts';
import type { Binding } from '../native/binding.ts';
import { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import { PacketChannel } from '../native/packet-channel.ts';
import type { Poller } from '../native/poller.ts';
import type { Numbering } from './numbering.ts';
import { Renumbering } from './renumbering.ts';
import { encodeRequest, type Request } from './request.ts';
import { decodeEvent, EVENT_BYTES, type SpawnerEvent } from './spawner-event.ts';

/** Packets taken from the spawner before other descriptors get their turn. */
const EVENTS_PER_TURN = 64;

/** What sending says when the other end is closed. */
const GONE: ReadonlySet<number> = new Set([-constants.errno.EPIPE, -constants.errno.ECONNRESET]);

export interface LinkHandlers {
  onEvent(event: SpawnerEvent, descriptor: Descriptor | undefined): void;
  /** The kernel had no memory for a request, or its service is no more (ENOENT); its descriptor is closed. */
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
  /** Of the generation in use and the one before, of which events may still come; none: the spawner's are ours. */
  #renumberings = new Map<number, Renumbering>();

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

  /** Of the launch table in force: how many there have been. */
  get generation(): number {
    return this.#generation;
  }

  /** Sends a request. `passed` belongs to the link from now on, which closes it once it is on its way. */
  send(request: Request, passed?: Descriptor): void {
    const renumbering = this.#renumberings.get(this.#generation);
    const meant = renumbering ? renumbering.outgoing(request) : request;
    if (meant) this.#packets.send({ request, bytes: encodeRequest(meant, this.#generation), passed });
    else {
      passed?.close();
      this.#handlers.onUnsent(request, 'ENOENT');
    }
  }

  /** Goes over to the launch table that the spawner has told of: what is sent from now on is meant by it. */
  commit(numbering: Numbering): void {
    this.send({ type: 'commit' });
    const before = this.#renumberings.get(this.#generation);
    this.#renumberings = new Map(before && [[this.#generation, before]]);
    this.#generation++;
    this.#renumberings.set(this.#generation, new Renumbering(numbering));
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
    const renumbering = this.#renumberings.get(event.generation);
    const ours = renumbering ? renumbering.incoming(event) : event;
    this.#handlers.onEvent(ours, fd >= 0 ? new Descriptor(this.#binding, fd) : undefined);
    return true;
  }
}
