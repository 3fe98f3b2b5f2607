import type { Endpoint } from '../model/address.ts';
import type { PauseReason } from '../model/pause-reason.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { localEndpoint } from '../native/local-endpoint.ts';
import { type Poller, READABLE } from '../native/poller.ts';

export interface PolledSocketOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly descriptor: Descriptor;
  readonly onReadable: () => void;
  /** Reasons not to look at it from the beginning. */
  readonly pauses?: Iterable<PauseReason>;
}

/** A socket that is looked at while there is no reason not to. The spawner holds it too: closing it here does not close it there. */
export class PolledSocket {
  readonly #options: PolledSocketOptions;
  readonly #pauses: Set<PauseReason>;
  #descriptor: Descriptor;
  #local: Endpoint | undefined;
  #isStarted = false;
  #isOpen = true;

  constructor(options: PolledSocketOptions) {
    this.#options = options;
    this.#pauses = new Set(options.pauses);
    this.#descriptor = options.descriptor;
  }

  /** For a call that is made at once. */
  get fd(): number {
    return this.#descriptor.fd;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get pauses(): ReadonlySet<PauseReason> {
    return this.#pauses;
  }

  /** Whether it is open and nothing speaks against looking at it. */
  get isPolled(): boolean {
    return this.#isOpen && this.#isStarted && this.#pauses.size === 0;
  }

  /** Asked for once: whatever takes its place has the same. Throws SyscallError. */
  local(): Endpoint {
    this.#local ??= localEndpoint(this.#options.binding, this.#descriptor);
    return this.#local;
  }

  start(): void {
    this.#isStarted = true;
    this.#look();
  }

  pause(reason: PauseReason): void {
    this.#pauses.add(reason);
    if (this.#isOpen) this.#options.poller.forget(this.#descriptor);
  }

  resume(reason: PauseReason): void {
    if (this.#pauses.delete(reason)) this.#look();
  }

  /** The same for one in which there is something already, as a rule: it is looked at before anybody is asked to poll it. */
  resumeAtOnce(reason: PauseReason): void {
    if (!this.#pauses.delete(reason)) return;
    if (this.isPolled) this.#options.onReadable();
    this.#look();
  }

  close(): void {
    if (this.#isOpen) this.release().close();
  }

  /** Gives the descriptor away: this is closed then. */
  release(): Descriptor {
    this.#isOpen = false;
    this.#options.poller.forget(this.#descriptor);
    return this.#descriptor;
  }

  /** Goes on with another descriptor, and gives the one until now away. */
  replace(descriptor: Descriptor): Descriptor {
    const old = this.release();
    this.#descriptor = descriptor;
    this.#isOpen = true;
    this.#look();
    return old;
  }

  #look(): void {
    const { poller, onReadable } = this.#options;
    if (this.isPolled) poller.watch(this.#descriptor, { events: READABLE, watcher: onReadable });
  }
}
