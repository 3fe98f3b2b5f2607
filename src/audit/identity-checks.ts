import type { Capability } from '../model/capability.ts';
import type { AuditCheck, Judgement } from './audit-check.ts';
import type { AuditFacts } from './audit-facts.ts';
import { switchCheck } from './switch-check.ts';

/** Each of them is as good as root, or nearly. */
const STRONG: ReadonlySet<Capability> = new Set([
  ...([
    'CAP_SYS_ADMIN',
    'CAP_SYS_MODULE',
    'CAP_SYS_PTRACE',
    'CAP_SYS_RAWIO',
    'CAP_SYS_BOOT',
    'CAP_BPF',
  ] as const),
  ...([
    'CAP_SETUID',
    'CAP_SETGID',
    'CAP_SETPCAP',
    'CAP_SETFCAP',
    'CAP_DAC_OVERRIDE',
    'CAP_DAC_READ_SEARCH',
  ] as const),
  ...([
    'CAP_CHOWN',
    'CAP_FOWNER',
    'CAP_MKNOD',
    'CAP_SYS_CHROOT',
    'CAP_MAC_ADMIN',
    'CAP_MAC_OVERRIDE',
  ] as const),
]);
/** By convention, and so many programs' that none of them is safe from the others. */
const NOBODY = 65_534;
/** Where a process says what it will be once it executes something: AppArmor, SELinux. */
const LABELS = '/proc/self/attr/';
const PRICE_OF_WEAK = 0.15;

function judgeUser({ isRoot, program, sharers }: AuditFacts): Judgement {
  if (isRoot) return { exposed: 1, says: 'it runs as root' };
  if (program.identity?.uid === NOBODY)
    return { exposed: 0.4, says: 'it runs as nobody, as other programs do' };
  const [other] = sharers;
  if (other !== undefined) return { exposed: 0.3, says: `it runs as the same user as "${other}"` };
  return { exposed: 0, says: 'it has a user of its own' };
}

function hasNoNewPrivileges({ layered, filter }: AuditFacts): boolean {
  const { no_new_privileges: written, scoped } = layered.settings;
  return filter !== undefined || written?.value === true || scoped?.value === true;
}

function judgeCapabilities(facts: AuditFacts): Judgement {
  const kept = facts.layered.settings.capabilities?.value;
  if (kept) {
    const strong = kept.find((name) => STRONG.has(name));
    if (strong !== undefined) return { exposed: 0.8, says: `it has ${strong}, which leads to others` };
    const says = kept.length === 0 ? 'it has none, and can have none' : `it has ${kept.join(', ')}`;
    return { exposed: Math.min(0.6, PRICE_OF_WEAK * kept.length), says };
  }
  if (facts.isRoot) return { exposed: 1, says: 'it has all of root' };
  if (hasNoNewPrivileges(facts)) return { exposed: 0, says: 'it has none, and no way to any' };
  return { exposed: 0.3, says: 'it has none, but programs that it starts can' };
}

/** By what the child tells the kernel: a kernel without either is told nothing. */
function isLabelled({ program: { sandbox } }: AuditFacts): boolean {
  return (
    sandbox?.calls.some(({ name, args }) => name === 'write' && String(args[0]).startsWith(LABELS)) === true
  );
}

/** Who a handler is, and what that is worth. */
export const IDENTITY_CHECKS: readonly AuditCheck[] = [
  { attribute: 'user', weight: 15, judge: judgeUser, advice: 'dynamic_user: true' },
  { attribute: 'capabilities', weight: 10, judge: judgeCapabilities, advice: 'capabilities: []' },
  switchCheck('no_new_privileges', {
    weight: 8,
    isOn: hasNoNewPrivileges,
    says: ['nothing that it starts gives it more', 'a setuid program gives it more'],
  }),
  {
    ...switchCheck('apparmor_profile', {
      weight: 2,
      isOn: isLabelled,
      says: [
        'a policy of the machine confines it',
        'no policy of AppArmor or SELinux is asked to confine it',
      ],
    }),
    advice: 'apparmor_profile: NAME',
  },
];
