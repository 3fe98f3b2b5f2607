import { type Endpoint, formatAddress } from '../model/address.ts';
import { describeOutcome } from '../model/describe-outcome.ts';
import { escapeText } from '../model/escape.ts';
import { REFUSAL_TEXTS } from '../model/refusal-reason.ts';
import type { CheckOutcome, Verdict } from '../model/verdict.ts';
import type { JsonObject } from './json-object.ts';
import { refusalOf, traceOf } from './verdict-json.ts';

/** A verdict and whom it is about. */
export interface Explanation {
  readonly service: string;
  readonly peer: Endpoint;
  readonly verdict: Verdict;
}

const CHECK_COLUMNS = 16;
const ANSWER_COLUMNS = 8;

function headline(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'admitted':
      return verdict.variant === 0 ? 'admitted' : `admitted, as variant ${verdict.variant}`;
    case 'refused':
      return `refused (${REFUSAL_TEXTS[verdict.reason]}), policy ${verdict.policy.kind}`;
    case 'undecided':
      return `undecided: it depends on a ${verdict.need} (see --${verdict.need})`;
  }
}

function renderOutcome(outcome: CheckOutcome): string {
  const { check, passed, rule } = outcome;
  const where = rule ? `: "${rule.text}" at ${rule.file}:${rule.line}` : '';
  const answer = passed ? 'passed' : 'refused';
  return `  ${check.padEnd(CHECK_COLUMNS)}${answer.padEnd(ANSWER_COLUMNS)} ${describeOutcome(outcome)}${where}`;
}

/** The verdict, then a line for each check that was asked, in order. */
export function renderExplanation({ service, peer, verdict }: Explanation): string {
  const head = `${service}: ${formatAddress(peer.bytes)} is ${headline(verdict)}`;
  return [head, ...verdict.trace.map(renderOutcome)].map((line) => `${escapeText(line)}\n`).join('');
}

/** The same for programs; `check` and `trace` are as in the record of a refusal. */
export function explanationJson({ service, peer, verdict }: Explanation): JsonObject {
  const head = {
    service,
    peer: { address: formatAddress(peer.bytes), port: peer.port, scope_id: peer.scopeId || undefined },
    verdict: verdict.kind,
  };
  const details = verdict.kind === 'refused' ? refusalOf(verdict) : { trace: traceOf(verdict.trace) };
  return { ...head, ...details };
}
