const FIRST_MS = 1000;
const MOST_MS = 60_000;

/** What this machine cannot have, whatever anybody does about it while zinetd runs. */
const FOR_EVER: ReadonlySet<string> = new Set([
  ...['EAFNOSUPPORT', 'EPROTONOSUPPORT', 'ESOCKTNOSUPPORT', 'EPROTOTYPE', 'EOPNOTSUPP', 'ENOPROTOOPT'],
  ...['EINVAL', 'ENAMETOOLONG'],
]);

/** When a socket that could not be opened is tried again; undefined for never. Pure. */
export function nextRetryMs(code: string, previousMs: number | undefined): number | undefined {
  if (FOR_EVER.has(code)) return undefined;
  return previousMs === undefined ? FIRST_MS : Math.min(MOST_MS, 2 * previousMs);
}
