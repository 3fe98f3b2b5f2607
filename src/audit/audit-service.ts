import type { AuditCheck } from './audit-check.ts';
import type { AuditFacts } from './audit-facts.ts';
import { CGROUP_CHECKS } from './cgroup-checks.ts';
import { FILE_CHECKS } from './file-checks.ts';
import { IDENTITY_CHECKS } from './identity-checks.ts';
import { KERNEL_CHECKS } from './kernel-checks.ts';
import { REACH_CHECKS } from './reach-checks.ts';

export const AUDIT_CHECKS: readonly AuditCheck[] = [
  ...IDENTITY_CHECKS,
  ...REACH_CHECKS,
  ...CGROUP_CHECKS,
  ...FILE_CHECKS,
  ...KERNEL_CHECKS,
];

const MOST_EXPOSURE = 10;
const ALL_WEIGHT = AUDIT_CHECKS.reduce((sum, { weight }) => sum + weight, 0);

export type AuditLevel = 'safe' | 'fair' | 'exposed' | 'unsafe';

/** From the least exposure on; more than all of them is unsafe. */
const LEVELS: readonly { readonly level: AuditLevel; readonly most: number }[] = [
  { level: 'safe', most: 2 },
  { level: 'fair', most: 4 },
  { level: 'exposed', most: 7 },
];

export interface AuditFinding {
  readonly setting: string;
  /** What it adds to the exposure of the service. */
  readonly adds: number;
  readonly says: string;
  /** Undefined where there is nothing to add. */
  readonly write: string | undefined;
}

export interface Audit {
  readonly service: string;
  /** From 0, nothing is left open, to 10. */
  readonly exposure: number;
  readonly level: AuditLevel;
  /** What adds most comes first. */
  readonly findings: readonly AuditFinding[];
}

function findingOf({ attribute, weight, judge, advice }: AuditCheck, facts: AuditFacts): AuditFinding {
  const { exposed, says } = judge(facts);
  const adds = (MOST_EXPOSURE * weight * exposed) / ALL_WEIGHT;
  return { setting: attribute, adds, says, write: adds > 0 ? advice : undefined };
}

/** How much of the machine is open to the handler of a service, should it be taken over. */
export function auditService(facts: AuditFacts): Audit {
  const findings = AUDIT_CHECKS.map((check) => findingOf(check, facts));
  const exposure = findings.reduce((sum, { adds }) => sum + adds, 0);
  const found = LEVELS.find(({ most }) => exposure <= most);
  return {
    service: facts.layered.name,
    exposure,
    level: found?.level ?? 'unsafe',
    findings: findings.toSorted((a, b) => b.adds - a.adds),
  };
}
