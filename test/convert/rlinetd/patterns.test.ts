import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesPattern } from '../../../src/convert/rlinetd/match-pattern.ts';
import { parsePattern } from '../../../src/convert/rlinetd/parse-pattern.ts';

function matches(pattern: string, name: string): boolean | string {
  const parsed = parsePattern(pattern);
  return 'reason' in parsed ? parsed.reason : matchesPattern(parsed, name);
}

/** What grep(1) finds in a name, which asks regexec(3) as rlinetd does; undefined where it takes no pattern. */
function grepped(pattern: string, name: string): boolean | undefined {
  try {
    execFileSync('grep', ['-qE', '-e', pattern], {
      input: `${name}\n`,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { LC_ALL: 'C' },
    });
    return true;
  } catch (error) {
    return (error as { status?: number }).status === 1 ? false : undefined;
  }
}

const atom = fc.constantFrom(
  'a',
  'b',
  '.',
  '[ab]',
  '[^a]',
  '[[:digit:]]',
  '[]a]',
  '[a-c]',
  '\\.',
  '^',
  '$',
  '(a|b)',
  '(ab)',
);
const times = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{0,}');
const pattern = fc
  .array(fc.tuple(atom, times), { maxLength: 5 })
  .map((parts) =>
    parts.map(([text, count]) => (/[\^$]/.test(text) && text.length === 1 ? text : text + count)).join(''),
  );
const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '.', ']'), maxLength: 6 });

describe('patterns of file names', () => {
  test('are found where grep -E finds them', () => {
    fc.assert(
      fc.property(pattern, name, (written, file) => {
        expect(matches(written, file)).toBe(grepped(written, file));
      }),
      { numRuns: 250 },
    );
  });

  test('of Debian leave out what editors and dpkg leave behind (S103)', () => {
    const written = '(~|\\.bak|\\.swp|\\.ucf-.*|\\.dpkg-.*)$';
    const names = [
      'ftp',
      'ftp~',
      'ftp.bak',
      'ftp.bak2',
      '.x.swp',
      'ftp.ucf-dist',
      'ftp.dpkg-new',
      'ftp.conf',
    ];
    expect(names.filter((file) => matches(written, file) === false)).toEqual(['ftp', 'ftp.bak2', 'ftp.conf']);
  });

  test.each([
    '(a',
    'a)',
    '[a',
    '*a',
    'a{2,1}',
    'a{99}',
    '[[:nonsense:]]',
    '[[.a.]]',
    '[b-a]',
    'a\\',
    '\\w',
    `${'a'.repeat(257)}`,
    '((((a*)*)*)*)*',
  ])('%j is refused with a reason', (written) => {
    expect(matches(written, 'a')).toEqual(expect.any(String));
  });

  test('take no longer than the name is long, whatever they repeat (S109)', () => {
    const start = performance.now();
    expect(matches('((a+)+)+b$', 'a'.repeat(255))).toBe(false);
    expect(matches('(.*.*.*.*.*.*)*x', 'a'.repeat(255))).toBe(false);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
