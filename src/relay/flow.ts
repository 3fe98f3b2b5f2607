import { constants } from 'node:os';
import type { Binding } from '../native/binding.ts';
import type { ByteReader } from '../native/byte-reader.ts';
import type { Descriptor } from '../native/descriptor.ts';

const { errno } = constants;
const FULL: ReadonlySet<number> = new Set([-errno.EAGAIN, -errno.ENOBUFS]);
/** Its sink may still have something to say. */
const DEAF: ReadonlySet<number> = new Set([-errno.EPIPE, -errno.ECONNRESET]);

const NOTHING = new Uint8Array(0);

/**
 * What a direction waits for: bytes of its source, room at its sink, or nothing any more. `ended` was passed on,
 * `broken` has a source that was reset, or could not go on, `refused` a sink that takes nothing more.
 */
export type FlowState = 'readable' | 'writable' | 'ended' | 'broken' | 'refused';

export interface FlowParts {
  readonly binding: Binding;
  /** Used during one call only. */
  readonly reader: ByteReader;
}

/**
 * One direction of a relay. Bytes are read only when the other side has taken those before, so that it costs one
 * piece of what the reader holds at the most, and only while the other side is slow.
 */
export class Flow {
  readonly #parts: FlowParts;
  readonly #source: Descriptor;
  readonly #sink: Descriptor;
  #unsent: Uint8Array = NOTHING;
  #state: FlowState = 'readable';
  #bytes = 0;

  constructor(
    parts: FlowParts,
    { source, sink }: { readonly source: Descriptor; readonly sink: Descriptor },
  ) {
    this.#parts = parts;
    this.#source = source;
    this.#sink = sink;
  }

  get state(): FlowState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state !== 'readable' && this.#state !== 'writable';
  }

  /** What its sink has taken. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Its sink is gone. */
  refuse(): void {
    if (!this.isOver) this.#end('refused');
  }

  /** One step: true if there may be another at once. */
  step(): boolean {
    if (this.isOver) return false;
    return this.#unsent.length > 0 ? this.#sendRest() : this.#receive();
  }

  #sendRest(): boolean {
    const sent = this.#send(this.#unsent);
    this.#unsent = sent === undefined ? NOTHING : this.#unsent.subarray(sent);
    return this.#state === 'readable';
  }

  #receive(): boolean {
    const { length, bytes } = this.#parts.reader.receive(this.#source.fd);
    if (length === -errno.EAGAIN) return false;
    if (length === -errno.EINTR) return true;
    if (length < 0) return this.#end('broken');
    if (length === 0) return this.#passEnd();
    const sent = this.#send(bytes);
    // The reader's bytes are somebody else's a moment later.
    if (sent !== undefined && sent < length) this.#unsent = bytes.slice(sent);
    return this.#state === 'readable';
  }

  /** How many bytes the sink has taken; undefined when it takes none any more. */
  #send(bytes: Uint8Array): number | undefined {
    const sent = this.#parts.binding.send(this.#sink.fd, bytes, -1);
    if (sent < 0 && sent !== -errno.EINTR && !FULL.has(sent)) {
      this.#state = DEAF.has(sent) ? 'refused' : 'broken';
      return undefined;
    }
    const taken = Math.max(sent, 0);
    this.#bytes += taken;
    this.#state = taken < bytes.length ? 'writable' : 'readable';
    return taken;
  }

  /** The other direction goes on. */
  #passEnd(): false {
    return this.#end(this.#parts.binding.shutdownWrite(this.#sink.fd) < 0 ? 'refused' : 'ended');
  }

  #end(state: FlowState): false {
    this.#state = state;
    this.#unsent = NOTHING;
    return false;
  }
}
