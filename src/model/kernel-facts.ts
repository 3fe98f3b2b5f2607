import type { NamespaceName } from './namespace.ts';

/** What the kernel, as this machine has it, offers to sandboxes. It travels as JSON. */
export interface KernelFacts {
  /** The version of Landlock's interface; 0: there is none. */
  readonly landlock: number;
  /** Whether it takes filters of system calls. */
  readonly seccomp: boolean;
  /** The modules that confine programs by a policy of the machine. */
  readonly apparmor: boolean;
  readonly selinux: boolean;
  /** The kinds of namespaces that can be made. */
  readonly namespaces: readonly NamespaceName[];
}
