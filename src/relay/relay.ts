import type { Descriptor } from '../native/descriptor.ts';
import { BROKEN, READABLE, WRITABLE } from '../native/poller.ts';
import type { SocketParts } from '../native/socket-parts.ts';
import { Flow } from './flow.ts';

/** Steps of one direction before others get their turn; one moves at most what the reader holds. */
const STEPS_PER_TURN = 16;

/** How it ended: both sides had said all, one was gone, nothing moved for too long, or zinetd ended it. */
export type RelayEnd = 'done' | 'gone' | 'idle' | 'age' | 'reload' | 'stopping' | 'killed';

export interface RelayOptions {
  readonly parts: SocketParts;
  /** Without a byte in either direction for this long it ends; undefined: never. */
  readonly idleMs: number | undefined;
  readonly onEnd: (end: RelayEnd, carried: Carried) => void;
}

/** The two that talk; the descriptors are the relay's own. */
export interface RelayEnds {
  readonly client: Descriptor;
  readonly target: Descriptor;
}

/** What it carried from the client, and to it. */
export interface Carried {
  readonly inBytes: number;
  readonly outBytes: number;
}

/** One end, as the source of one direction and the sink of the other. */
interface Side {
  readonly descriptor: Descriptor;
  readonly from: Flow;
  readonly to: Flow;
  /** What it is watched for. */
  watched: number | undefined;
}

/**
 * Carries bytes both ways, and never waits for a side. The end of one direction is passed on, and the other goes on
 * (S140). A client that is gone ends both; of a target that is gone, the last words still arrive.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #client: Side;
  readonly #target: Side;
  #isOpen = true;
  #movedAtMs: number;
  #cancel: (() => void) | undefined;

  constructor({ client, target }: RelayEnds, options: RelayOptions) {
    const { parts } = options;
    this.#options = options;
    const inward = new Flow(parts, { source: client, sink: target });
    const outward = new Flow(parts, { source: target, sink: client });
    this.#client = { descriptor: client, from: inward, to: outward, watched: undefined };
    this.#target = { descriptor: target, from: outward, to: inward, watched: undefined };
    this.#movedAtMs = parts.nowMs();
  }

  start(): void {
    this.#setTimer();
    this.#turn([this.#client.from, this.#target.from]);
  }

  close(end: RelayEnd): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#cancel?.();
    this.#options.parts.reader.discard(this.#client.descriptor.fd);
    for (const { descriptor } of [this.#client, this.#target]) {
      this.#options.parts.poller.forget(descriptor);
      descriptor.close();
    }
    this.#options.onEnd(end, { inBytes: this.#client.from.bytes, outBytes: this.#target.from.bytes });
  }

  #turn(flows: readonly Flow[]): void {
    for (const flow of flows) {
      const before = flow.bytes;
      for (let count = 0; count < STEPS_PER_TURN && flow.step(); count++);
      if (flow.bytes > before) this.#movedAtMs = this.#options.parts.nowMs();
    }
    const end = this.#endOf();
    if (end) {
      this.close(end);
      return;
    }
    this.#watch(this.#client);
    this.#watch(this.#target);
  }

  #endOf(): RelayEnd | undefined {
    const { state: inward } = this.#client.from;
    const { state: outward } = this.#target.from;
    const isClientGone = inward === 'broken' || outward === 'refused';
    if (isClientGone || outward === 'broken') return 'gone';
    if (!this.#client.from.isOver || !this.#target.from.isOver) return undefined;
    return inward === 'ended' ? 'done' : 'gone';
  }

  /**
   * One of whom nothing is wanted is watched all the same, since a reset is told of then too; but not once it gets
   * nothing any more, as the poller would tell without a pause that it has said all.
   */
  #watch(side: Side): void {
    const { poller } = this.#options.parts;
    const { descriptor, from, to } = side;
    const events = (from.state === 'readable' ? READABLE : 0) | (to.state === 'writable' ? WRITABLE : 0);
    const wanted = events === 0 && to.isOver ? undefined : events;
    if (wanted === side.watched) return;
    side.watched = wanted;
    if (wanted === undefined) poller.forget(descriptor);
    else poller.watch(descriptor, { events: wanted, watcher: (seen) => this.#onEvents(side, seen) });
  }

  #onEvents(side: Side, seen: number): void {
    if (!this.#isOpen) return;
    const { from, to } = side;
    const isBroken = (seen & BROKEN) !== 0;
    const isRead = from.state === 'readable';
    // What it said before is read first; what it says is not read while the other side is slow.
    if (isBroken && !isRead && side === this.#client) {
      this.close('gone');
      return;
    }
    if (isBroken && !isRead) to.refuse();
    const flows: Flow[] = [];
    if (isRead && (isBroken || (seen & READABLE) !== 0)) flows.push(from);
    if (to.state === 'writable' && (isBroken || (seen & WRITABLE) !== 0)) flows.push(to);
    this.#turn(flows);
  }

  #setTimer(): void {
    const { idleMs, parts } = this.#options;
    if (idleMs === undefined) return;
    const leftMs = this.#movedAtMs + idleMs - parts.nowMs();
    if (leftMs <= 0) this.close('idle');
    else this.#cancel = parts.after(leftMs, () => this.#setTimer());
  }
}
