import { constants } from 'node:os';
import type { Binding } from './binding.ts';
import type { Descriptor } from './descriptor.ts';
import { checked } from './errno.ts';

export const READABLE = 1;
export const WRITABLE = 4;
/** EPOLLERR and EPOLLHUP, which are told of whatever is watched for. */
export const BROKEN: number = 8 | 16;

/** Pairs of token and events that one call back can carry. */
const EVENTS_AT_ONCE = 64;

/** The kernel has no room for one more, which passes: somebody else's descriptors may be too many. */
const SCARCE: ReadonlySet<number> = new Set([-constants.errno.ENOMEM, -constants.errno.ENOSPC]);
const AGAIN_MS = 50;

export interface PollerOptions {
  /** With it, what there is no room for is watched a moment later. */
  readonly after?: (delayMs: number, callback: () => void) => void;
}

interface Watch {
  readonly events: number;
  readonly watcher: Watcher;
}

/** Called with the epoll bits that are set; errors and hang-ups arrive as those. */
export type Watcher = (events: number) => void;

/**
 * Level-triggered readiness without reading. A token is never used twice, so that an event of a descriptor
 * that was forgotten in the same batch finds nobody; `forget` comes before close, because epoll watches the
 * open file description, which the spawner holds too.
 */
export class Poller {
  readonly #binding: Binding;
  readonly #events = new Uint32Array(2 * EVENTS_AT_ONCE);
  readonly #watchers = new Map<number, Watcher>();
  readonly #tokens = new Map<number, number>();
  readonly #epoll: number;
  #nextToken = 1;
  #isTurning = false;
  readonly #ends: (() => void)[] = [];
  readonly #after: PollerOptions['after'];
  /** What there was no room for. */
  readonly #late = new Map<Descriptor, Watch>();

  constructor(binding: Binding, { after }: PollerOptions = {}) {
    this.#binding = binding;
    this.#after = after;
    this.#epoll = checked(
      binding.pollerOpen(this.#events, (count) => this.#dispatch(count)),
      { call: 'open', subject: 'a poller' },
    );
  }

  /** Starts to watch, or changes what is watched for. */
  watch(descriptor: Descriptor, options: Watch): void {
    const fd = descriptor.fd;
    const token = this.#tokens.get(fd) ?? this.#nextToken++;
    const result = this.#binding.watch(this.#epoll, fd, token, options.events);
    this.#late.delete(descriptor);
    if (this.#after && SCARCE.has(result)) {
      this.#watchLater(descriptor, options, this.#after);
      return;
    }
    checked(result, { call: 'watch', subject: `descriptor ${fd}` });
    this.#tokens.set(fd, token);
    this.#watchers.set(token, options.watcher);
  }

  /** Stops watching; does nothing for a descriptor that is not watched. */
  forget(descriptor: Descriptor): void {
    const fd = descriptor.fd;
    this.#late.delete(descriptor);
    const token = this.#tokens.get(fd);
    if (token === undefined) return;
    this.#tokens.delete(fd);
    this.#watchers.delete(token);
    checked(this.#binding.forget(this.#epoll, fd), { call: 'forget', subject: `descriptor ${fd}` });
  }

  /** Calls back when everybody has been told of what is ready now; at once where nobody is being told. */
  endOfTurn(callback: () => void): void {
    if (this.#isTurning) this.#ends.push(callback);
    else callback();
  }

  #watchLater(
    descriptor: Descriptor,
    options: Watch,
    after: (delayMs: number, callback: () => void) => void,
  ): void {
    this.#late.set(descriptor, options);
    after(AGAIN_MS, () => {
      if (this.#late.get(descriptor) === options) this.watch(descriptor, options);
    });
  }

  #dispatch(count: number): void {
    this.#isTurning = true;
    try {
      this.#tell(count);
    } finally {
      this.#isTurning = false;
      for (const callback of this.#ends.splice(0)) callback();
    }
  }

  #tell(count: number): void {
    // A watcher may start others, which write to the same array only after this batch.
    for (let index = 0; index < count; index++) {
      const token = this.#events[2 * index] ?? 0;
      this.#watchers.get(token)?.(this.#events[2 * index + 1] ?? 0);
    }
  }
}
