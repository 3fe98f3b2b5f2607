/** A group of a pattern that is open, or what has just been closed. */
interface Part {
  /** Whether something in it is repeated without end. */
  isEndless: boolean;
}

/** Pieces that repeat nothing: escapes, classes of characters, openings of groups, single characters. */
const PIECE = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<\w+>))?|\{\d+(?:,(\d*))?\}\??|[*+?]\??|./sy;
const ENDLESS = /^(?:[*+]|\{\d+,\})/;

function* piecesOf(pattern: string): Generator<string> {
  PIECE.lastIndex = 0;
  for (let match = PIECE.exec(pattern); match !== null; match = PIECE.exec(pattern)) yield match[0];
}

/**
 * Whether a group is repeated without end in which something else is. Where a text can be split between the two in more than
 * one way, the time that it takes doubles with each character (S109).
 */
export function hasNestedRepeats(pattern: string): boolean {
  const open: Part[] = [{ isEndless: false }];
  let last: Part = { isEndless: false };
  for (const piece of piecesOf(pattern)) {
    const around = open.at(-1) ?? last;
    if (ENDLESS.test(piece)) {
      if (last.isEndless) return true;
      around.isEndless = true;
    } else if (piece.startsWith('(')) open.push({ isEndless: false });
    else if (piece === ')') {
      last = open.pop() ?? last;
      const outer = open.at(-1);
      if (outer) outer.isEndless ||= last.isEndless;
    } else if (!/^[?{]/.test(piece)) last = { isEndless: false };
  }
  return false;
}
