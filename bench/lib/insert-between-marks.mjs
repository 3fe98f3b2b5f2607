/**
 * A document with the text between two marks of a name replaced.
 *
 * @param {string} document
 * @param {{name: string, text: string}} figures
 * @returns {string}
 */
export function insertBetweenMarks(document, { name, text }) {
  const [first, last] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const begin = document.indexOf(first);
  const end = document.indexOf(last, begin);
  if (begin < 0 || end < 0) throw new Error(`Cannot insert the figures: no "${first}" followed by "${last}"`);
  return `${document.slice(0, begin + first.length)}\n\n${text.trim()}\n\n${document.slice(end)}`;
}
