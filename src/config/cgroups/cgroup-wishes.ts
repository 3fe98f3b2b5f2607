import type { CgroupController } from '../../model/cgroup.ts';
import { parseBytes } from '../../model/quantity.ts';
import type { ServiceDocument } from '../document.ts';
import type { CgroupName } from '../schema-cgroup.ts';
import type { Settings } from '../settings.ts';
import { parseCpuQuota } from './cpu-quota.ts';

/** Something that takes a cgroup. */
export interface CgroupWish {
  readonly attribute: CgroupName;
  /** With the text of its limit; undefined: none, for `kill_mode`. */
  readonly limit: { readonly controller: CgroupController; readonly text: string } | undefined;
}

interface LimitRow {
  readonly attribute: keyof Pick<ServiceDocument, 'memory_max' | 'tasks_max' | 'cpu_max'>;
  readonly controller: CgroupController;
  readonly text: (value: string) => string | undefined;
}

const LIMITS: readonly LimitRow[] = [
  { attribute: 'memory_max', controller: 'memory', text: (value) => parseBytes(value)?.toString() },
  { attribute: 'tasks_max', controller: 'pids', text: (value) => value },
  { attribute: 'cpu_max', controller: 'cpu', text: parseCpuQuota },
];

/** No limit is no wish. */
export function cgroupWishes(settings: Settings): readonly CgroupWish[] {
  const limits = LIMITS.flatMap(({ attribute, controller, text }): readonly CgroupWish[] => {
    const value = settings[attribute]?.value;
    const written = value === undefined || value === 'max' ? undefined : text(String(value));
    return written === undefined ? [] : [{ attribute, limit: { controller, text: written } }];
  });
  const ends = settings.kill_mode?.value === 'control-group';
  return ends ? [...limits, { attribute: 'kill_mode', limit: undefined }] : limits;
}
