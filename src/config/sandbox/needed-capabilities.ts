import type { Capability } from '../../model/capability.ts';
import type { AttributeName } from '../document.ts';
import { onlyByMounts } from './plan-landlock.ts';
import type { Wishes } from './wishes.ts';

/** What zinetd itself must have for a wish, and the attribute that the wish is written as. */
export interface Need {
  readonly attribute: AttributeName;
  readonly capability: Capability;
}

/** Capabilities without which the child could not do its calls: clone(2), mount(2), chroot(2), capset(2). */
export function neededCapabilities(
  wishes: Wishes,
  written: (name: AttributeName) => boolean,
): readonly Need[] {
  // What else mounts do is done by Landlock without it.
  const mounts = onlyByMounts(wishes).filter(written);
  const namespaces = [
    ...(wishes.privateNetwork ? (['private_network'] as const) : []),
    ...(wishes.privateIpc ? (['private_ipc'] as const) : []),
  ];
  const admin = [...mounts, ...namespaces].map((attribute) => ({
    attribute,
    capability: 'CAP_SYS_ADMIN' as const,
  }));
  const chroot =
    wishes.chroot === undefined ? [] : [{ attribute: 'chroot', capability: 'CAP_SYS_CHROOT' } as const];
  const given = wishes.hasCredentials ? [{ attribute: 'credentials', capability: 'CAP_CHOWN' } as const] : [];
  const kept = (wishes.capabilities ?? []).map(
    (capability) => ({ attribute: 'capabilities', capability }) as const,
  );
  return [...admin, ...chroot, ...given, ...kept];
}
