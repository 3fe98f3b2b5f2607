import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newBudget } from '../../../src/config/budget.ts';
import { Report } from '../../../src/config/report.ts';
import { makeSource } from '../../../src/config/source.ts';
import { convertTables } from '../../../src/convert/hosts-access/convert-tables.ts';
import { fuzz } from '../../harness/fuzz.ts';

const WORDS = [
  ...[
    'sshd',
    'in.ftpd',
    'ALL',
    'EXCEPT',
    'LOCAL',
    '22',
    'in.*',
    '.ftpd',
    'sshd@10.0.0.1',
    ':',
    ':',
    ': allow',
  ],
  ...[
    ': deny',
    ': setenv A b',
    ': spawn x',
    '10.',
    '10.0.0.1',
    '10.0.0.0/8',
    '10.0.0.1/8',
    '[::1]',
    '::1',
    '@group',
  ],
  ...['/file', 'user@host', '.example', '#', '\\', '\0', '\r', '\u00e4', '\ud800'],
];
const word = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...WORDS) },
  fc.string({ unit: 'binary', maxLength: 9 }),
);
const blank = fc.constantFrom('', ' ', ' ', ',', '\n', '\\\n');
const text = fc.array(fc.tuple(word, blank), { maxLength: 40 }).map((parts) => parts.flat().join(''));

function convert(allow: string, deny: string) {
  const report = new Report({ leavesOut: true });
  const file = (path: string, content: string) => ({ path, source: makeSource(path, content), isUtf8: true });
  const document = convertTables(
    [
      { table: 'allow', file: file('hosts.allow', allow) },
      { table: 'deny', file: file('hosts.deny', deny) },
    ],
    { report, budget: newBudget(), ownerUid: 0 },
  );
  return { ...document, report };
}

describe('whatever hosts.allow and hosts.deny hold (S102, F19)', () => {
  test('nothing throws, each line is accounted for, and of tables with an error there are no lists', () => {
    fc.assert(
      fc.property(text, text, (allow, deny) => {
        const { accounts, disabled = [], report } = convert(allow, deny);
        for (const [name, content] of [
          ['hosts.allow', allow],
          ['hosts.deny', deny],
        ] as const) {
          const lines = accounts
            .filter(({ file }) => file === name)
            .flatMap(({ line, lastLine }) =>
              Array.from({ length: lastLine - line + 1 }, (_, at) => line + at),
            );
          const count = content.split('\n').length - (content.endsWith('\n') || content === '' ? 1 : 0);
          expect(lines).toEqual(Array.from({ length: count }, (_, index) => index + 1));
        }
        const faults = report
          .diagnostics()
          .filter(({ severity, code }) => severity === 'error' && code !== 'hosts_access/no-services');
        if (faults.length > 0) expect(disabled).toEqual([]);
        for (const { span } of faults) expect(span.range).toBeDefined();
      }),
      fuzz(1500),
    );
  });

  /** What is quadratic takes minutes; a busy machine does not. */
  const MOST_MS = 10_000;

  test.each([
    ['rules', 'sshd: 10.0.0.1\n'],
    ['daemons', 'a b c d: ALL\n'],
    ['comments', '#\n\n'],
    ['joined lines', '\\\n'],
    ['colons', ':'],
    ['words', 'sshd '],
  ])(
    'a megabyte of %s is read in seconds (S109)',
    (_, unit) => {
      const start = performance.now();
      convert(unit.repeat(Math.floor(1_000_000 / unit.length)), '');
      expect(performance.now() - start).toBeLessThan(MOST_MS);
    },
    60_000,
  );

  test('many daemons with a rule each are converted in seconds (S109)', () => {
    const start = performance.now();
    convert(Array.from({ length: 3_000 }, (_, index) => `d${index}: 10.0.0.1\n`).join(''), 'ALL: ALL\n');
    expect(performance.now() - start).toBeLessThan(MOST_MS);
  }, 60_000);
});
