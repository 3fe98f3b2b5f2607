import { constants } from 'node:os';
import { Duplex } from 'node:stream';
import type { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import { BROKEN, READABLE, WRITABLE } from '../native/poller.ts';
import type { SocketParts } from '../native/socket-parts.ts';

const { errno } = constants;
const FULL: ReadonlySet<number> = new Set([-errno.EAGAIN, -errno.ENOBUFS]);

/** Of each direction; what does not fit stays in the kernel. */
const BUFFERS = { readableHighWaterMark: 16_384, writableHighWaterMark: 16_384 };

export interface SocketStreamOptions {
  readonly parts: Pick<SocketParts, 'binding' | 'poller' | 'reader' | 'nowMs'>;
  /** The stream's own from here on. */
  readonly descriptor: Descriptor;
  /** Whoever is at the other end may go whenever they like: what they do not take is nobody's loss. */
  readonly isPatient: boolean;
}

/**
 * A socket as a stream for Node, by our own poller: the dispatcher may do little of what Node's sockets do. It never
 * emits `error`: whoever cares finds `fault`, once it is closed.
 */
export class SocketStream extends Duplex {
  readonly #options: SocketStreamOptions;
  #wantsRead = false;
  #unsent: Uint8Array | undefined;
  #sent: (() => void) | undefined;
  #watched: number | undefined;
  /** Both directions are over at the other end, or it is broken: the poller would say so without a pause. */
  #isHungUp = false;
  #fault: string | undefined;
  #movedAtMs: number;

  constructor(options: SocketStreamOptions) {
    // A stream above may still hold what it has read here when both directions are over: whoever has it destroys it.
    super({ ...BUFFERS, autoDestroy: false });
    this.#options = options;
    this.#movedAtMs = options.parts.nowMs();
    this.#watch();
  }

  /** The symbolic errno that ended it. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** When a byte came or was taken. */
  get movedAtMs(): number {
    return this.#movedAtMs;
  }

  override _read(): void {
    this.#wantsRead = true;
    if (this.#isHungUp) this.#receive();
    else this.#watch();
  }

  override _write(bytes: Uint8Array, _encoding: string, sent: () => void): void {
    this.#unsent = bytes;
    this.#sent = sent;
    this.#send();
  }

  override _final(done: () => void): void {
    const { binding } = this.#options.parts;
    // Whoever is gone needs no end.
    binding.shutdownWrite(this.#options.descriptor.fd);
    done();
  }

  override _destroy(_error: Error | null, done: () => void): void {
    const { parts, descriptor } = this.#options;
    parts.poller.forget(descriptor);
    // close(2) with bytes unread would take from the client what it has not read yet.
    parts.reader.discard(descriptor.fd);
    descriptor.close();
    this.#unsent = undefined;
    done();
  }

  /** One that nothing is wanted of is watched all the same, since a reset is told of then too. */
  #watch(): void {
    if (this.destroyed || this.#isHungUp) return;
    const events = (this.#wantsRead ? READABLE : 0) | (this.#unsent ? WRITABLE : 0);
    if (events === this.#watched) return;
    this.#watched = events;
    const { parts, descriptor } = this.#options;
    parts.poller.watch(descriptor, { events, watcher: (seen) => this.#onEvents(seen) });
  }

  #onEvents(seen: number): void {
    if ((seen & BROKEN) !== 0) this.#hangUp();
    const isBroken = this.#isHungUp;
    if (this.#unsent && (isBroken || (seen & WRITABLE) !== 0)) this.#send();
    if (!this.destroyed && this.#wantsRead && (isBroken || (seen & READABLE) !== 0)) this.#receive();
    this.#watch();
  }

  #hangUp(): void {
    const { parts, descriptor, isPatient } = this.#options;
    this.#isHungUp = true;
    parts.poller.forget(descriptor);
    const error = -parts.binding.socketError(descriptor.fd);
    if (error !== 0 && !isPatient) this.#break(errnoName(error));
    else this.emit('hangup');
  }

  /** One piece: others get their turn. */
  #receive(): void {
    const { parts, descriptor } = this.#options;
    const { length, bytes } = parts.reader.receive(descriptor.fd);
    if (length > 0) {
      this.#movedAtMs = parts.nowMs();
      // The reader's bytes are somebody else's a moment later.
      this.#wantsRead = this.push(Buffer.from(bytes));
      return;
    }
    if ((length === -errno.EINTR || length === -errno.EAGAIN) && !this.#isHungUp) return;
    // Nobody tells of it again.
    if (length === -errno.EINTR) {
      this.#receive();
      return;
    }
    this.#wantsRead = false;
    if (length === 0 || this.#options.isPatient) this.push(null);
    else this.#break(errnoName(-length));
  }

  #send(): void {
    const bytes = this.#unsent;
    if (!bytes) return;
    const { parts, descriptor, isPatient } = this.#options;
    const sent = parts.binding.send(descriptor.fd, bytes, -1);
    const isFull = sent === -errno.EINTR || (FULL.has(sent) && !this.#isHungUp);
    if (sent < 0 && !isFull && !isPatient) {
      this.#break(errnoName(-sent));
      return;
    }
    if (sent > 0) this.#movedAtMs = parts.nowMs();
    const taken = sent < 0 && !isFull ? bytes.length : Math.max(sent, 0);
    this.#unsent = taken < bytes.length ? bytes.subarray(taken) : undefined;
    if (this.#unsent) this.#watch();
    else this.#sent?.();
  }

  #break(fault: string): void {
    this.#fault ??= fault;
    this.destroy();
  }
}
