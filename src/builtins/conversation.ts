import { constants } from 'node:os';
import type { Descriptor } from '../native/descriptor.ts';
import { READABLE, WRITABLE } from '../native/poller.ts';
import type { SocketParts } from '../native/socket-parts.ts';
import type { Talk } from './talk.ts';

const { errno } = constants;
/** Steps before others get their turn; one moves at most what the reader holds, or the talk says at once. */
const STEPS_PER_TURN = 8;

const NOTHING = new Uint8Array(0);

/** How it ended: the talk was over, the client was gone, and what zinetd had enough of. */
export type ConversationEnd =
  | 'done'
  | 'gone'
  | 'bytes'
  | 'idle'
  | 'time'
  | 'age'
  | 'reload'
  | 'stopping'
  | 'killed';

export interface ConversationLimits {
  readonly mostBytes: number;
  readonly idleMs: number;
  /** In all, however little is said in between. */
  readonly lifeMs: number;
}

type Step = 'more' | 'readable' | 'writable' | 'nothing' | 'over';

/**
 * Leads a talk over a connection that is never waited for. While the client takes nothing, nothing is read from it,
 * so that a connection costs one piece of memory, whatever is sent into it.
 */
export class Conversation {
  readonly #parts: SocketParts;
  readonly #descriptor: Descriptor;
  readonly #limits: ConversationLimits;
  readonly #onEnd: (end: ConversationEnd) => void;
  #talk: Talk | undefined;
  #unsent: Uint8Array = NOTHING;
  #bytes = 0;
  #isOpen = true;
  #isInTurn = false;
  #heardAtMs: number;
  readonly #endsAtMs: number;
  #cancel: (() => void) | undefined;

  /** Takes the descriptor. */
  constructor(
    descriptor: Descriptor,
    options: {
      readonly parts: SocketParts;
      readonly limits: ConversationLimits;
      readonly onEnd: (end: ConversationEnd) => void;
    },
  ) {
    this.#descriptor = descriptor;
    this.#parts = options.parts;
    this.#limits = options.limits;
    this.#onEnd = options.onEnd;
    this.#heardAtMs = this.#parts.nowMs();
    this.#endsAtMs = this.#heardAtMs + this.#limits.lifeMs;
  }

  start(talk: Talk): void {
    this.#talk = talk;
    this.#setTimer();
    this.wake();
  }

  /** The talk has something to say. */
  wake(): void {
    // In its own turn it is asked anyway what comes next.
    if (!this.#isOpen || !this.#talk || this.#isInTurn) return;
    this.#isInTurn = true;
    this.#turn(this.#talk);
    this.#isInTurn = false;
  }

  close(end: ConversationEnd): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#cancel?.();
    this.#parts.poller.forget(this.#descriptor);
    this.#descriptor.close();
    this.#onEnd(end);
  }

  #turn(talk: Talk): void {
    for (let count = 0; count < STEPS_PER_TURN; count++) {
      const step = this.#step(talk);
      if (step === 'over') return;
      if (step !== 'more') {
        this.#watch(step);
        return;
      }
    }
    // There may be more to say or to hear; its next turn is after everybody else's.
    this.#watch('writable');
  }

  #step(talk: Talk): Step {
    if (this.#bytes >= this.#limits.mostBytes) return this.#end('bytes');
    if (this.#unsent.length === 0) {
      const next = talk.next();
      if (next === 'end') return this.#end('done');
      if (next === 'wait') return 'nothing';
      if (next === 'listen') return this.#receive(talk);
      this.#unsent = next.subarray(0, this.#limits.mostBytes - this.#bytes);
    }
    return this.#send();
  }

  #send(): Step {
    const sent = this.#parts.binding.send(this.#descriptor.fd, this.#unsent, -1);
    if (sent === -errno.EAGAIN || sent === -errno.ENOBUFS) return 'writable';
    if (sent === -errno.EINTR) return 'more';
    if (sent < 0) return this.#end('gone');
    this.#unsent = this.#unsent.subarray(sent);
    this.#count(sent);
    return 'more';
  }

  #receive(talk: Talk): Step {
    const { length, bytes } = this.#parts.reader.receive(this.#descriptor.fd);
    if (length === -errno.EAGAIN) return 'readable';
    if (length === -errno.EINTR) return 'more';
    if (length < 0) return this.#end('gone');
    if (length === 0) talk.finish();
    else talk.take(bytes);
    this.#count(length);
    return 'more';
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#heardAtMs = this.#parts.nowMs();
  }

  #end(end: ConversationEnd): 'over' {
    if (end !== 'gone') this.#parts.reader.discard(this.#descriptor.fd);
    this.close(end);
    return 'over';
  }

  #watch(step: 'readable' | 'writable' | 'nothing'): void {
    const { poller } = this.#parts;
    if (step === 'nothing') poller.forget(this.#descriptor);
    else {
      const events = step === 'readable' ? READABLE : WRITABLE;
      poller.watch(this.#descriptor, { events, watcher: () => this.wake() });
    }
  }

  #setTimer(): void {
    const now = this.#parts.nowMs();
    const idleAt = this.#heardAtMs + this.#limits.idleMs;
    if (now >= this.#endsAtMs) this.close('time');
    else if (now >= idleAt) this.close('idle');
    else this.#cancel = this.#parts.after(Math.min(idleAt, this.#endsAtMs) - now, () => this.#setTimer());
  }
}
