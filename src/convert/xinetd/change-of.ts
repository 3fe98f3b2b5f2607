import type { Assignment } from './assignment.ts';

/** In `defaults` these take whatever operator for `+=`. */
const SWITCHES: ReadonlySet<string> = new Set(['disabled', 'enabled', 'log_type']);

/** What an operator does to a list: in `defaults`, `=` adds. */
export function changeOf({ name, operator }: Assignment, isDefaults: boolean): 'replace' | 'add' | 'remove' {
  if (isDefaults && SWITCHES.has(name.text.toLowerCase())) return 'add';
  if (operator === '-=') return 'remove';
  return operator === '=' && !isDefaults ? 'replace' : 'add';
}
