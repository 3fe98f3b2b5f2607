import { existsSync, readFileSync } from 'node:fs';
import type { Ledger, LedgerEntry, Mutant } from './security-ledger.ts';

export const ENTRIES = 145;
export const MOST_REASONS = 10;

/** What can be taken out has to be there once, and be missed by a test that names the entry. */
function faultsOfMutant({ name, file, guard, test }: Mutant, { tests }: LedgerEntry): readonly string[] {
  const pieces = existsSync(file) ? readFileSync(file, 'utf8').split(guard).length - 1 : 0;
  return [
    ...(pieces === 1 ? [] : [`${name}: the guard stands ${pieces} times in ${file}: "${guard.trim()}"`]),
    ...(tests.some(({ path }) => path === test) ? [] : [`${name}: no test of ${test} names it`]),
  ];
}

function faultsOfHolding({ name, tests, guards, reason }: LedgerEntry): readonly string[] {
  const isHeld = tests.length > 0;
  return [
    ...(isHeld || reason !== undefined ? [] : [`${name} has no test that names it, and no reason why not`]),
    ...(isHeld && reason !== undefined
      ? [`${name} has a test: the reason why it has none is out of date`]
      : []),
    ...(guards.length > 0 || reason !== undefined ? [] : [`${name} says of no file that it guards it`]),
    ...guards
      .filter((path) => !existsSync(path))
      .map((path) => `${name} is guarded by ${path}: no such file`),
  ];
}

/** Bars are held after every test, and need none. */
function faultsOfGuarding({ name, tests, mutants }: LedgerEntry): readonly string[] {
  return tests.length === 0 || mutants.length > 0
    ? []
    : [`${name} has no guard that npm run test:mutants takes out`];
}

function faultsOfEntry(entry: LedgerEntry): readonly string[] {
  return [...faultsOfHolding(entry), ...entry.mutants.flatMap((mutant) => faultsOfMutant(mutant, entry))];
}

/** Why a ledger cannot be what docs/security-ledger.md says. */
export function ledgerFaults({ groups, bars, strangers }: Ledger): readonly string[] {
  const entries = groups.flatMap((group) => group.entries);
  const reasons = entries.filter(({ reason }) => reason !== undefined);
  const isInOrder = entries.every(({ name }, index) => name === `S${index + 1}`);
  return [
    ...(isInOrder && entries.length === ENTRIES ? [] : [`The entries are not S1 to S${ENTRIES} in order`]),
    ...(reasons.length <= MOST_REASONS
      ? []
      : [`${reasons.length} entries have a reason instead of a test: more than ${MOST_REASONS}`]),
    ...strangers.map((stranger) => `There is no such entry: ${stranger}`),
    ...[...entries, ...bars].flatMap(faultsOfEntry),
    ...entries.flatMap(faultsOfGuarding),
  ];
}
