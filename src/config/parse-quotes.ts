/** RFC 865: shorter than 512 characters, the line ends that are said with them. */
const MOST_CHARACTERS = 511;

export interface ParsedQuotes {
  /** With CR LF at the end of each line, as they are said. */
  readonly quotes: readonly string[];
  /** Where those begin that are too long, from line 1. */
  readonly tooLong: readonly number[];
}

/** Quotations parted by lines of `%`, as fortune(6) has them; what is empty between two such lines is none. */
export function parseQuotes(text: string): ParsedQuotes {
  const quotes: string[] = [];
  const tooLong: number[] = [];
  let lines: string[] = [];
  const finish = (atLine: number): void => {
    const quote = lines.map((line) => `${line}\r\n`).join('');
    if (quote.length > MOST_CHARACTERS) tooLong.push(atLine - lines.length);
    else if (lines.some((line) => line !== '')) quotes.push(quote);
    lines = [];
  };
  const all = text.split(/\r?\n/);
  if (all.at(-1) === '') all.pop();
  for (const [index, line] of all.entries()) {
    if (line === '%') finish(index + 1);
    else lines.push(line);
  }
  finish(all.length + 1);
  return { quotes, tooLong };
}
