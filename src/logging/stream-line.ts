import { type Carried, WAITS, WENT } from './carrier.ts';
import type { Broken, Line, LineCalls } from './line.ts';
import type { RecordQueue } from './record-queue.ts';

const CHUNK_BYTES = 65_536;
/** The kernel would go on for minutes, ever more seldom; a new try finds a server that is back at once. */
const CONNECT_MS = 5000;

/** A connection. What it was given and has not brought over when it breaks is lost, as TCP tells nobody of that. */
export class StreamLine implements Line {
  readonly #calls: LineCalls;
  readonly #nowMs: () => number;
  #isConnected = false;
  #begunMs = 0;

  constructor(calls: LineCalls, nowMs: () => number) {
    this.#calls = calls;
    this.#nowMs = nowMs;
  }

  begin(): void {
    this.#isConnected = false;
    this.#begunMs = this.#nowMs();
  }

  send(fd: number, queue: RecordQueue): Carried | Broken {
    return this.#lookAt(fd) ?? this.#sendChunk(fd, queue);
  }

  /** A server that has gone has said so: what is written now it would not read. */
  #lookAt(fd: number): Carried | Broken | undefined {
    const there = this.#calls.peek(fd);
    const code = there === 0 ? 'EPIPE' : this.#calls.nameOf(-there);
    if (there <= 0 && code !== 'EAGAIN') return { kind: 'broken', code };
    this.#isConnected ||= this.#calls.writable(fd);
    if (this.#isConnected) return undefined;
    const isLate = this.#nowMs() - this.#begunMs >= CONNECT_MS;
    return isLate ? { kind: 'broken', code: 'ETIMEDOUT' } : WAITS;
  }

  #sendChunk(fd: number, queue: RecordQueue): Carried | Broken {
    if (queue.bytes === 0) return WENT;
    const result = this.#calls.send(fd, Buffer.from(queue.front(CHUNK_BYTES), 'latin1'));
    if (result >= 0) {
      queue.drop(result);
      return WENT;
    }
    const code = this.#calls.nameOf(-result);
    return code === 'EAGAIN' ? WAITS : { kind: 'broken', code };
  }
}
