import type { Call } from '../../control/call.ts';
import { quoteText } from '../../model/escape.ts';
import type { ControlParts } from './control-parts.ts';
import { parseSource } from './parse-source.ts';

/** Longer is for ever; beyond it, times are no whole numbers any more. */
const MOST_MS = 100 * 365 * 86_400_000;

/** Nobody of this source is served any more; its handlers run on. */
export function answerBan({ floor }: ControlParts, call: Call<'ban'>): void {
  const { bans } = floor();
  const { source: text, forMs = Number.POSITIVE_INFINITY } = call.params;
  const refuse = (code: 'invalid-params' | 'failed', reason: string): void =>
    call.error(code, `Cannot ban ${quoteText(text)}: ${reason}`);
  const source = parseSource(text, bans);
  if ('reason' in source) refuse('invalid-params', source.reason);
  else if (Number.isFinite(forMs) && forMs > MOST_MS)
    refuse('invalid-params', '100 years at the most, or for ever');
  else {
    const outcome = bans.order(source, forMs);
    if (outcome === 'exempt') refuse('failed', '"bans.exempt" has it');
    else if (outcome === 'full') refuse('failed', 'the table of bans is full');
    else call.result({ source: source.name });
  }
}
