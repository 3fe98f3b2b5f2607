/**
 * What libFuzzer says on its standard error (https://llvm.org/docs/LibFuzzer.html#output), as far as we have a use for it.
 *
 * @typedef {object} Progress
 * @property {number} executions
 * @property {number} edges
 * @property {number} features
 */

const LINE = /^#(\d+)\s.*?\bcov: (\d+) ft: (\d+)/;

/** @type {Progress} */
export const NOTHING = { executions: 0, edges: 0, features: 0 };

/**
 * What a line says; undefined if it is about something else.
 *
 * @param {string} line
 * @returns {Progress | undefined}
 */
export function progressOf(line) {
  const found = LINE.exec(line);
  if (!found) return undefined;
  const [executions = 0, edges = 0, features = 0] = found.slice(1).map(Number);
  return { executions, edges, features };
}
