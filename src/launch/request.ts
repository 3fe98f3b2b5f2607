import type { Endpoint } from '../model/address.ts';
import { InvariantError } from '../model/errors.ts';
import { viewOf } from '../model/view-of.ts';
import { writeEndpoint } from '../native/endpoint-codec.ts';
import type { PeerValue } from './plan-environment.ts';

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
      readonly values?: readonly PeerValue[] | undefined;
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
      readonly values?: readonly PeerValue[] | undefined;
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

/** What a service manager is told travels as a value, too. */
function valuesOf(request: Request): readonly PeerValue[] {
  if (request.type === 'notify') return request.text === undefined ? [] : [[0, request.text]];
  return ('values' in request && request.values) || [];
}

/** Each as its number, its length and its bytes, which are those of ASCII. Gives where they end. */
function writeValues(values: readonly PeerValue[], { view, at: start }: Place): number {
  let at = start;
  for (const [number, text] of values) {
    view.setUint8(at++, number);
    view.setUint8(at++, text.length);
    for (let index = 0; index < text.length; index++) view.setUint8(at++, text.charCodeAt(index));
  }
  return at;
}

function sizeOf(values: readonly PeerValue[]): number {
  let size = 0;
  for (const [, text] of values) size += 2 + text.length;
  if (size > VALUES_BYTES) throw new InvariantError(`Told a handler ${size} bytes of its client`);
  return size;
}

/** Where a packet is written. */
export interface Place {
  readonly view: DataView;
  readonly at: number;
}

/** What there is of each type besides its number and its generation. */
function writeFields(request: Request, { view, at }: Place): void {
  if ('listener' in request) view.setUint32(at + 28, request.listener, true);
  if ('id' in request) {
    view.setUint32(at + 8, request.id % 2 ** 32, true);
    view.setUint32(at + 12, Math.floor(request.id / 2 ** 32), true);
  }
  if (request.type === 'reload' && request.isDry) view.setUint32(at + 20, 1, true);
  if (request.type === 'outlet') view.setUint32(at + 16, request.row, true);
  if (request.type === 'launch' || request.type === 'launch_wait') {
    view.setUint32(at + 16, request.service, true);
    view.setUint32(at + 20, request.variant, true);
  }
  if ('peer' in request && request.peer) writeEndpoint(request.peer, view, at + 32);
  if (request.type === 'signal') {
    view.setBigUint64(at + 8, request.slot, true);
    view.setUint32(at + 24, SIGNALS[request.signal], true);
  }
}

/** Writes the packet for a request, and gives its length; each carries the generation of the launch table that it was made for. */
export function writeRequest(
  { request, generation }: { readonly request: Request; readonly generation: number },
  place: Place,
): number {
  const { view, at } = place;
  const values = valuesOf(request);
  sizeOf(values);
  for (let offset = 0; offset < REQUEST_BYTES; offset += 4) view.setUint32(at + offset, 0);
  view.setUint32(at, REQUEST_TYPES[request.type], true);
  view.setUint32(at + 4, generation, true);
  writeFields(request, place);
  return writeValues(values, { view, at: at + REQUEST_BYTES }) - at;
}

/** The packet for a request. */
export function encodeRequest(request: Request, generation: number): Uint8Array {
  const bytes = new Uint8Array(REQUEST_BYTES + sizeOf(valuesOf(request)));
  writeRequest({ request, generation }, { view: viewOf(bytes), at: 0 });
  return bytes;
}
