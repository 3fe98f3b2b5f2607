import type { RuleVariable } from '../peer-rule.ts';

/** A line of rules as tcprules takes it apart. */
export interface RuleLine {
  readonly address: string;
  readonly grants: boolean;
  readonly env: readonly RuleVariable[];
}

export type ParsedLine =
  | { readonly kind: 'rule'; readonly rule: RuleLine }
  /** No colon: tcprules passes over it without a word. */
  | { readonly kind: 'skipped' }
  | { readonly kind: 'faulty'; readonly reason: string };

const FORM = 'must be "ADDRESS:allow" or "ADDRESS:deny"';

/** Each `,NAME="VALUE"`, where any character can be the quote. */
function parseVariables(text: string): readonly RuleVariable[] | string {
  const env: RuleVariable[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] !== ',') return 'only variables may follow the verdict, each after a comma';
    const equals = text.indexOf('=', at);
    if (equals === -1) return 'a variable is NAME="VALUE"';
    const quote = text[equals + 1];
    const end = quote === undefined ? -1 : text.indexOf(quote, equals + 2);
    if (end === -1)
      return 'nothing ends the value of a variable: it stands between two of the same character';
    env.push({ name: text.slice(at + 1, equals), value: text.slice(equals + 2, end) });
    at = end + 1;
  }
  return env;
}

/** The address ends at the first colon; with IPv6 at the first that a verdict follows. */
function splitLine(text: string): readonly [string, string] | undefined {
  const verdict = /:(?=deny|allow)/.exec(text);
  return verdict ? [text.slice(0, verdict.index), text.slice(verdict.index + 1)] : undefined;
}

/** Reads a line without its comment sign and the blanks at its end. */
export function parseRuleLine(text: string): ParsedLine {
  if (!text.includes(':')) return { kind: 'skipped' };
  const split = splitLine(text);
  if (!split) return { kind: 'faulty', reason: FORM };
  const [address, rest] = split;
  const grants = rest.startsWith('allow');
  const env = parseVariables(rest.slice(grants ? 'allow'.length : 'deny'.length));
  if (typeof env === 'string') return { kind: 'faulty', reason: env };
  return { kind: 'rule', rule: { address, grants, env } };
}
