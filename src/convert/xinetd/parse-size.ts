/** A number of bytes, with xinetd's `k` or `m` behind it or not. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = ''] = /^([0-9]{1,15})([km]?)$/i.exec(text) ?? [];
  const factor = { '': 1, k: 1024, m: 1024 ** 2 }[unit.toLowerCase()] ?? Number.NaN;
  const value = Number(digits) * factor;
  return Number.isSafeInteger(value) ? value : undefined;
}
