const LINE_FEED = 0x0a;
/** What of a line is kept. */
export const MOST_LINE_BYTES = 1024;

export type TakeLine = (text: string, isCut: boolean) => void;

/** Makes lines of what comes in pieces, and never holds more than one of MOST_LINE_BYTES. Empty ones are none. */
export class LineCutter {
  readonly #held: Buffer = Buffer.alloc(MOST_LINE_BYTES);
  #length = 0;
  /** The line has had more bytes than there is room for. */
  #isCut = false;

  take(bytes: Uint8Array, onLine: TakeLine): void {
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      this.#hold(bytes.subarray(from, end));
      this.end(onLine);
      from = end + 1;
    }
    this.#hold(bytes.subarray(from));
  }

  /** There will be no line feed. */
  end(onLine: TakeLine): void {
    const text = this.#held.toString('utf8', 0, this.#length);
    const isCut = this.#isCut;
    this.#length = 0;
    this.#isCut = false;
    if (text !== '') onLine(text, isCut);
  }

  #hold(bytes: Uint8Array): void {
    const taken = bytes.subarray(0, MOST_LINE_BYTES - this.#length);
    this.#held.set(taken, this.#length);
    this.#length += taken.length;
    this.#isCut ||= taken.length < bytes.length;
  }
}
