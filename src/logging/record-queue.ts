/**
 * Records that wait for a descriptor, oldest first, capped in bytes. A record is 0x20 to 0x7E and LF, so that
 * its length is its size in bytes.
 */
export class RecordQueue {
  readonly #limitBytes: number;
  #records: string[] = [];
  #head = 0;
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
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
    let chunk = this.#records[this.#head] ?? '';
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
    let left = bytes;
    while (left > 0) {
      const record = this.#records[this.#head] ?? '';
      if (record.length > left) {
        this.#records[this.#head] = record.slice(left);
        break;
      }
      left -= record.length;
      this.#head++;
    }
    this.#compact();
  }

  /** Frees the written records: at once when none is left, else when they are the larger half. */
  #compact(): void {
    if (this.#head === 0 || this.#head * 2 < this.#records.length) return;
    this.#records = this.#records.slice(this.#head);
    this.#head = 0;
  }
}
