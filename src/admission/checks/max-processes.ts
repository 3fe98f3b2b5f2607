import type { Answer, Check } from '../check.ts';
import { checkCap } from './cap.ts';

/** How many handlers all services together may have at once, and one source at most half of them. */
export const maxProcessesCheck: Check = {
  name: 'max_processes',
  reason: 'process_limit',
  applies: ({ maxProcesses }) => maxProcesses !== undefined,
  check: ({ service: { maxProcesses }, facts }): Answer => {
    if (!maxProcesses) return { outcome: { check: 'max_processes', passed: true } };
    const limit = Math.max(1, Math.floor(maxProcesses.hard / 2));
    const count = facts.sourceProcesses;
    if (count >= limit) {
      return { outcome: { check: 'max_processes', passed: false, count, limit, note: 'of_one_source' } };
    }
    const figures = { count: facts.processes, roll: facts.roll };
    return { outcome: { check: 'max_processes', ...checkCap(maxProcesses, figures) } };
  },
};
