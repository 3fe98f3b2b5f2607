import { constants } from 'node:os';
import type { Endpoint } from '../model/address.ts';
import { SyscallError } from '../model/errors.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import { MOST_PACKETS, PacketsIn, PacketsOut } from '../native/packet-batch.ts';
import { PacketChannel } from '../native/packet-channel.ts';
import type { Poller } from '../native/poller.ts';
import type { Numbering } from './numbering.ts';
import { Renumbering } from './renumbering.ts';
import { MOST_REQUEST_BYTES, type Request, RequestWriter } from './request.ts';
import { EVENT_BYTES, readEvent, type SpawnerEvent } from './spawner-event.ts';

/** How often as many packets as one call takes are taken from the spawner before other descriptors get their turn. */
const CALLS_PER_TURN = 2;

/** Launches that go out together behind the first of a turn; more would keep one from starting while the last is decided on. */
const LAUNCHES_AT_ONCE = 4;

const NO_MEMORY: ReadonlySet<number> = new Set([-constants.errno.ENOMEM, -constants.errno.ENOBUFS]);

/** Nothing of it is lost, and the poller tells of it again. */
const LATER: ReadonlySet<number> = new Set([-constants.errno.EAGAIN, -constants.errno.EINTR, ...NO_MEMORY]);

/** What without memory comes to nothing: somebody is told, or it is asked for again. All others wait for memory. */
const MAY_FAIL: ReadonlySet<Request['type']> = new Set(['launch', 'launch_wait', 'open', 'outlet', 'notify']);

/** What sending says when the other end is closed. */
const GONE: ReadonlySet<number> = new Set([-constants.errno.EPIPE, -constants.errno.ECONNRESET]);

export interface LinkHandlers {
  /** The client of a launch that is known here: as the spawner has it, and it need not be read anew. */
  readonly peerOf: (id: number) => Endpoint | undefined;
  /** Never `ran`, but both of what that means. */
  readonly onEvent: (event: SpawnerEvent, descriptor: Descriptor | undefined) => void;
  /** The kernel had no memory for a request, or its service is no more (ENOENT); its descriptor is closed. */
  onUnsent(request: Request, code: string): void;
  /** The spawner is gone; nothing more will come. */
  onGone(): void;
}

interface Unsent {
  readonly request: Request;
  /** The same by the numbers of its generation. */
  readonly meant: Request;
  readonly generation: number;
  readonly passed: Descriptor | undefined;
}

/** Whether it keeps its place, and is tried again. */
function waits({ type }: Request, result: number): boolean {
  return LATER.has(result) && !(NO_MEMORY.has(result) && MAY_FAIL.has(type));
}

/** The dispatcher's end of the channel. Requests that would block wait. */
export class SpawnerLink {
  readonly #channel: Descriptor;
  readonly #handlers: LinkHandlers;
  readonly #events: PacketsIn;
  readonly #requests: PacketsOut;
  readonly #writer: RequestWriter;
  readonly #packets: PacketChannel<Unsent>;
  #generation = 0;
  /** Of the generation in use and the one before, of which events may still come; none: the spawner's are ours. */
  #renumberings = new Map<number, Renumbering>();

  constructor(options: { binding: Binding; poller: Poller; channel: Descriptor; handlers: LinkHandlers }) {
    this.#channel = options.channel;
    this.#handlers = options.handlers;
    this.#events = new PacketsIn(options.binding, EVENT_BYTES);
    this.#requests = new PacketsOut(options.binding, MOST_REQUEST_BYTES);
    this.#writer = new RequestWriter(this.#requests.bytes);
    this.#packets = new PacketChannel({
      ...{ poller: options.poller, channel: options.channel, perTurn: CALLS_PER_TURN },
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
    if (meant) this.#send({ request, meant, generation: this.#generation, passed });
    else {
      passed?.close();
      this.#handlers.onUnsent(request, 'ENOENT');
    }
  }

  /** Launches alone may wait for others: whatever else is asked for may be the last that this process does. */
  #send(unsent: Unsent): void {
    if (unsent.meant.type === 'launch') this.#packets.sendSoon(unsent, LAUNCHES_AT_ONCE);
    else this.#packets.send(unsent);
  }

  /** Goes over to the launch table that the spawner has told of: what is sent from now on is meant by it. */
  commit(numbering: Numbering): void {
    this.send({ type: 'commit' });
    const before = this.#renumberings.get(this.#generation);
    this.#renumberings = new Map(before && [[this.#generation, before]]);
    this.#generation++;
    this.#renumberings.set(this.#generation, new Renumbering(numbering));
  }

  /** How many are dealt with. A spawner that is gone is noticed when reading. */
  #transmit(unsent: readonly Unsent[]): number {
    for (let index = 0; index < unsent.length && index < MOST_PACKETS; index++) this.#add(unsent[index]);
    const result = this.#requests.send(this.#channel);
    const [first] = unsent;
    if (first && waits(first.request, result)) return 0;
    for (let index = 0; index < Math.max(result, 1); index++) unsent[index]?.passed?.close();
    if (first && result < 0 && !GONE.has(result)) this.#handlers.onUnsent(first.request, errnoName(-result));
    return Math.max(result, 1);
  }

  #add(unsent: Unsent | undefined): void {
    if (!unsent) return;
    const { meant: request, generation, passed } = unsent;
    this.#requests.add(this.#writer.write({ request, generation }, this.#requests.at), passed);
  }

  /** Takes what one call brings; false when there is no more. */
  #receive(): boolean {
    const count = this.#events.receive(this.#channel);
    if (LATER.has(count)) return false;
    if (count < 0) return this.#end(count);
    for (let index = 0; index < count; index++) {
      if (!this.#packets.isOpen) this.#events.take(index)?.close();
      else if (this.#events.lengthOf(index) !== EVENT_BYTES) this.#end(this.#events.lengthOf(index));
      else this.#take(readEvent(this.#events.view(index), this.#handlers.peerOf), this.#events.take(index));
    }
    return count === MOST_PACKETS;
  }

  /** Nothing more will come, or what came is none of ours. */
  #end(length: number): false {
    if (length !== 0 && length !== -constants.errno.ECONNRESET) {
      const code = length < 0 ? errnoName(-length) : 'EBADMSG';
      throw new SyscallError({ call: 'receive from', subject: 'the spawner', code });
    }
    this.#packets.forget();
    this.#handlers.onGone();
    return false;
  }

  #take(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    if (event.type === 'hello') this.#generation = event.generation;
    const renumbering = this.#renumberings.get(event.generation);
    this.#tell(renumbering ? renumbering.incoming(event) : event, descriptor);
  }

  /** Of a handler that was gone before anything could be told of it, start and end are one packet, and two events. */
  #tell(event: SpawnerEvent, descriptor: Descriptor | undefined): void {
    const { onEvent } = this.#handlers;
    if (event.type !== 'ran') {
      onEvent(event, descriptor);
      return;
    }
    onEvent({ ...event, type: 'launched', status: event.errno, errno: 0 }, undefined);
    onEvent({ ...event, type: 'exited', errno: 0 }, descriptor);
  }
}
