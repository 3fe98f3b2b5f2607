import type { Endpoint } from '../model/address.ts';
import { InvariantError } from '../model/errors.ts';
import { PEER_NAMES } from '../model/peer-names.ts';
import { viewOf } from '../model/view-of.ts';
import { writeEndpoint } from '../native/endpoint-codec.ts';
import type { Told } from './plan-environment.ts';
import { type ValueForm, ValueWriter } from './value-writer.ts';

/** `struct request` of src/native/spawner/format.h, and the most that can stand behind it. */
export const REQUEST_BYTES = 56;
const VALUES_BYTES = 2048;
export const MOST_REQUEST_BYTES: number = REQUEST_BYTES + VALUES_BYTES;

/** All that a dispatcher can ask of the spawner. */
export type Request =
  | { readonly type: 'ready' }
  | {
      readonly type: 'launch';
      readonly id: number;
      readonly service: number;
      /** Which form of the service: 0 is the one that the configuration writes. */
      readonly variant: number;
      readonly peer: Endpoint;
      /** What the handler is told of its client. */
      readonly told?: Told | undefined;
    }
  /** One handler for the socket that a service waits on. */
  | {
      readonly type: 'launch_wait';
      readonly id: number;
      readonly service: number;
      readonly variant: number;
      readonly peer: Endpoint;
      /** Row of the launch table. */
      readonly listener: number;
      readonly told?: Told | undefined;
    }
  /**
   * Opens a listener that could not be opened; or, with a peer, leaves the socket in use to that peer and opens
   * another. Answered by `listener`.
   */
  | { readonly type: 'open'; readonly listener: number; readonly peer?: Endpoint | undefined }
  /** Opens what a row of the launch table in force names. Answered by `outlet`. */
  | { readonly type: 'outlet'; readonly id: number; readonly row: number }
  | { readonly type: 'signal'; readonly slot: bigint; readonly signal: 'TERM' | 'KILL' }
  | { readonly type: 'drained' }
  | { readonly type: 'stop' }
  /**
   * `id`: the outcome bears that of the last one who had asked. `isDry`: no socket is opened, and it can only be
   * answered by `abort`.
   */
  | { readonly type: 'reload'; readonly id: number; readonly isDry: boolean }
  /** Goes over to the launch table that `reload` told of: what comes after it is meant by that one. Or does not. */
  | { readonly type: 'commit' }
  | { readonly type: 'abort' }
  /** Tells the service manager: sd_notify(3). `text`: a STATUS; without one it is a sign of life. */
  | { readonly type: 'notify'; readonly text: string | undefined }
  /** Replaces spawner and dispatcher by what is installed now. */
  | { readonly type: 'upgrade' };

export const REQUEST_TYPES = {
  ready: 1,
  launch: 2,
  signal: 3,
  drained: 4,
  stop: 5,
  reload: 6,
  open: 7,
  launch_wait: 8,
  commit: 9,
  abort: 10,
  outlet: 11,
  notify: 12,
  upgrade: 13,
} as const;
const SIGNALS = { TERM: 15, KILL: 9 } as const;

/** The number of what a service manager is told, which travels as a value, too. */
const STATUS = 0;

/** Each as its number, its length and its bytes, as environment.c reads them. */
const FORM: ValueForm = { heads: PEER_NAMES.map((_, number) => Uint8Array.of(number, 0)), end: 'counted' };

/** Writes packets for requests to where they are to go out from, one behind the other. */
export class RequestWriter {
  readonly #view: DataView;
  readonly #values: ValueWriter;

  constructor(bytes: Uint8Array) {
    this.#view = viewOf(bytes);
    this.#values = new ValueWriter(bytes, FORM);
  }

  /** Gives the length; each carries the generation of the launch table that it was made for. */
  write(
    { request, generation }: { readonly request: Request; readonly generation: number },
    at: number,
  ): number {
    const view = this.#view;
    for (let offset = 0; offset < REQUEST_BYTES; offset += 4) view.setUint32(at + offset, 0);
    view.setUint32(at, REQUEST_TYPES[request.type], true);
    view.setUint32(at + 4, generation, true);
    this.#values.start({ at: at + REQUEST_BYTES, room: VALUES_BYTES });
    this.#writeFields(request, at);
    return this.#values.at - at;
  }

  /** What there is of each type besides its number and its generation. */
  #writeFields(request: Request, at: number): void {
    const view = this.#view;
    switch (request.type) {
      case 'launch':
      case 'launch_wait':
        this.#writeLaunch(request, at);
        return;
      case 'open':
        view.setUint32(at + 28, request.listener, true);
        if (request.peer) writeEndpoint(request.peer, view, at + 32);
        return;
      case 'outlet':
        this.#writeId(request.id, at);
        view.setUint32(at + 16, request.row, true);
        return;
      case 'reload':
        this.#writeId(request.id, at);
        if (request.isDry) view.setUint32(at + 20, 1, true);
        return;
      case 'signal':
        view.setBigUint64(at + 8, request.slot, true);
        view.setUint32(at + 24, SIGNALS[request.signal], true);
        return;
      case 'notify':
        if (request.text !== undefined) this.#writeStatus(request.text);
        return;
      default:
    }
  }

  #writeLaunch(request: Extract<Request, { readonly type: 'launch' | 'launch_wait' }>, at: number): void {
    const { told } = request;
    const view = this.#view;
    this.#writeId(request.id, at);
    view.setUint32(at + 16, request.service, true);
    view.setUint32(at + 20, request.variant, true);
    if (request.type === 'launch_wait') view.setUint32(at + 28, request.listener, true);
    writeEndpoint(request.peer, view, at + 32);
    told?.plan.write(told.client, this.#values);
  }

  #writeId(id: number, at: number): void {
    this.#view.setUint32(at + 8, id % 2 ** 32, true);
    this.#view.setUint32(at + 12, Math.floor(id / 2 ** 32), true);
  }

  #writeStatus(text: string): void {
    this.#values.begin(STATUS);
    if (!this.#values.text(text)) throw new InvariantError(`Told a service manager "${text}"`);
    this.#values.end();
  }
}
