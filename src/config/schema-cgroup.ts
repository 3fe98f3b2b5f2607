import { z } from 'zod';
import { parseBytes } from '../model/quantity.ts';
import { CPU_FORM, parseCpuQuota } from './cgroups/cpu-quota.ts';
import type { AttributeName } from './document.ts';

const MEMORY_FORM = 'must be a number of bytes above 0, a size such as "64m", or "max"';
const TASKS_FORM = 'must be a number above 0, or "max"';
const MOST_TASKS = 4_194_304;

export type CgroupName = Extract<AttributeName, 'memory_max' | 'tasks_max' | 'cpu_max' | 'kill_mode'>;

/** What all handlers of a service may have together, and what ends with one of them: cgroups(7). */
export const CGROUP_SHAPE: Readonly<Record<CgroupName, z.ZodType>> = {
  memory_max: z
    .union([
      z.int({ error: MEMORY_FORM }).min(1, { error: MEMORY_FORM }),
      z
        .string()
        .meta({ pattern: '^([1-9][0-9]*[kmgt]?|max)$' })
        .refine((value) => value === 'max' || (parseBytes(value) ?? 0) > 0, { error: MEMORY_FORM }),
    ])
    .describe('Memory of all handlers of the service together: bytes, a size, or "max". Default: max.'),
  tasks_max: z
    .union(
      [
        z.int({ error: TASKS_FORM }).min(1, { error: TASKS_FORM }).max(MOST_TASKS, { error: TASKS_FORM }),
        z.literal('max'),
      ],
      { error: TASKS_FORM },
    )
    .describe('Processes and threads of all handlers of the service together, or "max". Default: max.'),
  cpu_max: z
    .string({ error: CPU_FORM })
    .meta({ pattern: '^([1-9][0-9]{0,4}%|max)$' })
    .refine((value) => value === 'max' || parseCpuQuota(value) !== undefined, { error: CPU_FORM })
    .describe('CPU time of all handlers together, in percent of one CPU, or "max". Default: max.'),
  kill_mode: z
    .enum(['process', 'control-group'], { error: 'must be process or control-group' })
    .describe('Whether what a handler leaves behind ends with it (control-group). Default: process.'),
};
