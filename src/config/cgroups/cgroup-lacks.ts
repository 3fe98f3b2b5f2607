import type { CgroupController } from '../../model/cgroup.ts';
import type { CgroupLack, CgroupPlace, HostCgroups } from '../host-cgroups.ts';
import { quote } from '../quote.ts';
import type { CgroupName } from '../schema-cgroup.ts';
import type { Settings } from '../settings.ts';
import { cgroupWishes } from './cgroup-wishes.ts';

/** What cannot be had, why, and what to do. */
export interface CgroupLacking {
  readonly attribute: CgroupName;
  readonly reason: string;
  readonly advice: string;
}

type Lack = Omit<CgroupLacking, 'attribute'>;

const DELEGATE =
  'write "Delegate=yes" in the unit, and "ProtectControlGroups=no"; or give the container a writable /sys/fs/cgroup of its own ("--cgroupns=private")';

const REASONS: Readonly<Record<CgroupLack, (root: string) => string>> = {
  hidden: () => 'the cgroup of zinetd is out of sight',
  'read-only': (root) => `zinetd cannot write to its cgroup, ${quote(root)}`,
  'not-delegated': (root) => `the cgroup of zinetd, ${quote(root)}, is systemd's`,
  shared: (root) => `the cgroup of zinetd, ${quote(root)}, has other processes in it`,
};

function lackOfPlace(place: CgroupPlace, controller: CgroupController | undefined): Lack | undefined {
  if (place.lack) return { reason: REASONS[place.lack](place.root), advice: DELEGATE };
  if (controller === undefined) return undefined;
  if (!place.controllers.has(controller)) {
    const reason = `the cgroup of zinetd, ${quote(place.root)}, has no controller ${quote(controller)}`;
    return { reason, advice: DELEGATE };
  }
  if (!place.isLate) return undefined;
  const reason = 'zinetd was started without any such limit, and is itself where it would be needed';
  return { reason, advice: 'restart zinetd' };
}

/** Of a limit of the controller, or without one of any cgroup; undefined where there is nothing in the way. */
function lackOf(cgroups: HostCgroups, controller: CgroupController | undefined): Lack | undefined {
  if (!cgroups.isThere) {
    const reason = 'there are no cgroups of version 2';
    return { reason, advice: 'mount them: "mount -t cgroup2 none /sys/fs/cgroup"' };
  }
  if (controller !== undefined && !cgroups.offered.has(controller)) {
    const reason = `cgroups of version 2 have no controller ${quote(controller)} here`;
    return { reason, advice: `start the kernel with "cgroup_no_v1=${controller}", or use "rlimits"` };
  }
  if (controller === undefined && !cgroups.canKill) {
    return { reason: 'this kernel cannot end what is in a cgroup', advice: 'Linux 5.14 and newer can' };
  }
  return cgroups.place && lackOfPlace(cgroups.place, controller);
}

/** What a service asks of cgroups and cannot have. */
export function cgroupLacks(
  { settings }: { readonly settings: Settings },
  cgroups: HostCgroups | undefined,
): readonly CgroupLacking[] {
  if (!cgroups) return [];
  return cgroupWishes(settings).flatMap(({ attribute, limit }) => {
    const lack = lackOf(cgroups, limit?.controller);
    return lack ? [{ attribute, ...lack }] : [];
  });
}
