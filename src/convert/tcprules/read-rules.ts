import type { Budget } from '../../config/budget.ts';
import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import type { Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import type { LineAccounts } from '../line-accounts.ts';
import type { PeerRule } from '../peer-rule.ts';
import { RuleReader } from './rule-reader.ts';

export interface RulesContext<Entry> {
  readonly report: Report;
  readonly budget: Budget;
  readonly accounts: LineAccounts<Entry>;
}

/** `10<TAB>allow`: the access files of courier, which mean something else. */
const COURIER = /^[^#\s][^\s]*[ \t]+(allow|deny)\b/;

/** The lines of a file, without their newlines; the last need not have one. */
export function* linesOf({ source }: ForeignFile): Generator<Place> {
  const { text, lineStarts } = source;
  for (const [index, start] of lineStarts.entries()) {
    const next = lineStarts[index + 1];
    if (next === undefined && start === text.length) return;
    yield { source, start, end: next === undefined ? text.length : next - 1 };
  }
}

function textOf({ source, start, end }: Place): string {
  return source.text.slice(start, end);
}

function isLookalike(file: ForeignFile, report: Report): boolean {
  const line = Array.from(linesOf(file)).find((place) => COURIER.test(textOf(place)));
  if (!line) return false;
  const message = `Cannot use ${quote(textOf(line))}: rules of tcpserver have a colon there, those of courier have a tab`;
  report.add({ code: 'tcprules/not-tcprules', at: line, message });
  return true;
}

/**
 * The rules of a file that tcprules(1) would compile; undefined after a report, since a list without one of its rules
 * would be another. Every line goes on account: to `entry` if it is a rule.
 */
export function readRules<Entry>(
  file: ForeignFile,
  context: RulesContext<Entry> & { readonly entry: Entry },
): readonly PeerRule[] | undefined {
  const { report, accounts, entry } = context;
  const before = report.errors;
  const isOther = isLookalike(file, report);
  const reader = new RuleReader(file, context);
  for (const place of linesOf(file)) {
    const text = textOf(place).replace(/[ \t]+$/, '');
    if (place.source.text[place.start] === '#') accounts.add('comment', place);
    else if (text === '') accounts.add('blank', place);
    else if (isOther) accounts.add('problem', place);
    else if (reader.read(text, { ...place, end: place.start + text.length }) === 'problem') {
      accounts.add('problem', place);
    } else accounts.add('service', place, { entry });
  }
  return report.errors > before ? undefined : reader.rules;
}
