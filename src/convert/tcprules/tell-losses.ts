import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { OptionWord } from './option-words.ts';

/** Options without a counterpart, by letter: what is lost, and what to do. */
export type Losses = Readonly<Record<string, readonly [string, string]>>;

/** One warning for each option that has no counterpart. */
export function tellLosses(
  options: readonly OptionWord[],
  { losses, report }: { readonly losses: Losses; readonly report: Report },
): void {
  for (const { letter, at } of options) {
    const [what, help] = losses[letter] ?? [];
    if (what === undefined) continue;
    const message = `Ignored option ${quote(`-${letter}`)}: ${what}`;
    report.add({ code: 'tcprules/no-counterpart', at: at.place, message, help });
  }
}
