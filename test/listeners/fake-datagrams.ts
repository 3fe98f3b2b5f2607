import { constants } from 'node:os';
import type { Endpoint } from '../../src/model/address.ts';
import { viewOf } from '../../src/model/view-of.ts';
import type { Binding } from '../../src/native/binding.ts';
import { writeEndpoint } from '../../src/native/endpoint-codec.ts';

const { errno } = constants;

interface Queued {
  readonly sender: Endpoint;
  readonly length: number;
  /** As the kernel marks datagrams of no bytes once they were peeked at. */
  isPeeked: boolean;
}

/** Sockets with datagrams in them, which are peeked at and taken out as the kernel of Linux 6.18 has it. */
export class FakeDatagrams {
  readonly closed: number[] = [];
  readonly #queues = new Map<number, Queued[]>();
  /** Datagrams passed by, of sockets with SO_PEEK_OFF. */
  readonly #offsets = new Map<number, number>();

  readonly calls: Partial<Binding> = {
    receiveDatagram: (fd, _bytes, ends, isPeek) => this.#receive(fd, { ends, isPeek: isPeek === 1 }),
    peekOffset: (fd, offset) => {
      if (offset < 0) this.#offsets.delete(fd);
      else this.#offsets.set(fd, offset);
      return 0;
    },
    close: (fd) => {
      this.closed.push(fd);
      return 0;
    },
  };

  put(fd: number, ...datagrams: readonly (readonly [Endpoint, number])[]): void {
    const added = datagrams.map(([sender, length]) => ({ sender, length, isPeeked: false }));
    this.#queues.set(fd, [...(this.#queues.get(fd) ?? []), ...added]);
  }

  left(fd: number): readonly number[] {
    return (this.#queues.get(fd) ?? []).map(({ sender }) => sender.port);
  }

  #receive(fd: number, { ends, isPeek }: { readonly ends: Uint8Array; readonly isPeek: boolean }): number {
    const queue = this.#queues.get(fd) ?? [];
    const found = isPeek ? this.#peeked(fd, queue) : queue.shift();
    if (!found) return -errno.EAGAIN;
    ends.fill(0);
    writeEndpoint(found.sender, viewOf(ends), 0);
    return found.length;
  }

  #peeked(fd: number, queue: readonly Queued[]): Queued | undefined {
    const offset = this.#offsets.get(fd);
    let bytes = offset ?? 0;
    const isPassed = (it: Queued): boolean => {
      if (offset === undefined || bytes < it.length || (bytes === 0 && !it.isPeeked)) return false;
      bytes -= it.length;
      return true;
    };
    const found = queue.find((it) => !isPassed(it));
    if (found?.length === 0) found.isPeeked = true;
    if (found && offset !== undefined) this.#offsets.set(fd, offset + found.length);
    return found;
  }
}
