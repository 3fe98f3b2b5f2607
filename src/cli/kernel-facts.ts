import { existsSync, readFileSync } from 'node:fs';
import type { KernelFacts } from '../model/kernel-facts.ts';
import { NAMESPACE_NAMES, type NamespaceName } from '../model/namespace.ts';
import type { Binding } from '../native/binding.ts';

/** Each kind that the kernel has is a file there. */
const NAMESPACES = '/proc/self/ns';
const APPARMOR = '/sys/module/apparmor/parameters/enabled';
/** Of selinuxfs, which is there where SELinux is on. */
const SELINUX = '/sys/fs/selinux/enforce';

/** Undefined where there is no such file, and no telling why. */
function wordIn(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Without /proc nobody says, and launches find out. */
function canBeMade(kind: NamespaceName): boolean {
  return (
    !existsSync(NAMESPACES) ||
    (existsSync(`${NAMESPACES}/${kind}`) && wordIn(`/proc/sys/user/max_${kind}_namespaces`) !== '0')
  );
}

/** What this kernel offers to sandboxes. */
export function kernelFacts(binding: Binding): KernelFacts {
  return {
    landlock: Math.max(0, binding.landlockVersion()),
    seccomp: binding.hasSeccomp() === 1,
    apparmor: wordIn(APPARMOR) === 'Y',
    selinux: existsSync(SELINUX),
    namespaces: NAMESPACE_NAMES.filter(canBeMade),
  };
}
