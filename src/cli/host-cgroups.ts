import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupPlace, HostCgroups } from '../config/host-cgroups.ts';
import { CGROUP_CONTROLLERS, type CgroupController } from '../model/cgroup.ts';
import { type CgroupFacts, wordsOf } from './cgroup-facts.ts';

function known(names: readonly string[]): ReadonlySet<CgroupController> {
  return new Set(CGROUP_CONTROLLERS.filter((name) => names.includes(name)));
}

function servicesIn(base: string, directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.startsWith('service-'))
      .map((name) => `${base}/${name}`);
  } catch {
    return [];
  }
}

/** What `run` found, and what zinetd has made of it since. */
function placeOf(facts: CgroupFacts, { isReload }: { readonly isReload: boolean }): CgroupPlace {
  const { root, base, lack, isTop, controllers, given } = facts;
  const directory = join(root, base);
  const isMade = existsSync(directory);
  return {
    ...{ root, base, lack, isMade },
    controllers: known(controllers),
    given: known(given),
    active: known(wordsOf(join(directory, 'cgroup.subtree_control'))),
    present: servicesIn(base, directory),
    isLate: isReload && !isMade && !isTop,
  };
}

/** The tree as the configuration may use it; what is not the daemon's compiler knows no place in it. */
export function hostCgroups(
  facts: CgroupFacts | undefined,
  options: { readonly isDaemon: boolean; readonly isReload: boolean },
): HostCgroups {
  if (!facts) return { isThere: false, canKill: false, offered: known([]), place: undefined };
  const place = options.isDaemon ? placeOf(facts, options) : undefined;
  return { isThere: true, canKill: facts.canKill, offered: known(facts.offered), place };
}
