import { quote } from '../config/quote.ts';
import { UsageError } from '../model/errors.ts';
import { parseDurationMs } from '../model/quantity.ts';

/** What a timer can count in milliseconds: 24 days. */
const MOST_MS = 2 ** 31 - 1;

/** The time that `--option` says, in milliseconds. Throws UsageError. */
export function parseTimeOption(
  text: string,
  {
    option,
    leastMs,
    mostMs = MOST_MS,
  }: { readonly option: string; readonly leastMs: number; readonly mostMs?: number },
): number {
  const durationMs = parseDurationMs(text);
  const cannot = `Cannot use ${quote(text)} for --${option}`;
  if (durationMs === undefined) throw new UsageError(`${cannot}: write a time such as "10s"`);
  if (durationMs < leastMs) throw new UsageError(`${cannot}: ${leastMs}ms at the least`);
  if (durationMs > mostMs)
    throw new UsageError(`${cannot}: ${Math.floor(mostMs / 86_400_000)} days at the most`);
  return durationMs;
}
