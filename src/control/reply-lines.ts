const LF = 0x0a;

/** Far above what a daemon of the largest configuration says in one line; more is no daemon of ours. */
const MOST_LINE_BYTES = 2 ** 26;

/** Puts what arrives in pieces together to lines, without their end. */
export class ReplyLines {
  #pieces: Buffer[] = [];
  #bytes = 0;

  /** The lines that `chunk` completes; undefined once one is longer than any that a daemon sends. */
  take(chunk: Buffer): readonly string[] | undefined {
    const lines: string[] = [];
    let rest = chunk;
    for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF)) {
      lines.push(Buffer.concat([...this.#pieces, rest.subarray(0, end)]).toString('utf8'));
      this.#pieces = [];
      this.#bytes = 0;
      rest = rest.subarray(end + 1);
    }
    this.#pieces.push(rest);
    this.#bytes += rest.length;
    return this.#bytes > MOST_LINE_BYTES ? undefined : lines;
  }
}
