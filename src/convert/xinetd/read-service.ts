import { quote } from '../../config/quote.ts';
import { COPIED } from './attribute-rules.ts';
import { AttributeTable } from './attribute-table.ts';
import { type BlockContext, type BlockEnd, readBlock } from './block.ts';
import type { Attribute } from './entry.ts';
import type { EntryDraft } from './entry-draft.ts';

export interface ReadService extends Omit<EntryDraft, 'name' | 'place'> {
  readonly end: BlockEnd;
}

/** Whether the lines that follow matter: to xinetd they do not where a service is disabled, or where that is unclear. */
function goesOn(table: AttributeTable, { report }: BlockContext): boolean {
  const value = table.first('disable');
  const text = value?.text.toLowerCase();
  if (!value || text === 'no') return true;
  if (text !== 'yes') {
    const message = `Cannot use ${quote(value.text)} for "disable": must be "yes" or "no"`;
    report.add({ code: 'xinetd/value', at: value.place, message });
  }
  return false;
}

/** Reads a service behind its `{`, with what it has from `defaults` as they are here. */
export function readService(context: BlockContext, base: ReadonlyMap<string, Attribute>): ReadService {
  const inherited = COPIED.map((name) => base.get(name)).filter((attribute) => attribute !== undefined);
  const table = new AttributeTable('service', inherited);
  // A service has its own copy of what it inherits.
  context.budget.nodes -= inherited.reduce((sum, { values }) => sum + values.length, 1);
  let isOff = false;
  const end = readBlock(context, (assignment, told) => {
    table.apply(assignment, told);
    isOff ||= !goesOn(table, told);
    return !isOff;
  });
  return { end, base, attributes: table.attributes, extended: table.extended, isOff };
}
