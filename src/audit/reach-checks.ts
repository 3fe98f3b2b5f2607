import type { AuditCheck, Judgement } from './audit-check.ts';
import type { AuditFacts } from './audit-facts.ts';

function judgeAccess({ isOpen, layered: { settings } }: AuditFacts): Judgement {
  if (!isOpen) return { exposed: 0, says: 'only this machine reaches it' };
  if (settings.only_from) return { exposed: 0, says: 'those of a list may come' };
  if (settings.hosts_access && settings.hosts_access.value !== false)
    return { exposed: 0.2, says: 'hosts.allow and hosts.deny say who may come' };
  if (settings.no_access) return { exposed: 0.7, says: 'all but those of a list may come' };
  return { exposed: 1, says: 'everybody may come' };
}

function judgeRate({ isOpen, layered: { settings } }: AuditFacts): Judgement {
  const isLimited = [settings.rate_per_source, settings.per_source].some(
    (limit) => limit !== undefined && limit.value !== 'UNLIMITED',
  );
  if (isLimited) return { exposed: 0, says: 'one client can have so much' };
  return isOpen
    ? { exposed: 1, says: 'one client can have half of everything' }
    : { exposed: 0.3, says: 'one program here can have half of everything' };
}

function judgeLimits({ layered: { rlimits } }: AuditFacts): Judgement {
  const open = (['as', 'nproc'] as const).filter(
    (name) => (rlimits.get(name)?.value ?? 'unlimited') === 'unlimited',
  );
  if (open.length === 0) return { exposed: 0, says: 'its memory and its processes have a limit' };
  const what = open.map((name) => (name === 'as' ? 'memory' : 'processes')).join(' and ');
  return { exposed: open.length / 2, says: `its ${what} have no limit` };
}

/** Who can talk to a handler, and how much there is to have. */
export const REACH_CHECKS: readonly AuditCheck[] = [
  { attribute: 'only_from', weight: 8, judge: judgeAccess, advice: 'only_from: [192.0.2.0/24]' },
  {
    attribute: 'rate_per_source',
    weight: 3,
    judge: judgeRate,
    advice: 'rate_per_source: {count: 30, per: 1m}',
  },
  { attribute: 'rlimits', weight: 4, judge: judgeLimits, advice: 'rlimits: {as: 256m, nproc: 50}' },
];
