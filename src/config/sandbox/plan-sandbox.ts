import type { Capability } from '../../model/capability.ts';
import type { Sandbox } from '../../model/sandbox.ts';
import { call } from './call.ts';
import { CLONE, PR } from './kernel.ts';
import { planCapabilities } from './plan-capabilities.ts';
import { needsMounts, planMounts } from './plan-mounts.ts';
import type { Wishes } from './wishes.ts';

const NO_FILTER = new Uint8Array(0);

function namespacesOf(wishes: Wishes): number {
  const wanted: readonly (readonly [boolean, number])[] = [
    [needsMounts(wishes), CLONE.NEWNS],
    [wishes.privateNetwork, CLONE.NEWNET],
    [wishes.privatePids, CLONE.NEWPID],
    [wishes.privateIpc, CLONE.NEWIPC],
  ];
  return wanted.reduce((flags, [isWanted, flag]) => (isWanted ? flags | flag : flags), 0);
}

/** What the child has to do for the wishes, in its order; undefined where that is nothing. */
export function planSandbox(
  wishes: Wishes,
  {
    own,
    filter = NO_FILTER,
  }: { readonly own: ReadonlySet<Capability>; readonly filter?: Uint8Array | undefined },
): Sandbox | undefined {
  const { capabilities, chroot, noNewPrivileges, isScoped } = wishes;
  const calls = [
    ...planMounts(wishes),
    ...(chroot === undefined ? [] : [call('chroot', [chroot])]),
    ...(capabilities ? planCapabilities(capabilities, { canBound: own.has('CAP_SETPCAP') }) : []),
    ...(noNewPrivileges ? [call('prctl', [PR.SET_NO_NEW_PRIVS, 1, 0, 0, 0], { isLate: true })] : []),
  ];
  const landlock = isScoped ? { rights: 0, rules: [], isScoped } : undefined;
  if (calls.length === 0 && !landlock && filter.length === 0) return undefined;
  return { namespaces: namespacesOf(wishes), calls, landlock, filter };
}
