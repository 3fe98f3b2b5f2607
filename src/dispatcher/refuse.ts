import type { Binding } from '../native/binding.ts';
import { ByteReader } from '../native/byte-reader.ts';
import type { Descriptor } from '../native/descriptor.ts';

const SCRATCH_BYTES = 16_384;
/** A client that has sent more than this gets a reset, and perhaps no text. */
const MOST_DISCARDED_BYTES = 65_536;

/** Closes connections, and says why where there is something to say. Nothing here ever waits (S96). */
export class Refuser {
  readonly #binding: Binding;
  readonly #reader: ByteReader;

  constructor(binding: Binding) {
    this.#binding = binding;
    this.#reader = new ByteReader(binding, SCRATCH_BYTES);
  }

  /** Takes the connection. What the client does not take of the text at once, it does not get. */
  refuse(connection: Descriptor, text?: Uint8Array): void {
    if (text && text.length > 0) {
      this.#binding.send(connection.fd, text, -1);
      this.part(connection);
    } else connection.close();
  }

  /** Takes a connection whose client has something to read. */
  part(connection: Descriptor): void {
    this.#discard(connection.fd);
    connection.close();
  }

  /** close(2) with bytes unread resets the connection, and the client loses the text that it has not read. */
  #discard(fd: number): void {
    let total = 0;
    while (total < MOST_DISCARDED_BYTES) {
      const { length } = this.#reader.receive(fd);
      if (length <= 0) return;
      total += length;
    }
  }
}
