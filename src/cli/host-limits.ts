import { readFileSync } from 'node:fs';
import { RLIMIT_NUMBERS, type RlimitName } from '../model/rlimit.ts';
import type { Binding } from '../native/binding.ts';
import { hardLimit } from './hard-limit.ts';

const CAP_SYS_RESOURCE = 24n;
const INITIAL_NAMESPACE = /^\s*0\s+0\s+4294967295\s*$/;

/**
 * Root in a container often cannot: setrlimit(2) wants the capability in the initial user namespace, whatever
 * the uid.
 */
function canRaiseLimits(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  if (((BigInt(`0x${effective}`) >> CAP_SYS_RESOURCE) & 1n) === 0n) return false;
  return INITIAL_NAMESPACE.test(readFileSync('/proc/self/uid_map', 'utf8'));
}

/** The hard resource limits that no child of this process can exceed. */
export function hardLimits(binding: Binding): ReadonlyMap<RlimitName, number> {
  if (canRaiseLimits()) return new Map();
  const names = Object.keys(RLIMIT_NUMBERS) as RlimitName[];
  return new Map(names.map((name) => [name, hardLimit(binding, name)]));
}
