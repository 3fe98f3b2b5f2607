import { MOST_AWAITED_HEADERS } from '../model/most-awaited-headers.ts';

/** Of one proxy: the others have a share as well. */
const MOST_OF_ONE = MOST_AWAITED_HEADERS / 2;

/**
 * Those of one service whose header is awaited, the oldest first. Nobody is denied a place: whoever has been silent
 * for the longest gives way, of the same proxy if that has its share, so that silence keeps nobody out (S79).
 */
export class ProxyPlaces<T> {
  readonly #all = new Map<T, string>();
  readonly #byProxy = new Map<string, Set<T>>();

  get size(): number {
    return this.#all.size;
  }

  /** Gives a place to one of this proxy; who has to go for it, if anybody. */
  enter(one: T, proxy: string): T | undefined {
    const ofOne = this.#byProxy.get(proxy) ?? new Set<T>();
    const oldest = this.#oldestToGo(ofOne);
    if (oldest !== undefined) this.leave(oldest);
    this.#all.set(one, proxy);
    this.#byProxy.set(proxy, ofOne.add(one));
    return oldest;
  }

  leave(one: T): void {
    const proxy = this.#all.get(one);
    if (proxy === undefined) return;
    this.#all.delete(one);
    const ofOne = this.#byProxy.get(proxy);
    ofOne?.delete(one);
    if (ofOne?.size === 0) this.#byProxy.delete(proxy);
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#all.keys();
  }
  #oldestToGo(ofOne: ReadonlySet<T>): T | undefined {
    const [oldestOfOne] = ofOne;
    if (ofOne.size >= MOST_OF_ONE) return oldestOfOne;
    const [oldest] = this.#all.keys();
    return this.#all.size >= MOST_AWAITED_HEADERS ? oldest : undefined;
  }
}
