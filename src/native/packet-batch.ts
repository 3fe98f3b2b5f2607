import type { Binding } from './binding.ts';
import { Descriptor } from './descriptor.ts';

/** As many as the addon takes in one call (MAX_PACKETS of calls.h). */
export const MOST_PACKETS = 32;

/** A row of a batch: the length of a packet, and a descriptor or -1. */
const ROW = 2;

/** Packets that go out by one call, in memory that is allocated once. */
export class PacketsOut {
  /** Packets are written to it one behind the other, each at `at`. */
  readonly bytes: Uint8Array;
  readonly #binding: Binding;
  readonly #rows = new Int32Array(ROW * MOST_PACKETS);
  #count = 0;
  #at = 0;

  constructor(binding: Binding, packetBytes: number) {
    this.#binding = binding;
    this.bytes = new Uint8Array(packetBytes * MOST_PACKETS);
  }

  get at(): number {
    return this.#at;
  }

  /** What was written last. */
  add(length: number, passed: Descriptor | undefined): void {
    this.#rows[ROW * this.#count] = length;
    this.#rows[ROW * this.#count + 1] = passed?.fd ?? -1;
    this.#count++;
    this.#at += length;
  }

  /** How many went out, or -errno when the first could not; whatever did not is to be added anew. */
  send(channel: Descriptor): number {
    const sent = this.#binding.sendBatch(channel.fd, this.bytes, this.#rows, this.#count);
    this.#count = 0;
    this.#at = 0;
    return sent;
  }
}

/** Packets of one size that come in by one call, in memory that is allocated once. */
export class PacketsIn {
  readonly #binding: Binding;
  readonly #bytes: Uint8Array;
  readonly #rows = new Int32Array(ROW * MOST_PACKETS);
  readonly #views: readonly DataView[];

  constructor(binding: Binding, packetBytes: number) {
    this.#binding = binding;
    this.#bytes = new Uint8Array(packetBytes * MOST_PACKETS);
    const { buffer } = this.#bytes;
    this.#views = Array.from(
      { length: MOST_PACKETS },
      (_, index) => new DataView(buffer, index * packetBytes, packetBytes),
    );
  }

  /** How many came, or -errno. Their descriptors are to be taken, each once. */
  receive(channel: Descriptor): number {
    return this.#binding.receiveBatch(channel.fd, this.#bytes, this.#rows);
  }

  lengthOf(index: number): number {
    return this.#rows[ROW * index] ?? 0;
  }

  view(index: number): DataView {
    const view = this.#views[index];
    if (!view) throw new RangeError(`There is no packet ${index}`);
    return view;
  }

  /** The descriptor that came along, which is the caller's from now on. */
  take(index: number): Descriptor | undefined {
    const fd = this.#rows[ROW * index + 1] ?? -1;
    this.#rows[ROW * index + 1] = -1;
    return fd < 0 ? undefined : new Descriptor(this.#binding, fd);
  }
}
