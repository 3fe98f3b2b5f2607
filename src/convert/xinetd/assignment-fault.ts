import { didYouMean } from '../../config/nearest.ts';
import { quote } from '../../config/quote.ts';
import type { Problem } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import type { Assignment } from './assignment.ts';
import { DEFAULTS_RULES, SERVICE_RULES, type ValueRule } from './attribute-rules.ts';
import type { Attribute, Word } from './entry.ts';

/** What an assignment is about. */
export interface Subject {
  readonly key: string;
  /** Undefined: nobody knows it. */
  readonly rule: ValueRule | undefined;
  /** What it is before. */
  readonly before:
    | { readonly at: Place; readonly from: Attribute['from']; readonly values: readonly Word[] }
    | undefined;
  /** Where the assignment stands. */
  readonly kind: Attribute['from'];
}

/** What a build puts in place of itself. */
const TEMPLATE = /@[A-Za-z][A-Za-z0-9_]*@|__[A-Z][A-Z0-9_]*__/;

function plural(count: number): string {
  return `${count} ${count === 1 ? 'value' : 'values'}`;
}

function unknown({ text, place }: Word, kind: Attribute['from']): Problem {
  const code = 'xinetd/unknown-attribute';
  const lower = text.toLowerCase();
  if (kind === 'defaults' && SERVICE_RULES.has(lower)) {
    const message = `Ignored ${quote(text)}, as xinetd does: it has no effect in "defaults"`;
    return { code, at: place, message, help: 'set it in each service' };
  }
  const known = (kind === 'defaults' ? DEFAULTS_RULES : SERVICE_RULES).keys();
  const message = `Ignored ${quote(text)}, as xinetd does: no such attribute`;
  return { code, at: place, message, help: didYouMean(lower, known) };
}

function miscounted({ name, values }: Assignment, rule: number): Problem | undefined {
  if (values.length === rule) return undefined;
  const subject = `Ignored ${quote(name.text)}, as xinetd does`;
  const comment = values.find(({ text }) => text.startsWith('#'));
  if (!comment) {
    const message = `${subject}: it must have ${plural(rule)}, not ${values.length}`;
    return { code: 'xinetd/value-count', at: name.place, message };
  }
  const message = `${subject}, so that it was never in force: behind a value "#" begins no comment, but ${plural(values.length)} in place of ${rule}`;
  const help = 'put the comment on a line of its own, if the value is to be in force';
  return { code: 'xinetd/comment', at: comment.place, message, help };
}

/** Why xinetd ignores the line, in the order in which it looks. */
function ignored(assignment: Assignment, { key, rule, before, kind }: Subject): Problem | undefined {
  const { name, operator, operatorAt } = assignment;
  if (rule === undefined) return unknown(name, kind);
  if (rule === 'list') return undefined;
  const subject = `Ignored ${quote(name.text)}, as xinetd does`;
  if (before?.from === kind) {
    const related = [{ at: before.at, message: 'this one counts' }];
    return { code: 'xinetd/set-twice', at: name.place, message: `${subject}: it is set already`, related };
  }
  if (operator !== '=') {
    const message = `${subject}: it is not for ${quote(operator)}`;
    return { code: 'xinetd/operator', at: operatorAt, message, help: `write "${key} ="` };
  }
  return rule === 'some' ? undefined : miscounted(assignment, rule);
}

/** What xinetd disables a service for, or ends at in `defaults`. */
function refused({ name, values }: Assignment, { key, rule, before, kind }: Subject): Problem | undefined {
  if (values.length === 0 && (rule === 'some' || key === 'log_type')) {
    const message = `Cannot use ${quote(name.text)} without a value`;
    return { code: 'xinetd/no-value', at: name.place, message };
  }
  if (before && key === 'log_type' && kind === 'defaults') {
    const related = [{ at: before.at, message: 'the other one is here' }];
    const message = 'Cannot have two "log_type" in "defaults": xinetd ends there';
    return { code: 'xinetd/defaults', at: name.place, message, related };
  }
  const template = values.find(({ text }) => TEMPLATE.test(text));
  if (!template) return undefined;
  const token = TEMPLATE.exec(template.text)?.[0] ?? template.text;
  const message = `Cannot use ${quote(token)}: the file is a template, and nothing was put in its place yet`;
  const help = 'use the file that the build or installation made of it';
  return { code: 'xinetd/template', at: template.place, message, help };
}

/** Why an assignment has no effect, or cannot have the one that is meant; undefined if it has. */
export function assignmentFault(assignment: Assignment, subject: Subject): Problem | undefined {
  return ignored(assignment, subject) ?? refused(assignment, subject);
}

/** A comment that is none: what it says is part of the list. */
export function commentAsValues({ name, values }: Assignment): Problem | undefined {
  const comment = values.find(({ text }) => text.startsWith('#'));
  if (!comment) return undefined;
  const message = `Took ${quote(comment.text)} and what follows for values of ${quote(name.text)}, as xinetd does: it begins no comment there`;
  const help = 'put the comment on a line of its own';
  return { code: 'xinetd/comment', at: comment.place, message, help };
}
