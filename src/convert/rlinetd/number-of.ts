import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { Token } from './token.ts';

/** What strtol(3) makes of digits: with a 0 before it a number is octal, and ends where it cannot be. */
function parseDigits(text: string): number {
  if (!/^0[0-9]/.test(text)) return Number(text);
  return Number.parseInt(/^[0-7]+/.exec(text)?.[0] ?? '0', 8);
}

/** A number as rlinetd reads it, with a warning where that is not what it looks like. */
export function numberOf({ text, place }: Token, report: Report): number {
  const value = parseDigits(text);
  if (value !== Number(text)) {
    const message = `Took ${quote(text)} for ${value}, as rlinetd does: a number that begins with 0 is octal`;
    report.add({ code: 'rlinetd/octal', at: place, message });
  }
  return value;
}

/** A mode of a file; undefined after a report. */
export function modeOf({ text, place }: Token, report: Report): string | undefined {
  const value = parseDigits(text);
  if (value <= 0o777 && text.startsWith('0')) return value.toString(8).padStart(4, '0');
  const message = `Cannot use ${quote(text)} for "mode": it must be octal, beginning with 0, up to 0777`;
  return void report.add({ code: 'rlinetd/value', at: place, message });
}
