import type { AuditCheck, Judgement } from './audit-check.ts';
import type { AuditFacts } from './audit-facts.ts';
import { switchCheck } from './switch-check.ts';

const FOR_ALL_BUT_OWNER = 0o077;
const TO_WRITE = 0o022;

const SYSTEM: ReadonlyMap<unknown, Judgement> = new Map<unknown, Judgement>([
  ['strict', { exposed: 0, says: 'everything is read-only' }],
  ['full', { exposed: 0.3, says: '/usr, /boot and /etc are read-only' }],
  [true, { exposed: 0.5, says: '/usr and /boot are read-only' }],
]);

const HOME: ReadonlyMap<unknown, Judgement> = new Map<unknown, Judgement>([
  [true, { exposed: 0, says: 'home directories are empty' }],
  ['read-only', { exposed: 0.4, says: 'home directories can be read' }],
]);

/** A root of its own leaves little of either in sight, to whom it holds. */
function isJailed({ layered, isRoot }: AuditFacts): boolean {
  return layered.settings.chroot !== undefined && !isRoot;
}

function judgeSystem(facts: AuditFacts): Judgement {
  const found = SYSTEM.get(facts.layered.settings.protect_system?.value);
  if (found) return found;
  if (isJailed(facts)) return { exposed: 0.2, says: 'it sees what is below its own root' };
  return { exposed: 1, says: 'it can write wherever its user can' };
}

function judgeHome(facts: AuditFacts): Judgement {
  const found = HOME.get(facts.layered.settings.protect_home?.value);
  if (found) return found;
  if (isJailed(facts)) return { exposed: 0.2, says: 'it sees what is below its own root' };
  return { exposed: 1, says: 'it can read home directories' };
}

function judgeUmask({ program: { umask } }: AuditFacts): Judgement {
  if ((umask & FOR_ALL_BUT_OWNER) === FOR_ALL_BUT_OWNER) {
    return { exposed: 0, says: 'its files are its own' };
  }
  return (umask & TO_WRITE) === TO_WRITE
    ? { exposed: 0.4, says: 'others can read its files' }
    : { exposed: 1, says: 'others can write to its files' };
}

/** What of the file system a handler sees and can change. */
export const FILE_CHECKS: readonly AuditCheck[] = [
  { attribute: 'protect_system', weight: 10, judge: judgeSystem, advice: 'protect_system: strict' },
  { attribute: 'protect_home', weight: 5, judge: judgeHome, advice: 'protect_home: true' },
  switchCheck('private_tmp', {
    weight: 4,
    says: ['its /tmp is its own', 'it shares /tmp with everybody'],
  }),
  { attribute: 'umask', weight: 2, judge: judgeUmask, advice: 'umask: "077"' },
];
