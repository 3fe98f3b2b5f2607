import {
  CGROUP_CONTROLLERS,
  type CgroupController,
  type CgroupStep,
  type CgroupTree,
  LIMIT_FILES,
  type ServiceCgroup,
} from '../../model/cgroup.ts';
import type { CgroupPlace, HostCgroups } from '../host-cgroups.ts';

const SUBTREE = 'cgroup.subtree_control';
const NO_LIMIT = 'max';

const make = (path: string): CgroupStep => ({ step: 'make', path });
const remove = (path: string): CgroupStep => ({ step: 'remove', path });
const write = (path: string, text: string): CgroupStep => ({ step: 'write', path, text });

function toggle(
  path: string,
  sign: '+' | '-',
  controllers: readonly CgroupController[],
): readonly CgroupStep[] {
  return controllers.length === 0 ? [] : [write(path, controllers.map((name) => sign + name).join(' '))];
}

/** Limits that are written no more are taken back. */
function stepsOf(
  { path, limits }: ServiceCgroup,
  controllers: readonly CgroupController[],
): readonly CgroupStep[] {
  const files = controllers.map((name) => write(`${path}/${LIMIT_FILES[name]}`, limits[name] ?? NO_LIMIT));
  return [make(path), ...files];
}

/**
 * The cgroup that controllers are switched on for must have no process in it, so that the spawner goes into one of its
 * own first: "0" is whoever writes it. The dispatcher, and what has no cgroup, follow it there.
 */
function planSteps(
  cgroups: readonly ServiceCgroup[],
  options: {
    readonly place: CgroupPlace;
    readonly controllers: readonly CgroupController[];
    readonly old: readonly string[];
  },
): readonly CgroupStep[] {
  const { place, controllers, old } = options;
  return [
    ...old.map(remove),
    ...[place.base, `${place.base}/self`].map(make),
    write(`${place.base}/self/cgroup.procs`, '0'),
    ...toggle(SUBTREE, '+', controllers),
    ...toggle(`${place.base}/${SUBTREE}`, '+', controllers),
    ...cgroups.flatMap((cgroup) => stepsOf(cgroup, controllers)),
  ];
}

function planEnd(
  paths: readonly string[],
  { place, controllers }: { readonly place: CgroupPlace; readonly controllers: readonly CgroupController[] },
): readonly CgroupStep[] {
  const ours = controllers.filter((name) => !place.given.has(name));
  return [
    ...paths.map(remove),
    ...toggle(`${place.base}/${SUBTREE}`, '-', controllers),
    ...toggle(SUBTREE, '-', ours),
    write('cgroup.procs', '0'),
    ...[`${place.base}/self`, place.base].map(remove),
  ];
}

/** Undefined where nobody wants a cgroup, nor has had one. */
export function planTree(
  cgroups: readonly ServiceCgroup[],
  host: HostCgroups | undefined,
): CgroupTree | undefined {
  const place = host?.place;
  if (!place || place.lack || (cgroups.length === 0 && !place.isMade)) return undefined;
  const wanted = new Set(cgroups.flatMap(({ limits }) => Object.keys(limits)));
  const controllers = CGROUP_CONTROLLERS.filter((name) => wanted.has(name) || place.active.has(name));
  const paths = cgroups.map(({ path }) => path);
  const old = place.present.filter((path) => !paths.includes(path));
  return {
    root: place.root,
    steps: planSteps(cgroups, { place, controllers, old }),
    end: planEnd([...paths, ...old], { place, controllers }),
  };
}
