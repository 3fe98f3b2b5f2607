import { constants } from 'node:os';
import { lineBytes, MOST_LINE_BYTES } from '../builtins/tcpmux-line.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';

const { errno } = constants;
const LATER: ReadonlySet<number> = new Set([-errno.EAGAIN, -errno.EINTR]);

/** `gone`: the client closed or reset it. `long`: no name is like that. */
export type LineState = 'more' | 'whole' | 'gone' | 'long';

/**
 * The first line of a connection, taken out of it to the byte: what comes behind is the handler's (S17). What has
 * no end yet is taken too, or a level-triggered poller would tell of it without a pause.
 */
export class MuxLine {
  readonly #binding: Binding;
  readonly #bytes = new Uint8Array(MOST_LINE_BYTES);
  readonly #passed = new Int32Array(1);
  #length = 0;

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  read(descriptor: Descriptor): LineState {
    const room = this.#bytes.subarray(this.#length);
    const seen = this.#binding.peek(descriptor.fd, room);
    if (LATER.has(seen)) return 'more';
    if (seen <= 0) return 'gone';
    const { length, isWhole } = lineBytes(room.subarray(0, seen));
    const taken = this.#binding.receive(descriptor.fd, room.subarray(0, length), this.#passed);
    if (taken !== length) return 'gone';
    this.#length += length;
    if (isWhole) return 'whole';
    return this.#length === MOST_LINE_BYTES ? 'long' : 'more';
  }
}
