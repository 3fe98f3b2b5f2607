import type { ZinetdEvent } from '../events/event.ts';
import type { RecordView } from '../logging/record-view.ts';

/** Gets what the log gets, with what may be shown of it. */
export type Follower = (
  event: ZinetdEvent,
  options: { readonly atMs: number; readonly view: RecordView | undefined },
) => void;

/** Those who follow the log as it is written. */
export class LogFollowers {
  readonly #followers = new Set<Follower>();

  /** Until the function is called that this gives. */
  add(follower: Follower): () => void {
    this.#followers.add(follower);
    return () => {
      this.#followers.delete(follower);
    };
  }

  readonly tell: Follower = (event, options) => {
    for (const follower of this.#followers) follower(event, options);
  };
}
