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

function isStrict({ layered }: AuditFacts): boolean {
  return layered.settings.protect_system?.value === 'strict';
}

function judgeSystem(facts: AuditFacts): Judgement {
  if (facts.program.sandbox?.landlock && isStrict(facts)) {
    return { exposed: 0.1, says: 'everything is read-only but for modes and owners of files' };
  }
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

/** What is in an environment goes to all that a handler starts, and what is in a file to whoever is its user. */
function judgeSecrets({ layered: { settings }, sharers }: AuditFacts): Judgement {
  if (settings.env_file)
    return { exposed: 1, says: 'what its env_file has is in the environment of all that it starts' };
  if (!settings.credentials) return { exposed: 0, says: 'nothing secret is given to it by a file' };
  const [other] = sharers;
  if (other !== undefined) return { exposed: 0.5, says: `handlers of "${other}" can reach its credentials` };
  return { exposed: 0, says: 'its credentials are its own' };
}

function judgeUmask({ program: { umask } }: AuditFacts): Judgement {
  if ((umask & FOR_ALL_BUT_OWNER) === FOR_ALL_BUT_OWNER) {
    return { exposed: 0, says: 'its files are its own' };
  }
  return (umask & TO_WRITE) === TO_WRITE
    ? { exposed: 0.4, says: 'others can read its files' }
    : { exposed: 1, says: 'others can write to its files' };
}

function judgeExecution({ layered: { settings }, program }: AuditFacts): Judgement {
  const paths = settings.exec_paths?.value;
  if (!paths || paths.includes('/')) return { exposed: 1, says: 'it can execute what it has written' };
  if (program.sandbox?.landlock) {
    return { exposed: 0.4, says: 'it executes what is in a list of paths, or what their loader starts' };
  }
  return { exposed: 0, says: 'it executes what is in a list of paths' };
}

/** What of the file system a handler sees and can change. */
export const FILE_CHECKS: readonly AuditCheck[] = [
  { attribute: 'protect_system', weight: 10, judge: judgeSystem, advice: 'protect_system: strict' },
  { attribute: 'protect_home', weight: 5, judge: judgeHome, advice: 'protect_home: true' },
  switchCheck('private_tmp', {
    weight: 4,
    says: ['its /tmp is its own', 'it shares /tmp with everybody'],
  }),
  {
    attribute: 'exec_paths',
    weight: 3,
    judge: judgeExecution,
    advice: 'exec_paths: [/usr/bin, /usr/sbin, /usr/lib, /usr/lib64]',
  },
  {
    attribute: 'credentials',
    weight: 2,
    judge: judgeSecrets,
    advice: 'credentials: {NAME: {path: /etc/zinetd/NAME, optional: true}}',
  },
  { attribute: 'umask', weight: 2, judge: judgeUmask, advice: 'umask: "077"' },
];
