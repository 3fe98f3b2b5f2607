import type { Budget } from '../../config/budget.ts';
import type { Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import type { Assignment } from './assignment.ts';
import { assignmentFault, commentAsValues, type Subject } from './assignment-fault.ts';
import { DEFAULTS_RULES, SERVICE_RULES, SYNONYMS, type ValueRule } from './attribute-rules.ts';
import { changeOf } from './change-of.ts';
import type { Attribute, Word } from './entry.ts';
import { removeValues } from './remove-values.ts';

/** Where the table tells what is wrong, and what it may use. */
export interface TableContext {
  readonly report: Report;
  readonly budget: Budget;
}

/** An attribute while its block is read. */
interface Cell {
  readonly values: readonly Word[];
  /** Grows as it is. */
  readonly dropped: Word[];
  readonly at: Place;
  readonly from: Attribute['from'];
  /** The same object for as long as nothing changes. */
  attribute: Attribute | undefined;
}

/** A list that only grows drops nothing, and is not gone through. */
function droppedFrom(before: Cell | undefined, values: readonly Word[]): Word[] {
  if (!before || before.from === 'defaults') return [];
  const { dropped } = before;
  if (values.length >= before.values.length && values[0] === before.values[0]) return dropped;
  const kept = new Set(values);
  for (const word of before.values) if (!kept.has(word)) dropped.push(word);
  return dropped;
}

/** Looking for a name that was meant costs as much as this many values. */
const COST_OF_UNKNOWN = 10;

/** What a block says, line by line, with what xinetd makes of a line that it does not like. */
export class AttributeTable {
  readonly #kind: Attribute['from'];
  readonly #rules: ReadonlyMap<string, ValueRule>;
  readonly #extended = new Set<string>();
  readonly #cells: Map<string, Cell>;
  /** Lists that nobody else has seen, which can grow as they are. */
  readonly #growing = new Map<string, Word[]>();

  /** `inherited` is what `defaults` has for it. */
  constructor(kind: Attribute['from'], inherited: readonly Attribute[] = []) {
    this.#kind = kind;
    this.#rules = kind === 'service' ? SERVICE_RULES : DEFAULTS_RULES;
    this.#cells = new Map(
      inherited.map(({ name, values, at }) => [
        name,
        { values, dropped: [], at, from: 'defaults', attribute: undefined },
      ]),
    );
  }

  /** As they are now: what is said later does not change it. */
  get attributes(): ReadonlyMap<string, Attribute> {
    this.#growing.clear();
    return new Map(
      Array.from(this.#cells, ([name, cell]) => {
        const { values, dropped, at, from } = cell;
        cell.attribute ??= { name, values, dropped, at, from };
        return [name, cell.attribute];
      }),
    );
  }

  /** The lists that add to what was there before, or take from it. */
  get extended(): ReadonlySet<string> {
    return this.#extended;
  }

  /** The first value of an attribute. */
  first(name: string): Word | undefined {
    return this.#cells.get(name)?.values[0];
  }

  /** A line that is ignored, or that cannot be meant, changes nothing. */
  apply(assignment: Assignment, context: TableContext): void {
    const { name, operator } = assignment;
    const written = name.text.toLowerCase();
    const key = SYNONYMS.get(written) ?? written;
    const rule = this.#rules.get(key);
    if (rule === undefined) context.budget.nodes -= COST_OF_UNKNOWN;
    const subject = { key, rule, before: this.#cells.get(key), kind: this.#kind };
    const fault = assignmentFault(assignment, subject);
    const told = fault ?? commentAsValues(assignment);
    if (told) context.report.add(told);
    const values = fault ? undefined : this.#valuesOf(assignment, subject, context);
    if (!values) return;
    if (rule !== 'list' || operator === '=') this.#extended.delete(key);
    else this.#extended.add(key);
    const dropped = droppedFrom(this.#cells.get(key), values);
    this.#cells.set(key, { values, dropped, at: name.place, from: this.#kind, attribute: undefined });
  }

  #valuesOf(
    assignment: Assignment,
    { key, rule, before: cell }: Subject,
    context: TableContext,
  ): readonly Word[] | undefined {
    if (rule !== 'list') return assignment.values;
    const change = changeOf(assignment, this.#kind === 'defaults');
    const before = cell?.values ?? [];
    const list = change === 'add' ? (this.#growing.get(key) ?? [...before]) : undefined;
    this.#growing.delete(key);
    if (!list) return change === 'replace' ? assignment.values : removeValues(before, assignment, context);
    for (const value of assignment.values) list.push(value);
    this.#growing.set(key, list);
    return list;
  }
}
