import type { ZinetdEvent } from './event.ts';

export type Subscriber = (event: ZinetdEvent) => void;

/** Synchronous, in order of subscription; a subscriber must not throw. */
export class Bus {
  readonly #subscribers: Subscriber[] = [];

  subscribe(subscriber: Subscriber): void {
    this.#subscribers.push(subscriber);
  }

  emit(event: ZinetdEvent): void {
    for (const subscriber of this.#subscribers) subscriber(event);
  }
}
