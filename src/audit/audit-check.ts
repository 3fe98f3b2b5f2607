import type { AttributeName } from '../config/document.ts';
import type { AuditFacts } from './audit-facts.ts';

export interface Judgement {
  /** 0: nothing is left open, 1: everything. */
  readonly exposed: number;
  readonly says: string;
}

/** One thing that a handler can be kept from. */
export interface AuditCheck {
  readonly attribute: AttributeName;
  /** How much it counts, beside all others. */
  readonly weight: number;
  readonly judge: (facts: AuditFacts) => Judgement;
  /** What to write for better, or for an example of it. */
  readonly advice: string;
}
