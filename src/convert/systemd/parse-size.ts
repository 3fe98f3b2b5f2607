const UNITS: Readonly<Record<string, number>> = {
  ...{ '': 1, B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4, P: 1024 ** 5, E: 1024 ** 6 },
};

/** Bytes such as `512K`, base 1024; Infinity for `infinity`, undefined for what is no size. */
export function parseSize(text: string): number | undefined {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  const [, digits, unit = ''] = /^([0-9]+(?:\.[0-9]+)?)[ \t]*([BKMGTPE]?)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = Math.floor(Number(digits) * (UNITS[unit] ?? 1));
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A whole number of no sign. */
export function parseWhole(text: string): number | undefined {
  if (!/^[0-9]{1,15}$/.test(text)) return undefined;
  return Number(text);
}
