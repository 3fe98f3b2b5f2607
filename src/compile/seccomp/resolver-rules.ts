import type { Rule } from './rule.ts';
import { WORKER_RULES } from './worker-rules.ts';

/**
 * AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: the name services of the C library ask daemons, name servers and, for
 * the order of addresses, the kernel.
 */
const FAMILIES = [1, 2, 10, 16];

/**
 * What the resolver may not do from its first instruction on. It makes sockets of its own and connects them;
 * binding is needed for netlink, and Landlock keeps it from ports of TCP.
 */
export const RESOLVER_RULES: readonly Rule[] = [
  ...FAMILIES.map(
    (family): Rule => ({
      syscall: 'socket',
      action: 'allow',
      when: [{ argument: 0, test: 'equals', value: family }],
    }),
  ),
  { syscall: 'socket', action: 'EPERM' },
  { syscall: 'socketpair', action: 'EPERM' },
  ...WORKER_RULES,
];
