import { constants } from 'node:os';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { type Poller, WRITABLE } from '../native/poller.ts';
import type { World } from './world.ts';

/** From the first byte to the last, however slowly they are taken in between. */
const DEADLINE_MS = 5000;
/** Clients that are waited for at once, of all services; and of one source, so that it cannot have all places. */
const MOST_WAITING = 512;
const MOST_OF_ONE_SOURCE = 16;

const { errno } = constants;
const FULL: ReadonlySet<number> = new Set([-errno.EAGAIN, -errno.EINTR, -errno.ENOBUFS]);

/** Whether the client has all of it, and why not; `banner_busy`: too many are waited for already. */
export type TellEnd = 'told' | 'banner_timeout' | 'banner_busy' | 'client_gone' | 'stopping';

export interface Telling {
  /** Stays the caller's, who leaves it alone until the end. */
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  /** Whom the client counts for. */
  readonly source: Uint32Array;
}

interface Waiting {
  readonly descriptor: Descriptor;
  readonly source: string;
  readonly done: (end: TellEnd) => void;
  unsent: Uint8Array;
  cancel: () => void;
}

/**
 * Tells clients what they have to hear before anything else happens. As a rule they take it at once; for the others
 * it waits, but never makes anybody else wait (S96).
 */
export class Teller {
  readonly #binding: Binding;
  readonly #poller: Poller;
  readonly #after: World['after'];
  readonly #waiting = new Set<Waiting>();
  readonly #waitingOf = new Map<string, number>();

  constructor(options: {
    readonly binding: Binding;
    readonly poller: Poller;
    readonly after: World['after'];
  }) {
    this.#binding = options.binding;
    this.#poller = options.poller;
    this.#after = options.after;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Calls back once: at once if the client takes all of it. */
  tell({ descriptor, bytes, source }: Telling, done: (end: TellEnd) => void): void {
    const unsent = this.#send(descriptor, bytes);
    if (unsent?.length) this.#wait({ descriptor, source: source.join(), done, unsent, cancel: () => {} });
    else done(unsent ? 'told' : 'client_gone');
  }

  /** For a stop. */
  close(): void {
    for (const waiting of this.#waiting) this.#end(waiting, 'stopping');
  }

  /** What is left of it; undefined when the client is gone. */
  #send(descriptor: Descriptor, bytes: Uint8Array): Uint8Array | undefined {
    const sent = this.#binding.send(descriptor.fd, bytes, -1);
    if (sent >= 0) return bytes.subarray(sent);
    return FULL.has(sent) ? bytes : undefined;
  }

  #wait(waiting: Waiting): void {
    const ofSource = this.#waitingOf.get(waiting.source) ?? 0;
    if (this.#waiting.size >= MOST_WAITING || ofSource >= MOST_OF_ONE_SOURCE) {
      waiting.done('banner_busy');
      return;
    }
    this.#waiting.add(waiting);
    this.#waitingOf.set(waiting.source, ofSource + 1);
    waiting.cancel = this.#after(DEADLINE_MS, () => this.#end(waiting, 'banner_timeout'));
    const watcher = (): void => this.#goOn(waiting);
    this.#poller.watch(waiting.descriptor, { events: WRITABLE, watcher });
  }

  #goOn(waiting: Waiting): void {
    const unsent = this.#send(waiting.descriptor, waiting.unsent);
    if (!unsent) this.#end(waiting, 'client_gone');
    else if (unsent.length === 0) this.#end(waiting, 'told');
    else waiting.unsent = unsent;
  }

  #end(waiting: Waiting, end: TellEnd): void {
    const { descriptor, source, cancel, done } = waiting;
    this.#waiting.delete(waiting);
    const left = (this.#waitingOf.get(source) ?? 1) - 1;
    if (left > 0) this.#waitingOf.set(source, left);
    else this.#waitingOf.delete(source);
    cancel();
    this.#poller.forget(descriptor);
    done(end);
  }
}
