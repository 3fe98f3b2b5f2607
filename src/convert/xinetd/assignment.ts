import type { Place } from '../../config/source.ts';
import type { Word } from './entry.ts';
import { splitWords } from './split-words.ts';

export type Operator = '=' | '+=' | '-=';

/** `name = value value`, as a line of a block says it. */
export interface Assignment {
  readonly name: Word;
  readonly operator: Operator;
  readonly operatorAt: Place;
  readonly values: readonly Word[];
}

export type ParsedLine =
  | { readonly kind: 'assignment'; readonly assignment: Assignment }
  | { readonly kind: 'fault'; readonly at: Place; readonly reason: string };

const SHAPE = /^([ \t]*)([^ \t=]*)([ \t]*)(\+=|-=|=)?/;

/** Why a line without an operator where it must be is none that xinetd reads. */
function faultOf(line: Place, name: Word, blanks: string): ParsedLine {
  const { source } = line;
  const next = source.text.slice(name.place.end, line.end);
  if (next.startsWith('=') || /^[+-]?=/.test(next)) {
    return { kind: 'fault', at: name.place, reason: 'a blank must stand before the operator' };
  }
  if (next.trim() === '') return { kind: 'fault', at: name.place, reason: 'nothing stands behind it' };
  const start = name.place.end + blanks.length;
  return {
    kind: 'fault',
    at: { source, start, end: line.end },
    reason: 'an operator must stand behind the name',
  };
}

/** What a line inside of braces says. */
export function parseAssignment(line: Place): ParsedLine {
  const { source } = line;
  const [, indent = '', text = '', blanks = '', operator] =
    SHAPE.exec(source.text.slice(line.start, line.end)) ?? [];
  const start = line.start + indent.length;
  const name: Word = { text, place: { source, start, end: start + text.length } };
  const from = name.place.end + blanks.length;
  if (text === '' || operator === undefined || blanks === '') return faultOf(line, name, blanks);
  const end = from + operator.length;
  const values = splitWords({ source, start: end, end: line.end });
  const assignment = {
    name,
    operator: operator as Operator,
    operatorAt: { source, start: from, end },
    values,
  };
  return { kind: 'assignment', assignment };
}
