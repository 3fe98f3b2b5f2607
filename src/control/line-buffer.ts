const LINE_FEED = 0x0a;
const FIRST_BYTES = 1024;

/** Takes a stream apart into lines. Bounded by its caller, who takes no more bytes while there is a line, or half a one that is too long. */
export class LineBuffer {
  #bytes = new Uint8Array(FIRST_BYTES);
  #start = 0;
  #end = 0;
  /** Where the next LF is, or -1; all before `#sought` is known to be none. */
  #lineFeed = -1;
  #sought = 0;

  take(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
    if (this.#lineFeed < 0) this.#seek();
  }

  get hasLine(): boolean {
    return this.#lineFeed >= 0;
  }

  /** The length of the first line, or of what there is of it. */
  get lineBytes(): number {
    return (this.#lineFeed < 0 ? this.#end : this.#lineFeed) - this.#start;
  }

  /** The first line without its LF, valid until bytes are taken; undefined: it is not complete. */
  next(): Uint8Array | undefined {
    if (this.#lineFeed < 0) return undefined;
    const line = this.#bytes.subarray(this.#start, this.#lineFeed);
    this.#start = this.#lineFeed + 1;
    this.#sought = this.#start;
    this.#seek();
    return line;
  }

  #seek(): void {
    const found = this.#bytes.subarray(this.#sought, this.#end).indexOf(LINE_FEED);
    this.#lineFeed = found < 0 ? -1 : this.#sought + found;
    this.#sought = this.#end;
  }

  /** Moves what is left to the front, into a larger place if need be. */
  #makeRoom(count: number): void {
    if (this.#end + count <= this.#bytes.length) return;
    const left = this.#bytes.subarray(this.#start, this.#end);
    const needed = left.length + count;
    const isEnough = needed <= this.#bytes.length && needed >= this.#bytes.length / 4;
    const room = isEnough ? this.#bytes : new Uint8Array(Math.max(FIRST_BYTES, 2 * needed));
    room.set(left);
    this.#bytes = room;
    if (this.#lineFeed >= 0) this.#lineFeed -= this.#start;
    this.#sought -= this.#start;
    this.#end -= this.#start;
    this.#start = 0;
  }
}
