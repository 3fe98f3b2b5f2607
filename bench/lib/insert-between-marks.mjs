const BEGIN = '<!-- figures: begin -->';
const END = '<!-- figures: end -->';

/**
 * A document with the text between its two marks replaced.
 *
 * @param {string} document
 * @param {string} text
 * @returns {string}
 */
export function insertBetweenMarks(document, text) {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`Cannot insert the figures: no "${BEGIN}" followed by "${END}"`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${text.trim()}\n\n${document.slice(end)}`;
}
