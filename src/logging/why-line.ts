import { escapeToken, quoteText } from '../model/escape.ts';

/** A rule of the configuration, as its author wrote it and where. */
export interface WhyRule {
  /** Undefined: not to be told. */
  readonly text: string | undefined;
  readonly file: string;
  readonly line: number;
}

/** What there is to say about a refusal besides its reason, as text already. */
export interface WhyFields {
  readonly service: string;
  /** The address of the client, as the FAIL line before it has it; undefined: it has none. */
  readonly peer: string | undefined;
  /** The proxy that it came through. */
  readonly via?: string | undefined;
  readonly check: string;
  /** What was done with the connection, such as `reject` or `tarpit`. */
  readonly policy: string;
  /** The figures that the check decided by. */
  readonly detail: string;
  readonly rule?: WhyRule | undefined;
}

/**
 * `WHY: ID from=A via=P check=NAME policy=POLICY detail="..." rule="..." at="FILE:LINE"`. A line of its own, since
 * filters written for xinetd expect nothing behind the address of a FAIL line. No prefix, no line feed.
 */
export function describeWhy(fields: WhyFields): string {
  const { service, peer, via, check, policy, detail, rule } = fields;
  const from = peer === undefined ? '' : ` from=${escapeToken(peer)}`;
  const proxy = via === undefined ? '' : ` via=${escapeToken(via)}`;
  const who = `WHY: ${escapeToken(service)}${from}${proxy}`;
  const what = `check=${escapeToken(check)} policy=${escapeToken(policy)} detail=${quoteText(detail)}`;
  const text = rule?.text === undefined ? '' : ` rule=${quoteText(rule.text)}`;
  const where = rule ? ` at=${quoteText(`${rule.file}:${rule.line}`)}` : '';
  return `${who} ${what}${text}${where}`;
}
