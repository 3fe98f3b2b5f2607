const LEAST = 0.01;

/** Three figures or a little more, in six columns at the most; `-` for what is not known. */
export function formatRate(rate: number | undefined): string {
  if (rate === undefined) return '-';
  if (rate === 0) return '0';
  if (rate < LEAST) return '<0.01';
  if (rate < 10) return rate.toFixed(2);
  if (rate < 100) return rate.toFixed(1);
  return rate < 100_000 ? rate.toFixed(0) : `${(rate / 1000).toFixed(0)}k`;
}
