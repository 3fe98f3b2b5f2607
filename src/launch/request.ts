import type { Endpoint } from '../model/address.ts';
import { InvariantError } from '../model/errors.ts';
import { encodeEndpoint } from '../native/endpoint-codec.ts';
import type { PeerValue } from './plan-environment.ts';

/** `struct request` of src/native/spawner/format.h, and the most that can stand behind it. */
export const REQUEST_BYTES = 56;
const VALUES_BYTES = 2048;

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

/** Each as its number, its length and its bytes, which are those of ASCII. */
function encodeValues(values: readonly PeerValue[], bytes: Uint8Array): void {
  let at = 0;
  for (const [number, text] of values) {
    bytes[at++] = number;
    bytes[at++] = text.length;
    for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
  }
}

/** The packet for a request; each carries the generation of the launch table that it was made for. */
export function encodeRequest(request: Request, generation: number): Uint8Array {
  const values = valuesOf(request);
  const size = values.reduce((sum, [, text]) => sum + 2 + text.length, 0);
  if (size > VALUES_BYTES) throw new InvariantError(`Told a handler ${size} bytes of its client`);
  const bytes = new Uint8Array(REQUEST_BYTES + size);
  encodeValues(values, bytes.subarray(REQUEST_BYTES));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, REQUEST_TYPES[request.type], true);
  view.setUint32(4, generation, true);
  if ('listener' in request) view.setUint32(28, request.listener, true);
  if ('id' in request) {
    view.setUint32(8, request.id % 2 ** 32, true);
    view.setUint32(12, Math.floor(request.id / 2 ** 32), true);
  }
  if (request.type === 'reload' && request.isDry) view.setUint32(20, 1, true);
  if (request.type === 'outlet') view.setUint32(16, request.row, true);
  if (request.type === 'launch' || request.type === 'launch_wait') {
    view.setUint32(16, request.service, true);
    view.setUint32(20, request.variant, true);
  }
  if ('peer' in request && request.peer) encodeEndpoint(request.peer, bytes.subarray(32));
  if (request.type === 'signal') {
    view.setBigUint64(8, request.slot, true);
    view.setUint32(24, SIGNALS[request.signal], true);
  }
  return bytes;
}
