/** What a table keeps; the link is the table's. */
export interface Numbered<T> {
  readonly number: number;
  next: T | undefined;
}

const FIRST_BUCKETS = 64;
/** Above as many for each bucket on the average there will be more buckets. */
const MOST_IN_BUCKET = 2;

/**
 * Records by their numbers, which come one after the other. A Map makes a new table of itself for every few that come and go, and
 * each old one leads to the next: once one of them is in the old generation, so is whatever any later one holds, until that is
 * collected. Here nothing leads to anything that is gone.
 */
export class NumberTable<T extends Numbered<T>> {
  #buckets: (T | undefined)[] = new Array<T | undefined>(FIRST_BUCKETS).fill(undefined);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** All of them at this moment. */
  get all(): readonly T[] {
    const found: T[] = [];
    for (const first of this.#buckets) for (let each = first; each; each = each.next) found.push(each);
    return found;
  }

  find(number: number): T | undefined {
    let each = this.#buckets[this.#bucketOf(number)];
    while (each && each.number !== number) each = each.next;
    return each;
  }

  /** No other one has this number. */
  add(record: T): void {
    if (this.#size >= MOST_IN_BUCKET * this.#buckets.length) this.#grow();
    this.#link(record);
    this.#size++;
  }

  remove(number: number): T | undefined {
    const bucket = this.#bucketOf(number);
    let before: T | undefined;
    let each = this.#buckets[bucket];
    while (each && each.number !== number) {
      before = each;
      each = each.next;
    }
    if (!each) return undefined;
    if (before) before.next = each.next;
    else this.#buckets[bucket] = each.next;
    each.next = undefined;
    this.#size--;
    return each;
  }

  /** A power of two, so that the low bits tell. */
  #bucketOf(number: number): number {
    return (number | 0) & (this.#buckets.length - 1);
  }

  #link(record: T): void {
    const bucket = this.#bucketOf(record.number);
    record.next = this.#buckets[bucket];
    this.#buckets[bucket] = record;
  }

  #grow(): void {
    const { all } = this;
    this.#buckets = new Array<T | undefined>(2 * this.#buckets.length).fill(undefined);
    for (const record of all) this.#link(record);
  }
}
