import { type TextPiece, textPieces } from './text-pieces.ts';
import type { Token } from './token.ts';

/** The words of a command: blanks part them, and so does everything special, as rlinetd has it. */
export function execWords(token: Token): readonly TextPiece[] {
  const words: TextPiece[] = [];
  let isOpen = false;
  for (const piece of textPieces(token)) {
    const last = words.at(-1);
    if (piece.kind === 'text' && isOpen && !piece.isSpecial && last) {
      const place = { ...last.place, end: piece.place.end };
      words[words.length - 1] = { ...last, text: last.text + piece.text, place };
    } else if (piece.kind !== 'blank') words.push(piece);
    isOpen = piece.kind === 'text';
  }
  return words;
}
