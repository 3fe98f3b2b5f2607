import { describe, expect, test } from 'vitest';
import { ENTRIES, ledgerFaults, MOST_REASONS } from '../../scripts/ledger-faults.ts';
import { type Ledger, type LedgerEntry, readLedger } from '../../scripts/security-ledger.ts';
import { namedTests } from '../../scripts/test-titles.ts';

const ledger = readLedger();
const entries = ledger.groups.flatMap((group) => group.entries);

/** The ledger with another entry in place of S1. */
function withFirst(change: (entry: LedgerEntry) => LedgerEntry): Ledger {
  const groups = ledger.groups.map(({ title, entries }) => ({
    title,
    entries: entries.map((entry) => (entry.name === 'S1' ? change(entry) : entry)),
  }));
  return { ...ledger, groups };
}

/** test/docs/generated.test.ts holds docs/security-ledger.md to it. */
describe('the security ledger', () => {
  test('has 145 entries, each with tests that name it and a file that guards it, or a reason', () => {
    expect(entries).toHaveLength(ENTRIES);
    expect(ledgerFaults(ledger)).toEqual([]);
    expect(entries.filter(({ reason }) => reason !== undefined).length).toBeLessThanOrEqual(MOST_REASONS);
  });

  test('says what each entry was, and what it is known by, in one line', () => {
    const isTold = (text: string) => text.length > 3 && !/\n|\.$/.test(text);
    expect(entries.filter(({ what, known }) => !isTold(what) || !isTold(known))).toEqual([]);
  });

  test('cannot be written where an entry lost its test, its guard or its place', () => {
    const bare = withFirst((entry) => ({ ...entry, tests: [], guards: [], mutants: [] }));
    expect(ledgerFaults(bare)).toEqual([
      'S1 has no test that names it, and no reason why not',
      'S1 says of no file that it guards it',
    ]);
    expect(ledgerFaults(withFirst((entry) => ({ ...entry, mutants: [] })))).toEqual([
      'S1 has no guard that npm run test:mutants takes out',
    ]);
    expect(ledgerFaults(withFirst((entry) => ({ ...entry, guards: ['src/gone.ts'] })))).toEqual([
      'S1 is guarded by src/gone.ts: no such file',
    ]);
    expect(ledgerFaults({ ...ledger, groups: ledger.groups.slice(1) })).toContain(
      'The entries are not S1 to S145 in order',
    );
  });

  test('cannot be written with a reason beside a test, with too many, or with a name that is none', () => {
    expect(ledgerFaults(withFirst((entry) => ({ ...entry, reason: 'none can be had' })))).toEqual([
      'S1 has a test: the reason why it has none is out of date',
    ]);
    const excused = entries.map((entry) => ({
      ...entry,
      tests: [],
      mutants: [],
      reason: 'none can be had',
    }));
    expect(ledgerFaults({ ...ledger, groups: [{ title: 'all', entries: excused }] })).toEqual([
      `${ENTRIES} entries have a reason instead of a test: more than ${MOST_REASONS}`,
    ]);
    expect(ledgerFaults({ ...ledger, strangers: ['S146: x.test.ts: y'] })).toEqual([
      'There is no such entry: S146: x.test.ts: y',
    ]);
  });
});

describe('a guard that test:mutants takes out', () => {
  const mutant = { name: 'S1', file: 'src/main.ts', without: '' };

  test('stands once in its file, and is missed by a test that names its entry', () => {
    const lost = { ...mutant, guard: 'no such guard', test: 'test/integration/refusals.test.ts' };
    expect(ledgerFaults(withFirst((entry) => ({ ...entry, mutants: [lost] })))).toEqual([
      'S1: the guard stands 0 times in src/main.ts: "no such guard"',
    ]);
    const strange = { ...mutant, guard: 'closeInspector();', test: 'test/structure/rules.test.ts' };
    expect(ledgerFaults(withFirst((entry) => ({ ...entry, mutants: [strange] })))).toEqual([
      'S1: no test of test/structure/rules.test.ts names it',
    ]);
  });
});

describe('a file of tests', () => {
  const namesOf = (code: string) => namedTests(code).map(({ title, names }) => [title, ...names]);

  test('names entries in titles of tests and of groups, in ranges, and in tables', () => {
    expect(namesOf("test('is refused (promise 2, S8)', () => {})")).toEqual([['is refused', 'S8']]);
    expect(namesOf("describe('all (S21 to S23, B1)', run)")).toEqual([['all', 'S21', 'S22', 'S23', 'B1']]);
    expect(namesOf("describe('a door', () => { test('opens (S2)', run); });")).toEqual([
      ['a door: opens', 'S2'],
    ]);
    expect(namesOf("test.each(rows)('%s of $it goes (S1)', run)")).toEqual([['… of … goes', 'S1']]);
    expect(namesOf(`test.runIf(a)(\`\${N} of it (S1)\`, run)`)).toEqual([['… of it', 'S1']]);
    expect(namesOf("const RULES = [{ title: 'no such word (DESIGN §3, S16)' }];")).toEqual([
      ['no such word', 'S16'],
    ]);
  });

  test('names none in comments, in what is no title, and outside parentheses', () => {
    expect(namesOf("// test('is not (S1)', run)")).toEqual([]);
    expect(namesOf("test('begins with S1', () => {})")).toEqual([]);
    expect(namesOf("test('is of two lines (S, 1)', () => {})")).toEqual([]);
  });
});
