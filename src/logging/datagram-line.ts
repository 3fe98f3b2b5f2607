import { type Carried, WAITS, WENT } from './carrier.ts';
import type { Broken, Line, LineCalls } from './line.ts';
import type { RecordQueue } from './record-queue.ts';

/** The receiver, or what is on the way to it, has no room. */
const FULL: ReadonlySet<string> = new Set(['EAGAIN', 'ENOBUFS', 'EINTR']);

/**
 * One datagram for each record. A datagram of UDP that nobody wanted is told of only at the next call: once that
 * happened, a record is forgotten only if nothing was heard until the next try.
 */
export class DatagramLine implements Line {
  readonly #calls: LineCalls;
  readonly #isUdp: boolean;
  #isDoubting = false;
  #isTried = false;

  constructor(calls: LineCalls, { isUdp }: { readonly isUdp: boolean }) {
    this.#calls = calls;
    this.#isUdp = isUdp;
  }

  begin(): void {
    this.#isTried = false;
  }

  send(fd: number, queue: RecordQueue): Carried | Broken {
    if (queue.first === undefined) return WENT;
    return this.#isUdp ? this.#sendCarefully(fd, queue) : this.#sendFirst(fd, queue);
  }

  /** The first record, which stays in the queue; how much went out, or -errno. */
  #emit(fd: number, queue: RecordQueue): number {
    return this.#calls.send(fd, Buffer.from(queue.first ?? '', 'latin1'));
  }

  #sendFirst(fd: number, queue: RecordQueue): Carried | Broken {
    const result = this.#emit(fd, queue);
    if (result < 0) return this.#explain(result);
    queue.skip();
    return WENT;
  }

  #sendCarefully(fd: number, queue: RecordQueue): Carried | Broken {
    const isRefused = this.#calls.nameOf(-this.#calls.peek(fd)) === 'ECONNREFUSED';
    if (isRefused) this.#isDoubting = true;
    if (!this.#isDoubting) return this.#sendFirst(fd, queue);
    if (this.#isTried && !isRefused) {
      this.#isDoubting = false;
      this.#isTried = false;
      queue.skip();
      return WENT;
    }
    return this.#try(fd, queue);
  }

  /** Whether the record arrived is known at the next call. */
  #try(fd: number, queue: RecordQueue): Carried | Broken {
    const result = this.#emit(fd, queue);
    if (result < 0) return this.#explain(result);
    this.#isTried = true;
    return { ...WAITS, code: 'ECONNREFUSED' };
  }

  #explain(result: number): Carried | Broken {
    const code = this.#calls.nameOf(-result);
    if (FULL.has(code)) return WAITS;
    if (code === 'EMSGSIZE') return { kind: 'unfit', code };
    if (!this.#isUdp || code !== 'ECONNREFUSED') return { kind: 'broken', code };
    this.#isDoubting = true;
    return { ...WAITS, code };
  }
}
