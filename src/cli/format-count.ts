const UNITS = ['', 'k', 'M', 'G', 'T', 'P'] as const;
const MOST_EXACT = 9_999_999;

/** As it is up to seven digits, then `12.3M`: for columns that people read. */
export function formatCount(count: number): string {
  if (count <= MOST_EXACT) return String(count);
  const power = Math.min(Math.floor(Math.log10(count) / 3), UNITS.length - 1);
  return `${(Math.floor(count / 10 ** (3 * power - 1)) / 10).toFixed(1)}${UNITS[power]}`;
}
