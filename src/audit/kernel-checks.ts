import { callsOf } from '../model/calls-of.ts';
import type { Restriction } from '../model/handler-filter.ts';
import { NAMESPACE_NAMES } from '../model/namespace.ts';
import type { SyscallGroupName } from '../model/syscall-groups.ts';
import type { AuditCheck, Judgement } from './audit-check.ts';
import type { AuditFacts } from './audit-facts.ts';
import { switchCheck } from './switch-check.ts';

/** What ordinary programs do without, and attacks on the kernel do not. */
const DANGEROUS: readonly SyscallGroupName[] = [
  ...(['@clock', '@cpu-emulation', '@debug', '@module', '@mount', '@obsolete'] as const),
  ...(['@privileged', '@raw-io', '@reboot', '@resources', '@swap'] as const),
];
const MOST_NAMED = 2;

function judgeCalls({ filter, layered }: AuditFacts): Judgement {
  if (!filter || !layered.settings.system_calls) return { exposed: 1, says: 'it may make any system call' };
  const denied = new Set(filter.denied.map(({ name }) => name));
  const left = DANGEROUS.filter((group) => callsOf(group).some((name) => !denied.has(name)));
  if (left.length === 0) return { exposed: 0, says: 'no call that is dangerous is allowed' };
  const more = left.length > MOST_NAMED ? ` and ${left.length - MOST_NAMED} more` : '';
  const says = `calls of ${left.slice(0, MOST_NAMED).join(', ')}${more} are allowed`;
  return { exposed: left.length / DANGEROUS.length, says };
}

function judgeNamespaces({ filter }: AuditFacts): Judgement {
  const denied = filter?.deniedNamespaces ?? [];
  if (denied.length === NAMESPACE_NAMES.length) return { exposed: 0, says: 'it can make no namespaces' };
  // A user namespace is the way to all others.
  if (!denied.includes('user')) return { exposed: 1, says: 'it can be root in a namespace' };
  return { exposed: 0.3, says: 'it can make some namespaces' };
}

function judgeFamilies({ filter }: AuditFacts): Judgement {
  const families = filter?.families;
  if (!families) return { exposed: 1, says: 'it can make sockets of all families' };
  if (families.kind === 'deny') return { exposed: 0.6, says: 'it can make sockets of most families' };
  const isNone = families.families.length === 0;
  return { exposed: 0, says: isNone ? 'it can make no sockets' : 'it can make sockets of few families' };
}

function restricted(
  name: Restriction,
  options: { readonly weight: number; readonly says: readonly [on: string, off: string] },
): AuditCheck {
  const isOn = ({ filter }: AuditFacts): boolean => filter?.restrictions.includes(name) === true;
  return switchCheck(name, { ...options, isOn });
}

/** What a handler can ask of the kernel, and whom it can reach by it. */
export const KERNEL_CHECKS: readonly AuditCheck[] = [
  {
    attribute: 'system_calls',
    weight: 12,
    judge: judgeCalls,
    advice: 'system_calls: ["@system-service", "~@privileged", "~@resources"]',
  },
  switchCheck('private_network', {
    weight: 6,
    says: ['it has its connection and no network', 'it can connect to wherever it likes'],
  }),
  {
    attribute: 'restrict_address_families',
    weight: 5,
    judge: judgeFamilies,
    advice: 'restrict_address_families: [AF_UNIX, AF_INET, AF_INET6]',
  },
  {
    attribute: 'restrict_namespaces',
    weight: 5,
    judge: judgeNamespaces,
    advice: 'restrict_namespaces: true',
  },
  switchCheck('private_pids', { weight: 4, says: ['it sees its own processes', 'it sees all processes'] }),
  switchCheck('scoped', {
    weight: 3,
    says: ['it signals its own processes', 'it can signal those of its user'],
  }),
  switchCheck('private_ipc', { weight: 2, says: ['it has its own IPC', 'it shares System V IPC'] }),
  restricted('memory_deny_write_execute', {
    weight: 4,
    says: ['it executes nothing that it wrote', 'it can execute what it wrote to memory'],
  }),
  restricted('restrict_suid_sgid', {
    weight: 3,
    says: ['it can make no setuid files', 'it can make setuid files'],
  }),
  restricted('restrict_realtime', {
    weight: 2,
    says: ['it is scheduled as others are', 'it can be scheduled ahead of others'],
  }),
  restricted('lock_personality', {
    weight: 2,
    says: ['its personality stays', 'it can take on other personalities'],
  }),
];
