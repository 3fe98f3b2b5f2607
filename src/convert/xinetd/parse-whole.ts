import type { Report } from '../../config/report.ts';
import type { Word } from './entry.ts';
import { refuseValue } from './refuse-value.ts';

const MOST = 0x7fff_ffff;

/** A decimal number as strtol(3) takes it; undefined after a report. */
export function parseWhole(
  { name, word, least, most = MOST }: { name: string; word: Word; least: number; most?: number },
  report: Report,
): number | undefined {
  const value = /^[+-]?[0-9]{1,15}$/.test(word.text) ? Number(word.text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const reason = most === MOST ? `must be a number from ${least} on` : `must be ${least} to ${most}`;
  return refuseValue({ name, word, reason }, report);
}
