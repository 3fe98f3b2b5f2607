import type { Capability } from '../../model/capability.ts';
import type { HandlerFilter } from '../../model/handler-filter.ts';
import type { Sandbox } from '../../model/sandbox.ts';
import type { Identity } from '../../model/service.ts';
import { call } from './call.ts';
import { CLONE, PR } from './kernel.ts';
import { planCapabilities } from './plan-capabilities.ts';
import { type Credential, planCredentials } from './plan-credentials.ts';
import { planLabels } from './plan-labels.ts';
import { isByLandlock, planLandlock } from './plan-landlock.ts';
import { needsMounts, planMounts } from './plan-mounts.ts';
import type { Wishes } from './wishes.ts';

function namespacesOf(wishes: Wishes, isMounting: boolean): number {
  const wanted: readonly (readonly [boolean, number])[] = [
    [isMounting, CLONE.NEWNS],
    [wishes.privateNetwork, CLONE.NEWNET],
    [wishes.privatePids, CLONE.NEWPID],
    [wishes.privateIpc, CLONE.NEWIPC],
  ];
  return wanted.reduce((flags, [isWanted, flag]) => (isWanted ? flags | flag : flags), 0);
}

/** What the wishes are fulfilled with. */
interface Given {
  readonly own: ReadonlySet<Capability>;
  readonly filter: HandlerFilter | undefined;
  readonly credentials: readonly Credential[];
  readonly identity: Identity | undefined;
}

/** What the child has to do for the wishes, in its order; undefined where that is nothing. */
export function planSandbox(
  wishes: Wishes,
  { own, filter, credentials, identity }: Given,
): Sandbox | undefined {
  const { capabilities, chroot, noNewPrivileges, isScoped } = wishes;
  const canBound = own.has('CAP_SETPCAP');
  const isMounting = needsMounts(wishes) && !isByLandlock(wishes, own);
  const landlock = planLandlock(wishes, own);
  // Without it, seccomp(2) and landlock_restrict_self(2) are for root.
  const isSealed = noNewPrivileges || isScoped || landlock !== undefined || filter !== undefined;
  // Most sandboxes are: 42 calls fewer at each launch.
  const isBare = isSealed && canBound && capabilities?.length === 0;
  const calls = [
    ...planLabels(wishes),
    ...(isMounting ? planMounts(wishes) : []),
    ...planCredentials(credentials, { wishes, identity }),
    ...(chroot === undefined ? [] : [call('chroot', [chroot])]),
    ...(capabilities ? planCapabilities(capabilities, { isBounded: isBare || !canBound }) : []),
    ...(isSealed && !isBare ? [call('prctl', [PR.SET_NO_NEW_PRIVS, 1, 0, 0, 0], { isLate: true })] : []),
  ];
  const namespaces = namespacesOf(wishes, isMounting);
  const isNothing = namespaces === 0 && calls.length === 0 && !isScoped && !landlock && !filter;
  return isNothing ? undefined : { namespaces, isBare, calls, isScoped, landlock, filter };
}
