import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newBudget } from '../../../src/config/budget.ts';
import { Report } from '../../../src/config/report.ts';
import { makeSource } from '../../../src/config/source.ts';
import { LineAccounts } from '../../../src/convert/line-accounts.ts';
import type { Entry } from '../../../src/convert/tcprules/asked-entry.ts';
import { LOADERS } from '../../../src/convert/tcprules/loaders.ts';
import { accountScript } from '../../../src/convert/tcprules/script-accounts.ts';
import type { ScriptFiles } from '../../../src/convert/tcprules/script-files.ts';
import { ScriptReader } from '../../../src/convert/tcprules/script-reader.ts';
import { SERVERS } from '../../../src/convert/tcprules/servers.ts';
import { fuzz } from '../../harness/fuzz.ts';
import { rulesOfText } from './rules-of-text.ts';

/** Nothing is there, of which there is a report where rules are looked for. */
function filesFor(report: Report): ScriptFiles {
  return {
    resolve: (path) => (path.startsWith('/') ? path : `/${path}`),
    readVariables: () => new Map([['A', 'b']]),
    findProgram: (name) => `/bin/${name}`,
    findRules: (_, { path, at }) =>
      void report.add({ code: 'tcprules/no-source', at: at.place, message: `Cannot find ${path}` }),
  };
}

function readScript(text: string) {
  const report = new Report({ leavesOut: true });
  const accounts = new LineAccounts<Entry>();
  const file = { path: 'run', source: makeSource('run', text), isUtf8: true };
  const reader = new ScriptReader(file, { report, files: filesFor(report), budget: newBudget() });
  reader.read();
  accountScript(file, { parts: reader.parts, accounts });
  const services = reader.parts.filter(({ service }) => service);
  return { report, services, accounts: accounts.close(() => ({ kind: 'service', name: 'x' })) };
}

function linesIn(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') || text === '' ? 1 : 0);
}

function linesOf(
  accounts: readonly { readonly line: number; readonly lastLine: number }[],
): readonly number[] {
  return accounts.flatMap(({ line, lastLine }) =>
    Array.from({ length: lastLine - line + 1 }, (_, at) => line + at),
  );
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

const RULE_WORDS = [
  ...[
    ':allow',
    ':deny',
    'allow',
    ',A="x"',
    ',A=',
    ',',
    '=',
    '=.x',
    '@',
    'joe@',
    '10.',
    '10.2-3.',
    '1.2.3.4',
    '-',
  ],
  ...[
    '::1',
    '2001:db8:',
    '/8',
    '300.',
    '0-99999999999999',
    '#',
    '"',
    ' ',
    '\t',
    '\r',
    '\0',
    '\u00e4',
    '\ud800',
  ],
];
const SCRIPT_WORDS = [
  ...LOADERS.keys(),
  ...SERVERS.keys(),
  ...[
    '-u',
    '-x',
    'rules.cdb',
    '-RH',
    '-c',
    '40',
    '-U',
    '0',
    'smtp',
    '/bin/cat',
    '-i',
    'dir',
    '--',
    '-',
    'A=b',
    '$A',
  ],
  ...[
    '"',
    "'",
    '\\',
    '`',
    '$(',
    ')',
    '$',
    '${',
    '}',
    '|',
    '&',
    ';',
    '<',
    '>',
    '2>&1',
    '#',
    'if',
    'export',
    'ulimit',
  ],
  ...['cd', 'umask', '077', 'set', 'echo', '*', '~', '\r', '\0', '\u00e4', '\ud800', '{', '(', '!'],
];

function textOf(words: readonly string[]): fc.Arbitrary<string> {
  const word = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...words) },
    fc.string({ unit: 'binary', maxLength: 9 }),
  );
  const blank = fc.constantFrom('', ' ', ' ', '\n', '\\\n');
  return fc.array(fc.tuple(word, blank), { maxLength: 40 }).map((parts) => parts.flat().join(''));
}

describe('whatever the files hold (S102, F19)', () => {
  test('of rules nothing throws, each line is accounted for, and without rules it is said why', () => {
    fc.assert(
      fc.property(textOf(RULE_WORDS), fc.boolean(), (text, isUtf8) => {
        const { rules, accounts, diagnostics } = rulesOfText(text, { isUtf8 });
        expect(linesOf(accounts)).toEqual(upTo(linesIn(text)));
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        expect(errors.length > 0).toBe(rules === undefined);
        const placed = errors.filter(({ code }) => code !== 'config/too-many-problems');
        for (const { span } of placed) expect(span.range).toBeDefined();
      }),
      fuzz(1500),
    );
  });

  test.each([
    ['a shell', '#!/bin/sh\n'],
    ['execline', '#!/bin/execlineb\n'],
  ])(
    'of scripts for %s nothing throws, each line is accounted for, and no service comes of one with an error',
    (_, head) => {
      fc.assert(
        fc.property(textOf(SCRIPT_WORDS), (text) => {
          const { accounts, report, services } = readScript(`${head}${text}`);
          expect(linesOf(accounts)).toEqual(upTo(linesIn(`${head}${text}`)));
          const before = report
            .diagnostics()
            .filter(({ severity, code }) => severity === 'error' && code !== 'tcprules/shell');
          const first = before[0]?.span.range?.line ?? Number.POSITIVE_INFINITY;
          for (const { place } of services) {
            expect(place.source.text.slice(0, place.start).split('\n').length).toBeLessThanOrEqual(first);
          }
          if (accounts.some(({ kind }) => kind === 'problem')) expect(report.hasErrors).toBe(true);
        }),
        fuzz(1500),
      );
    },
  );
});

const MEGABYTE = 1_000_000;

function fill(unit: string): string {
  return unit.repeat(Math.floor(MEGABYTE / unit.length));
}

/** What is quadratic takes minutes; a busy machine does not. */
const MOST_MS = 10_000;

describe('a megabyte of it is read in seconds (F19, S109)', () => {
  test.each([
    ['one rule', fill('1')],
    [
      'rules',
      Array.from({ length: 60_000 }, (_, index) => `${index >> 8}.${index & 255}.1.:deny\n`).join(''),
    ],
    ['the same rule', fill('10.:deny\n')],
    ['ranges', fill('1.2.3.0-255:deny\n')],
    [
      'ranges of others',
      Array.from({ length: 40_000 }, (_, index) => `1.${index >> 8}.${index & 255}.0-255:deny\n`).join(''),
    ],
    [
      'rules with variables',
      Array.from(
        { length: 40_000 },
        (_, index) => `1.${index >> 8}.${index & 255}.:allow,A="${index}"\n`,
      ).join(''),
    ],
    ['variables', `10.:allow${fill(',A="x"')}\n`],
    ['names', Array.from({ length: 40_000 }, (_, index) => `=n${index}.example:deny\n`).join('')],
    ['colons', fill(':')],
    ['lines without a colon', fill('x\n')],
    ['comments', fill('#\n\n')],
  ])(
    'rules: %s',
    (_, text) => {
      const start = performance.now();
      rulesOfText(text);
      expect(performance.now() - start).toBeLessThan(MOST_MS);
    },
    60_000,
  );

  test.each([
    ['one word', fill('a')],
    ['words', `echo ${fill('a ')}`],
    ['commands', fill(': a\n')],
    ['loaders', fill('exec ')],
    ['assignments', fill('A=b\n')],
    ['a variable that doubles', `A=b\n${'A="$A$A"\n'.repeat(30)}`],
    ['exports', fill('export A=b\n')],
    ['quotes', `echo ${fill('"" ')}`],
    ['quotes in a word', `echo ${fill("''")}`],
    ['open commands', fill('$(')],
    ['joined lines', fill('\\\n')],
    ['comments', fill('#\n')],
    ['services', fill('tcpserver -RH -u me 0 7 /bin/cat\n')],
    ['redirections', fill('2>&1 ')],
  ])(
    'scripts: %s',
    (_, text) => {
      const start = performance.now();
      readScript(`#!/bin/sh\n${text}`);
      readScript(`#!/bin/execlineb\n${text}`);
      expect(performance.now() - start).toBeLessThan(MOST_MS);
    },
    60_000,
  );
});
