const KEY_BYTES = 16;
/** Twice as many places as sources keep the way to each short; a source that finds none on it is not kept. */
const PLACES_PER_SOURCE = 2;
const MOST_PROBES = 16;
const FREE = -1;

/** A source in a group, such as a service and a reason. */
export interface SourceKey {
  readonly group: number;
  /** 4 or 16 bytes. */
  readonly source: Uint8Array;
}

/** So many sources and no more, found by their bytes, without a text or an object for any of them. */
export class RefusalSources {
  readonly #capacity: number;
  readonly #seed: number;
  readonly #mask: number;
  readonly #groups: Int32Array;
  readonly #lengths: Uint8Array;
  readonly #bytes: Uint8Array;
  #used = 0;

  /** `capacity` is a power of two; `seed` a random number, so that no client knows who is next to whom. */
  constructor(options: { readonly capacity: number; readonly seed: number }) {
    const places = options.capacity * PLACES_PER_SOURCE;
    this.#capacity = options.capacity;
    this.#seed = options.seed;
    this.#mask = places - 1;
    this.#groups = new Int32Array(places).fill(FREE);
    this.#lengths = new Uint8Array(places);
    this.#bytes = new Uint8Array(places * KEY_BYTES);
  }

  /** Places are numbered from 0; arrays beside the table can have this length. */
  get places(): number {
    return this.#groups.length;
  }

  /** The place of a source, -1 if it has none. */
  find(key: SourceKey): number {
    const place = this.#probe(key);
    return place >= 0 && this.#groups[place] !== FREE ? place : -1;
  }

  /** The place of a source that has none yet, -1 if there is no room for it. */
  add(key: SourceKey): number {
    const place = this.#used < this.#capacity ? this.#probe(key) : -1;
    if (place < 0 || this.#groups[place] !== FREE) return -1;
    this.#used++;
    this.#groups[place] = key.group;
    this.#lengths[place] = key.source.length;
    this.#bytes.set(key.source, place * KEY_BYTES);
    return place;
  }

  groupAt(place: number): number {
    return this.#groups[place] ?? FREE;
  }

  sourceAt(place: number): Uint8Array {
    const from = place * KEY_BYTES;
    return this.#bytes.slice(from, from + (this.#lengths[place] ?? 0));
  }

  clear(): void {
    if (this.#used > 0) this.#groups.fill(FREE);
    this.#used = 0;
  }

  /** The place that has the key, or the free one where it would go, or -1. */
  #probe(key: SourceKey): number {
    const first = this.#hash(key);
    for (let step = 0; step < MOST_PROBES; step++) {
      const place = (first + step) & this.#mask;
      const group = this.#groups[place];
      if (group === FREE || (group === key.group && this.#hasBytes(place, key.source))) return place;
    }
    return -1;
  }

  #hasBytes(place: number, source: Uint8Array): boolean {
    if (this.#lengths[place] !== source.length) return false;
    const from = place * KEY_BYTES;
    for (let index = 0; index < source.length; index++)
      if (this.#bytes[from + index] !== source[index]) return false;
    return true;
  }

  /** FNV-1a from a secret start, its bits mixed at the end. */
  #hash({ group, source }: SourceKey): number {
    let hash = Math.imul(this.#seed ^ group, 0x01000193);
    for (const byte of source) hash = Math.imul(hash ^ byte, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    return (hash ^ (hash >>> 13)) >>> 0;
  }
}
