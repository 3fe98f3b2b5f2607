import { REFUSAL_TEXTS, type RefusalReason } from '../model/refusal-reason.ts';
import type { ToldReason } from '../model/told-reason.ts';
import type { RecordView } from './record-view.ts';

/** Where xinetd has one word for what we tell apart: its filters look for that one. */
const WORDS_OF_XINETD: Readonly<Partial<Record<RefusalReason, string>>> = {
  banned: REFUSAL_TEXTS.address,
  sensor: REFUSAL_TEXTS.address,
  name_lookup: REFUSAL_TEXTS.address,
  per_source_rate: REFUSAL_TEXTS.connections_per_second,
};

function isRefusal(reason: ToldReason): reason is RefusalReason {
  return Object.hasOwn(REFUSAL_TEXTS, reason);
}

/** The reason of a FAIL line; without `why` it is as xinetd would have put it. */
export function refusalWord(reason: ToldReason, { failure }: RecordView): string {
  if (!isRefusal(reason)) return reason;
  const text = REFUSAL_TEXTS[reason];
  return failure.has('why') ? text : (WORDS_OF_XINETD[reason] ?? text);
}
