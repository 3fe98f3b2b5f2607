import { itemAt } from '../model/item-at.ts';

/** Longer names are not typing errors of ours. */
const MOST_CHARACTERS = 64;

/** Levenshtein's distance: how many characters to insert, delete or replace. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, character] of Array.from(left).entries()) {
    const next = [index + 1];
    for (let column = 0; column < right.length; column++) {
      const replaced = itemAt(row, column) + (character === right[column] ? 0 : 1);
      next.push(Math.min(replaced, itemAt(row, column + 1) + 1, itemAt(next, column) + 1));
    }
    row = next;
  }
  return itemAt(row, right.length);
}

/** The known name that was probably meant by `name`, or undefined when none is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  if (name.length > MOST_CHARACTERS) return undefined;
  const wanted = name.toLowerCase().replaceAll('-', '_');
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const measured = distance(wanted, candidate.toLowerCase().replaceAll('-', '_'));
    if (measured < bestDistance) [best, bestDistance] = [candidate, measured];
  }
  return best;
}

/** Advice for an unknown name, if a known one is near. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const best = nearest(name, known);
  return best === undefined ? undefined : `did you mean "${best}"?`;
}
