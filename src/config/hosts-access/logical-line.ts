/** tcp_wrappers reads a rule into a buffer of 2,048 bytes; the last is the NUL. */
const MOST_BYTES = 2047;

/** Where a piece of a logical line comes from. */
interface Piece {
  readonly offset: number;
  readonly line: number;
}

/** One rule or comment: lines that end in a backslash are joined with the next. */
export interface LogicalLine {
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** Whether it ends in a newline. */
  readonly isEnded: boolean;
  /** Whether it is more than tcp_wrappers takes. */
  readonly isLong: boolean;
}

/** Reads as tcp_wrappers does: a backslash directly before the newline removes both, and nothing is put there. */
export function logicalLines(text: string): readonly LogicalLine[] {
  const lines: LogicalLine[] = [];
  let joined = '';
  let bytes = 0;
  let pieces: Piece[] = [];
  let isLong = false;
  const end = (isEnded: boolean): void => {
    lines.push({ text: joined, pieces, isEnded, isLong });
    [joined, bytes, pieces, isLong] = ['', 0, [], false];
  };
  const physical = text.split('\n');
  const last = physical.pop() ?? '';
  for (const [index, content] of physical.entries()) {
    pieces.push({ offset: joined.length, line: index + 1 });
    const isContinued = content.endsWith('\\');
    const size = Buffer.byteLength(content);
    isLong ||= bytes + size + 1 > MOST_BYTES;
    bytes += isContinued ? size - 1 : size;
    joined += isContinued ? content.slice(0, -1) : content;
    if (!isContinued) end(true);
  }
  if (last !== '' || pieces.length > 0) {
    pieces.push({ offset: joined.length, line: physical.length + 1 });
    joined += last;
    end(false);
  }
  return lines;
}

/** Line and column, from 1, of a character of a logical line. */
export function placeIn(
  line: LogicalLine,
  offset: number,
): { readonly line: number; readonly column: number } {
  const piece = line.pieces.findLast((it) => it.offset <= offset) ?? { offset: 0, line: 1 };
  return { line: piece.line, column: offset - piece.offset + 1 };
}
