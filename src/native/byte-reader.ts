import type { Binding } from './binding.ts';

/** Who sends more than this many pieces after the last word gets a reset for it. */
const MOST_DISCARDED = 16;

/** Receives bytes alone: a descriptor that whoever is at the other end passes along is closed at once (S7). */
export class ByteReader {
  readonly #binding: Binding;
  readonly #bytes: Uint8Array;
  readonly #passed = Int32Array.of(-1);

  constructor(binding: Binding, most: number) {
    this.#binding = binding;
    this.#bytes = new Uint8Array(most);
  }

  /** What came, until the next call; its length or -errno as recvmsg(2) has it. */
  receive(fd: number): { readonly length: number; readonly bytes: Uint8Array } {
    this.#passed[0] = -1;
    const length = this.#binding.receive(fd, this.#bytes, this.#passed);
    const passed = this.#passed[0] ?? -1;
    if (passed >= 0) this.#binding.close(passed);
    return { length, bytes: this.#bytes.subarray(0, Math.max(length, 0)) };
  }

  /** Ahead of close(2), which resets a connection with bytes unread, so that its client loses what it has not read. */
  discard(fd: number): void {
    for (let count = 0; count < MOST_DISCARDED; count++) {
      if (this.receive(fd).length <= 0) return;
    }
  }
}
