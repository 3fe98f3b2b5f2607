import { TlsRelay, type TlsRelayOptions } from '../relay/tls-relay.ts';
import type { World } from './world.ts';

/** Clients that get the last words of those who served them; beyond these, whoever has had the most time is let go. */
const MOST_LINGERING = 256;
/** For all of them, when this process ends. */
const LAST_WORDS_MS = 1000;

/** Sessions that have been handed to somebody. Their places are those of whoever serves them, until these are gone. */
export class TlsRelays {
  readonly #world: Pick<World, 'after' | 'nowMs'>;
  readonly #open = new Set<TlsRelay>();
  /** In the order in which they came to be. */
  readonly #lingering = new Set<TlsRelay>();
  #onEmpty: (() => void) | undefined;

  constructor(world: Pick<World, 'after' | 'nowMs'>) {
    this.#world = world;
  }

  carry(ends: Pick<TlsRelayOptions, 'outer' | 'socket' | 'inner' | 'idleMs'>): void {
    const relay: TlsRelay = new TlsRelay({
      ...{ ...ends, after: this.#world.after, nowMs: this.#world.nowMs },
      onLingering: () => this.#linger(relay),
      onEnd: () => this.#ended(relay),
    });
    this.#open.add(relay);
  }

  /** Calls back once nobody is left to tell anything, or when it takes too long. */
  finish(done: () => void): void {
    if (this.#open.size === 0) {
      done();
      return;
    }
    const cancel = this.#world.after(LAST_WORDS_MS, () => {
      this.#onEmpty = undefined;
      done();
    });
    this.#onEmpty = () => {
      cancel();
      done();
    };
  }

  #linger(relay: TlsRelay): void {
    this.#lingering.add(relay);
    const [first] = this.#lingering;
    if (this.#lingering.size > MOST_LINGERING) first?.close();
  }

  #ended(relay: TlsRelay): void {
    this.#lingering.delete(relay);
    this.#open.delete(relay);
    if (this.#open.size > 0) return;
    this.#onEmpty?.();
    this.#onEmpty = undefined;
  }
}
