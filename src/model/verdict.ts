import type { CheckName } from './check-name.ts';
import type { LimitPolicy } from './limit-policy.ts';
import type { RefusalReason } from './refusal-reason.ts';
import type { RefusalTemplate } from './refusal-text.ts';
import type { Rule } from './rule.ts';

/** What one check saw and said: the figures it decided by. describe-outcome.ts makes a sentence of it. */
export interface CheckOutcome {
  readonly check: CheckName;
  readonly passed: boolean;
  /** The rule that matched. */
  readonly rule?: Rule | undefined;
  /** What was counted, and how much of it is allowed. */
  readonly count?: number | undefined;
  readonly limit?: number | undefined;
  /** In what time, for a rate. */
  readonly perMs?: number | undefined;
  /** When it may pass, in milliseconds from now; Infinity for never. */
  readonly retryMs?: number | undefined;
  /** In a word, what the figures do not say. */
  readonly note?: string | undefined;
  /** The level, in syslog's words, that a rule wants for the record. */
  readonly severity?: string | undefined;
}

/** What a check cannot do without, and must be asked of another process first. */
export type Need = 'name' | 'ident' | 'decision' | 'certificate';

/** The answer to one connection, with every check that was asked, in order. */
export type Verdict =
  | {
      readonly kind: 'admitted';
      /** Which form of the service is to be launched. */
      readonly variant: number;
      /** What the client is told before its handler starts, as a template. */
      readonly text: RefusalTemplate | undefined;
      readonly trace: readonly CheckOutcome[];
    }
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason;
      readonly policy: LimitPolicy;
      readonly trace: readonly CheckOutcome[];
    }
  | { readonly kind: 'undecided'; readonly need: Need; readonly trace: readonly CheckOutcome[] };

export type Refusal = Extract<Verdict, { kind: 'refused' }>;
