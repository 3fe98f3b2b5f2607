import type { Endpoint } from '../model/address.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { localEndpoint } from '../native/local-endpoint.ts';
import { type Poller, READABLE } from '../native/poller.ts';
import type { PauseReason } from './pause-reason.ts';

export interface PolledSocketOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly descriptor: Descriptor;
  readonly onReadable: () => void;
}

/** A socket that is looked at while there is no reason not to. The spawner holds it too: closing it here does not close it there. */
export class PolledSocket {
  readonly #options: PolledSocketOptions;
  readonly #pauses = new Set<PauseReason>();
  #isStarted = false;
  #isOpen = true;

  constructor(options: PolledSocketOptions) {
    this.#options = options;
  }

  /** For a call that is made at once. */
  get fd(): number {
    return this.#options.descriptor.fd;
  }

  /** Whether it is open and nothing speaks against looking at it. */
  get isPolled(): boolean {
    return this.#isOpen && this.#isStarted && this.#pauses.size === 0;
  }

  local(): Endpoint {
    return localEndpoint(this.#options.binding, this.#options.descriptor);
  }

  start(): void {
    this.#isStarted = true;
    this.#look();
  }

  pause(reason: PauseReason): void {
    this.#pauses.add(reason);
    if (this.#isOpen) this.#options.poller.forget(this.#options.descriptor);
  }

  resume(reason: PauseReason): void {
    if (this.#pauses.delete(reason)) this.#look();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#options.poller.forget(this.#options.descriptor);
    this.#options.descriptor.close();
  }

  #look(): void {
    const { poller, descriptor, onReadable } = this.#options;
    if (this.isPolled) poller.watch(descriptor, { events: READABLE, watcher: onReadable });
  }
}
