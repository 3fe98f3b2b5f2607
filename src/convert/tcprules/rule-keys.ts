const MOST_OCTET = 255;

function numberOf(digits: string): number | undefined {
  return /^[0-9]{0,9}$/.test(digits) ? Number(digits) : undefined;
}

/**
 * What tcprules writes for an address: of `1.2.3.37-53` and `10.2-3.` a key for each number, up to 255. Undefined for
 * a range that is none.
 */
export function ruleKeys(address: string): readonly string[] | undefined {
  const dash = /[=@]/.test(address) ? -1 : address.indexOf('-');
  if (dash === -1) return [address];
  const left = address.lastIndexOf('.', dash) + 1;
  const dot = address.indexOf('.', dash);
  const right = dot === -1 ? address.length : dot;
  const first = numberOf(address.slice(left, dash));
  const last = numberOf(address.slice(dash + 1, right));
  if (first === undefined || last === undefined) return undefined;
  const [head, tail] = [address.slice(0, left), address.slice(right)];
  const count = Math.max(0, Math.min(last, MOST_OCTET) - first + 1);
  return Array.from({ length: count }, (_, index) => `${head}${first + index}${tail}`);
}
