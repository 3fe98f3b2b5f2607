const BYTE_UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1024],
  ['m', 1024 ** 2],
  ['g', 1024 ** 3],
  ['t', 1024 ** 4],
]);

const DURATION_UNITS_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

function parseWithUnit(text: string, units: ReadonlyMap<string, number>): number | undefined {
  const match = /^(0|[1-9][0-9]{0,15})([a-z]{0,2})$/.exec(text);
  const unit = units.get(match?.[2] ?? '?');
  if (!match || unit === undefined) return undefined;
  const value = Number(match[1]) * unit;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** `64k`, `8m`, `1g`, `2t` (powers of 1024) or a plain count of bytes. */
export function parseBytes(text: string): number | undefined {
  return parseWithUnit(text, BYTE_UNITS);
}

/** `500ms`, `10s`, `5m`, `2h`, `1d`, in milliseconds. The unit is never left out. */
export function parseDurationMs(text: string): number | undefined {
  return parseWithUnit(text, DURATION_UNITS_MS);
}

const PRINTED_UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** `for ever`, `250ms`, `9s`, `1h5m`: the two largest units, rounded up, for people to read. */
export function formatDurationMs(durationMs: number): string {
  if (durationMs === Number.POSITIVE_INFINITY) return 'for ever';
  const ms = Math.ceil(durationMs);
  if (ms < 1000) return `${ms}ms`;
  const index = PRINTED_UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  const [unit, unitMs] = PRINTED_UNITS[index] ?? ['s', 1000];
  const [smaller, smallerMs] = PRINTED_UNITS[index + 1] ?? [unit, unitMs];
  const total = Math.ceil(ms / smallerMs) * smallerMs;
  // Sixty minutes are an hour.
  if (total > ms) return formatDurationMs(total);
  const whole = Math.floor(total / unitMs);
  const rest = Math.round((total - whole * unitMs) / smallerMs);
  return `${whole}${unit}${rest === 0 || smaller === unit ? '' : `${rest}${smaller}`}`;
}
