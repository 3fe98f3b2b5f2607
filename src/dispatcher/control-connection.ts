import { constants } from 'node:os';
import { Session, type SessionOptions } from '../control/session.ts';
import type { ControlFault } from '../model/control-fault.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { BROKEN, READABLE, WRITABLE } from '../native/poller.ts';
import type { SocketParts } from '../native/socket-parts.ts';

const { errno } = constants;

const FULL: ReadonlySet<number> = new Set([-errno.EAGAIN, -errno.EINTR, -errno.ENOBUFS]);

/** From the first byte of a request to its last. */
const HALF_MS = 10_000;
/** What may wait to be taken before another answer is the end. */
const MOST_WAITING_BYTES = 1_048_576;
/** Goes out in one call of the kernel. */
const PIECE_BYTES = 65_536;
/** And before what goes on, such as a log, leaves things out. */
const ROOM_BYTES = 262_144;

export interface ControlConnectionOptions {
  readonly descriptor: Descriptor;
  readonly parts: SocketParts;
  readonly uid: number;
  readonly session: Pick<SessionOptions, 'access' | 'handlers' | 'onAnswered'>;
  /** There is a request to be carried out, by a call of `serve`. */
  readonly onRequest: () => void;
  /** It is gone, or has been let go for a fault. */
  readonly onEnd: (fault: ControlFault | undefined) => void;
}

/** One connection to the control socket. Nothing is read from it while it has an answer to take, or a request to be carried out. */
export class ControlConnection {
  readonly uid: number;
  readonly #options: ControlConnectionOptions;
  readonly #session: Session;
  #unsent: Uint8Array[] = [];
  #unsentBytes = 0;
  #heardAtMs: number;
  #callOff: (() => void) | undefined;
  /** What the poller looks for; undefined: nothing. */
  #watched: number | undefined;
  #isQueued = false;
  /** The client says no more; what it has asked is still answered. */
  #isFinished = false;
  #isOpen = true;

  constructor(options: ControlConnectionOptions) {
    this.#options = options;
    this.uid = options.uid;
    this.#heardAtMs = options.parts.nowMs();
    this.#session = new Session({
      ...options.session,
      send: (line) => this.#say(line),
      hasRoom: () => this.#unsentBytes < ROOM_BYTES,
    });
    this.#watch();
  }

  /** Since when it has said nothing. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** Whether something that it has asked is still to be answered. */
  get isServed(): boolean {
    return this.#isQueued || this.#session.isWorking;
  }

  /** Carries out one request. */
  serve(): void {
    this.#isQueued = false;
    if (!this.#isOpen) return;
    if (this.#session.next()) this.#look();
    else this.#end('protocol');
  }

  /** What can be sent at once still is. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { parts, descriptor } = this.#options;
    this.#callOff?.();
    this.#session.leave();
    this.#flush();
    parts.poller.forget(descriptor);
    parts.reader.discard(descriptor.fd);
    descriptor.close();
  }

  #end(fault: ControlFault | undefined): void {
    if (!this.#isOpen) return;
    this.close();
    this.#options.onEnd(fault);
  }

  /** What is said in one turn goes out together, in the next one. */
  #say(line: Uint8Array): void {
    if (!this.#isOpen) return;
    if (this.#unsentBytes > MOST_WAITING_BYTES) {
      // Not in the middle of whatever has just been answered.
      this.#options.parts.after(0, () => this.#end('slow'));
      return;
    }
    this.#unsent.push(line);
    this.#unsentBytes += line.length;
    this.#look();
  }

  /** False: the client is gone. */
  #flush(): boolean {
    const { parts, descriptor } = this.#options;
    while (this.#unsentBytes > 0) {
      const bytes = this.#nextPiece();
      const sent = parts.binding.send(descriptor.fd, bytes, -1);
      if (sent < 0) {
        this.#unsent.unshift(bytes);
        return FULL.has(sent);
      }
      this.#unsentBytes -= sent;
      if (sent < bytes.length) this.#unsent.unshift(bytes.subarray(sent));
    }
    return true;
  }

  /** Several lines at once, as far as they are short. */
  #nextPiece(): Uint8Array {
    let length = 0;
    const end = this.#unsent.findIndex((line) => {
      length += line.length;
      return length >= PIECE_BYTES;
    });
    const lines = this.#unsent.splice(0, end < 0 ? this.#unsent.length : end + 1);
    return lines.length === 1 && lines[0] ? lines[0] : Buffer.concat(lines);
  }

  /** What comes next, after whatever has happened. */
  #look(): void {
    if (!this.#isOpen) return;
    if (this.#session.hasNext && !this.#isQueued && this.#unsentBytes === 0) {
      this.#isQueued = true;
      this.#options.onRequest();
    }
    this.#time();
    const isIdle = !this.#isQueued && !this.#session.isWorking && this.#unsentBytes === 0;
    if (this.#isFinished && isIdle) this.#end(undefined);
    else this.#watch();
  }

  /** Half a request must become a whole one in time. */
  #time(): void {
    if (!this.#session.isHalf) {
      this.#callOff?.();
      this.#callOff = undefined;
    } else this.#callOff ??= this.#options.parts.after(HALF_MS, () => this.#end('half'));
  }

  #watch(): void {
    const { parts, descriptor } = this.#options;
    const wanted = this.#wanted();
    if (wanted === this.#watched) return;
    this.#watched = wanted;
    if (wanted === undefined) parts.poller.forget(descriptor);
    else parts.poller.watch(descriptor, { events: wanted, watcher: (happened) => this.#onReady(happened) });
  }

  /** Who has asked for something and left gets what there was to be done: until then it is not looked at. */
  #wanted(): number | undefined {
    if (this.#unsentBytes > 0) return WRITABLE;
    if (this.#isQueued) return undefined;
    return this.#isFinished || this.#session.hasNext ? 0 : READABLE;
  }

  #onReady(happened: number): void {
    if ((happened & READABLE) !== 0) this.#receive();
    else if ((happened & BROKEN) !== 0) this.#end(undefined);
    else if (!this.#flush()) this.#end(undefined);
    this.#look();
  }

  #receive(): void {
    const { parts, descriptor } = this.#options;
    const { length, bytes } = parts.reader.receive(descriptor.fd);
    if (length === -errno.EAGAIN || length === -errno.EINTR) return;
    if (length < 0) {
      this.#end(undefined);
      return;
    }
    this.#heardAtMs = parts.nowMs();
    if (length === 0) this.#isFinished = true;
    else this.#session.take(bytes);
  }
}
