/** The kinds of namespaces(7), each with its CLONE_NEW* of linux/sched.h. */
export const NAMESPACES = {
  cgroup: 0x0200_0000,
  ipc: 0x0800_0000,
  mnt: 0x0002_0000,
  net: 0x4000_0000,
  pid: 0x2000_0000,
  time: 0x0000_0080,
  user: 0x1000_0000,
  uts: 0x0400_0000,
} as const;

export type NamespaceName = keyof typeof NAMESPACES;

export const NAMESPACE_NAMES: readonly NamespaceName[] = Object.keys(NAMESPACES) as NamespaceName[];
