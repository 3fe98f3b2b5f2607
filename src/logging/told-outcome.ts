import type { CheckName } from '../model/check-name.ts';
import { describeOutcome } from '../model/describe-outcome.ts';
import type { CheckOutcome } from '../model/verdict.ts';
import type { RecordView } from './record-view.ts';

/** What a check saw, as far as a record may say it. */
export interface ToldOutcome {
  readonly detail: string;
  readonly note: string | undefined;
  readonly rule:
    | { readonly text: string | undefined; readonly file: string; readonly line: number }
    | undefined;
}

/** Checks whose notes say who the client is. */
const PERSONAL: ReadonlySet<CheckName> = new Set(['decide', 'certificate']);

/**
 * A rule may be the very address of the client or its name, what `decide` says is free to repeat it, and a certificate
 * has a name of its own: where addresses are not kept, there is but the place of the rule, and no word of these.
 */
export function tellOutcome(outcome: CheckOutcome, { isOpen }: Pick<RecordView, 'isOpen'>): ToldOutcome {
  const note = isOpen || !PERSONAL.has(outcome.check) ? outcome.note : undefined;
  const rule = outcome.rule && {
    text: isOpen ? outcome.rule.text : undefined,
    ...{ file: outcome.rule.file, line: outcome.rule.line },
  };
  return { detail: describeOutcome({ ...outcome, note }), note, rule };
}
