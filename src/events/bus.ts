import type { ZinetdEvent } from './event.ts';

export type Subscriber = (event: ZinetdEvent) => void;

/** Synchronous, in order of subscription; a subscriber must not throw. */
export class Bus {
  #subscribers: readonly Subscriber[] = [];

  subscribe(subscriber: Subscriber): void {
    this.#subscribers = [...this.#subscribers, subscriber];
  }

  unsubscribe(subscriber: Subscriber): void {
    this.#subscribers = this.#subscribers.filter((each) => each !== subscriber);
  }

  emit(event: ZinetdEvent): void {
    for (const subscriber of this.#subscribers) subscriber(event);
  }
}
