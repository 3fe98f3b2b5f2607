/**
 * Records that wait for a descriptor, oldest first, capped in bytes. A record is 0x20 to 0x7E and LF, so that
 * its length is its size in bytes.
 */
export class RecordQueue {
  readonly #limitBytes: number;
  #records: string[] = [];
  #head = 0;
  #bytes = 0;
  /** How much of the first record is out. */
  #cutBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** What is still to go out. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#records.length - this.#head;
  }

  /** The first record as a whole. */
  get first(): string | undefined {
    return this.#records[this.#head];
  }

  /** What is still to go out of the first one. */
  get firstBytes(): number {
    return (this.first?.length ?? 0) - this.#cutBytes;
  }

  /** False, and nothing changed, when the record does not fit. */
  offer(record: string): boolean {
    if (this.#bytes + record.length > this.#limitBytes) return false;
    this.#records.push(record);
    this.#bytes += record.length;
    return true;
  }

  /** The whole records at the front that fit in `limitBytes`; the start of the first when even that does not. */
  front(limitBytes: number): string {
    let chunk = (this.first ?? '').slice(this.#cutBytes);
    for (let index = this.#head + 1; index < this.#records.length; index++) {
      const record = this.#records[index] ?? '';
      if (chunk.length + record.length > limitBytes) break;
      chunk += record;
    }
    return chunk.slice(0, limitBytes);
  }

  /** Forgets that many bytes at the front: they are written. */
  drop(bytes: number): void {
    this.#bytes -= bytes;
    this.#cutBytes += bytes;
    for (let record = this.first; record !== undefined; record = this.first) {
      if (record.length > this.#cutBytes) break;
      this.#cutBytes -= record.length;
      this.#head++;
    }
    this.#compact();
  }

  /** The first record is to go out as a whole, even if part of it is out already: what took that part is gone. */
  rewind(): void {
    this.#bytes += this.#cutBytes;
    this.#cutBytes = 0;
  }

  /** Gives up the first record. */
  skip(): void {
    this.drop(this.firstBytes);
  }

  /** Gives up everything: how many records that are. */
  clear(): number {
    const { count } = this;
    this.#records = [];
    this.#head = 0;
    this.#bytes = 0;
    this.#cutBytes = 0;
    return count;
  }

  /** Frees the written records: at once when none is left, else when they are the larger half. */
  #compact(): void {
    if (this.#head === 0 || this.#head * 2 < this.#records.length) return;
    this.#records = this.#records.slice(this.#head);
    this.#head = 0;
  }
}
