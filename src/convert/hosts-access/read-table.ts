import { logicalLines } from '../../config/hosts-access/logical-line.ts';
import type { HostsLookups } from '../../config/hosts-access/lookups.ts';
import { parseHostsAccess } from '../../config/hosts-access/parse-hosts-access.ts';
import type { Report } from '../../config/report.ts';
import type { Place, Source } from '../../config/source.ts';
import type { HostsRule } from '../../model/hosts-rules.ts';
import { itemAt } from '../../model/item-at.ts';
import type { LineAccounts } from '../line-accounts.ts';
import type { TableFile } from './tables.ts';

/** Nothing is looked up here: whoever takes the rules over names the same files and netgroups, which are read then. */
const LATER: HostsLookups = { readPatterns: () => '', netgroup: () => ['later'] };

interface Context {
  readonly report: Report;
  readonly accounts: LineAccounts<HostsRule>;
}

function lineEnd(source: Source, line: number): number {
  const next = source.lineStarts[line];
  return next === undefined ? source.text.length : next - 1;
}

function placeOfLines(source: Source, { first, last }: { first: number; last: number }): Place {
  // An empty line at the end has no character of its own but its newline.
  const start = Math.min(itemAt(source.lineStarts, last - 1), Math.max(0, source.text.length - 1));
  const end = Math.max(lineEnd(source, last), start + 1);
  return { source, start: itemAt(source.lineStarts, first - 1), end };
}

/** Each line of the file goes on account: rules are together with those that continue them. */
function account({ file }: TableFile, rules: readonly HostsRule[], { accounts }: Context): void {
  const byLine = new Map(rules.map((rule) => [rule.line, rule]));
  for (const { text, pieces } of logicalLines(file.source.text)) {
    const first = itemAt(pieces, 0).line;
    const place = placeOfLines(file.source, { first, last: itemAt(pieces, -1).line });
    const entry = byLine.get(first);
    if (entry) accounts.add('disabled', place, { entry });
    else if (text.startsWith('#')) accounts.add('comment', place);
    else accounts.add(/^[ \t\r]*$/.test(text) ? 'blank' : 'problem', place);
  }
}

/** The rules of a table; undefined after a report, since a table with a rule less would be another policy. */
export function readTable(table: TableFile, context: Context): readonly HostsRule[] | undefined {
  const { source } = table.file;
  const text = { file: source.name, table: table.table, text: source.text };
  const { rules, problems } = parseHostsAccess(text, LATER);
  for (const { code, line, column, message, help } of problems) {
    const start = itemAt(source.lineStarts, line - 1) + column - 1;
    context.report.add({ code, at: { source, start, end: start + 1 }, message, help });
  }
  account(table, rules ?? [], context);
  return rules;
}
