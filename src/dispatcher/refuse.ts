import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';

const SCRATCH_BYTES = 16_384;
/** A client that has sent more than this gets a reset, and perhaps no text. */
const MOST_DISCARDED_BYTES = 65_536;

/** Closes connections, and says why where there is something to say. Nothing here ever waits (S96). */
export class Refuser {
  readonly #binding: Binding;
  readonly #scratch = new Uint8Array(SCRATCH_BYTES);
  readonly #passed = Int32Array.of(-1);

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** Takes the connection. What the client does not take of the text at once, it does not get. */
  refuse(connection: Descriptor, text?: Uint8Array): void {
    if (text && text.length > 0) {
      this.#binding.send(connection.fd, text, -1);
      this.#discard(connection.fd);
    }
    connection.close();
  }

  /** close(2) with bytes unread resets the connection, and the client loses the text that it has not read. */
  #discard(fd: number): void {
    let total = 0;
    while (total < MOST_DISCARDED_BYTES) {
      const received = this.#binding.receive(fd, this.#scratch, this.#passed);
      this.#closePassed();
      if (received <= 0) return;
      total += received;
    }
  }

  /** A client on a Unix socket may pass a descriptor with what it sends (S7). */
  #closePassed(): void {
    const fd = this.#passed[0] ?? -1;
    this.#passed[0] = -1;
    if (fd >= 0) this.#binding.close(fd);
  }
}
