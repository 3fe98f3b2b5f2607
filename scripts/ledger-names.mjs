const NAMES = /\b([SB])(\d{1,3})(?: to \1(\d{1,3}))?\b/g;

/**
 * Entries of the ledger and bars that a text names: `S21 to S23, B1` is S21, S22, S23 and B1.
 *
 * @param {string} text
 * @returns {readonly string[]}
 */
export function ledgerNames(text) {
  const names = Array.from(text.matchAll(NAMES), ([, kind = '', first = '', last = first]) => {
    const count = Number(last) - Number(first) + 1;
    return Array.from({ length: Math.max(0, count) }, (_, index) => `${kind}${Number(first) + index}`);
  });
  return names.flat();
}
