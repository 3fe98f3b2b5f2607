import type { CgroupName } from '../config/schema-cgroup.ts';
import type { AuditCheck } from './audit-check.ts';
import { switchCheck } from './switch-check.ts';

function limitCheck(
  attribute: Exclude<CgroupName, 'kill_mode'>,
  options: { readonly weight: number; readonly what: string; readonly advice: string },
): AuditCheck {
  const { weight, what, advice } = options;
  return {
    ...{ attribute, weight, advice },
    judge: ({ layered: { settings } }) =>
      (settings[attribute]?.value ?? 'max') === 'max'
        ? { exposed: 1, says: `its handlers together can have all ${what}` }
        : { exposed: 0, says: `its handlers together can have so much of the ${what}` },
  };
}

/** What the handlers of a service can take from everybody else, and what of them stays. */
export const CGROUP_CHECKS: readonly AuditCheck[] = [
  limitCheck('memory_max', { weight: 2, what: 'memory', advice: 'memory_max: 512m' }),
  limitCheck('tasks_max', { weight: 2, what: 'process numbers', advice: 'tasks_max: 100' }),
  limitCheck('cpu_max', { weight: 1, what: 'CPU time', advice: 'cpu_max: 50%' }),
  {
    ...switchCheck('kill_mode', {
      weight: 2,
      isOn: ({ layered: { settings } }) =>
        settings.kill_mode?.value === 'control-group' || settings.private_pids?.value === true,
      says: ['what it leaves behind ends with it', 'what it leaves behind goes on'],
    }),
    advice: 'kill_mode: control-group',
  },
];
