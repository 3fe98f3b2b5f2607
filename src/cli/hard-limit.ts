import { RLIMIT_NUMBERS, type RlimitName } from '../model/rlimit.ts';
import type { Binding } from '../native/binding.ts';
import { checked } from '../native/errno.ts';

const MOST_LIMITS = 16;

/** The hard limit of this process, and of whoever started it. Node raises soft ones only. */
export function hardLimit(binding: Binding, name: RlimitName): number {
  const pairs = new Float64Array(2 * MOST_LIMITS);
  checked(binding.limits(pairs), { call: 'read', subject: 'the resource limits' });
  return pairs[2 * RLIMIT_NUMBERS[name] + 1] ?? Number.POSITIVE_INFINITY;
}
