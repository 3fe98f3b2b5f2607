/** RFC 865: one of the quotations that are not longer than `most` bytes; undefined when there is none. */
export function pickQuote(
  quotes: readonly string[],
  options: { readonly roll: number; readonly most: number },
): Uint8Array | undefined {
  // A character for each byte: what is not ASCII is said as it is in the file.
  const fitting = quotes.filter(({ length }) => length <= options.most);
  const quote = fitting[Math.floor(options.roll * fitting.length)];
  return quote === undefined ? undefined : Uint8Array.from(Buffer.from(quote, 'latin1'));
}
