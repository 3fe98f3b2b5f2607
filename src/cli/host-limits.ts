import { RLIMIT_NUMBERS, type RlimitName } from '../model/rlimit.ts';
import type { Binding } from '../native/binding.ts';
import { checked } from '../native/errno.ts';

/** The hard resource limits of this process. Node raises soft ones only. */
export function hardLimits(binding: Binding): ReadonlyMap<RlimitName, number> {
  const pairs = new Float64Array(32);
  checked(binding.limits(pairs), { call: 'read', subject: 'the resource limits' });
  const names = Object.keys(RLIMIT_NUMBERS) as RlimitName[];
  return new Map(
    names.map((name) => [name, pairs[2 * RLIMIT_NUMBERS[name] + 1] ?? Number.POSITIVE_INFINITY]),
  );
}
