import type { KernelFacts } from '../../model/kernel-facts.ts';
import type { NamespaceName } from '../../model/namespace.ts';
import type { AttributeName } from '../document.ts';
import { LANDLOCK_WITH_TRUNCATE } from './plan-landlock.ts';

/** Something that not every kernel has, or that a machine can switch off. */
export interface KernelFeature {
  readonly name: string;
  /** What cannot be had without it. */
  readonly attributes: readonly AttributeName[];
  readonly isThere: (kernel: KernelFacts) => boolean;
  /** Only where the paths of a service are done in this way. */
  readonly way?: 'mounts' | 'Landlock';
  /** How the machine gets it. */
  readonly advice: string;
}

/** Of the interface of Landlock that has scopes. */
const LANDLOCK_WITH_SCOPES = 6;

const OF_PATHS = [
  ...(['protect_system', 'protect_home', 'read_only_paths', 'read_write_paths'] as const),
  'exec_paths',
] as const;

function namespace(kind: NamespaceName, attributes: readonly AttributeName[]): KernelFeature {
  return {
    name: `namespaces of the kind "${kind}"`,
    attributes,
    isThere: ({ namespaces }) => namespaces.includes(kind),
    advice: `/proc/sys/user/max_${kind}_namespaces says how many there may be`,
  };
}

/** Each is one row; what asks for one of the attributes is refused or goes without (within-kernel.ts). */
export const KERNEL_FEATURES: readonly KernelFeature[] = [
  {
    name: 'scopes of Landlock',
    attributes: ['scoped'],
    isThere: ({ landlock }) => landlock >= LANDLOCK_WITH_SCOPES,
    advice: 'Linux 6.12 and newer have them, unless "lsm=" of its command line leaves out "landlock"',
  },
  {
    name: 'Landlock for all that changes files',
    attributes: OF_PATHS,
    isThere: ({ landlock }) => landlock >= LANDLOCK_WITH_TRUNCATE,
    way: 'Landlock',
    advice: 'Linux 6.2 and newer have it, unless "lsm=" of its command line leaves out "landlock"',
  },
  {
    name: 'filters of system calls',
    attributes: [
      ...([
        'system_calls',
        'restrict_address_families',
        'restrict_namespaces',
        'restrict_suid_sgid',
      ] as const),
      ...(['restrict_realtime', 'lock_personality', 'memory_deny_write_execute'] as const),
    ],
    isThere: ({ seccomp }) => seccomp,
    advice: 'they are CONFIG_SECCOMP_FILTER of a kernel',
  },
  {
    name: 'AppArmor',
    attributes: ['apparmor_profile'],
    isThere: ({ apparmor }) => apparmor,
    advice: 'CONFIG_SECURITY_APPARMOR of a kernel has it, with "apparmor" in "lsm=" of its command line',
  },
  {
    name: 'SELinux',
    attributes: ['selinux_context'],
    isThere: ({ selinux }) => selinux,
    advice: 'it is to be on, with its file system at /sys/fs/selinux',
  },
  {
    ...namespace('mnt', [...OF_PATHS, 'credentials', 'private_tmp', 'private_pids']),
    way: 'mounts',
  },
  namespace('net', ['private_network']),
  namespace('pid', ['private_pids']),
  namespace('ipc', ['private_ipc']),
];
