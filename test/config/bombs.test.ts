import { expect, test } from 'vitest';
import { codes, loadText } from './load-text.ts';

const BYTES = 1_000_000;
/** A second, with room for a machine that does something else as well. */
const MOST_MS = 3000;

const UNITS = [
  ...[
    '[',
    '{',
    '- ',
    '{a: ',
    '[[',
    '? ',
    'a: ',
    '"',
    "'",
    ': ',
    '\n',
    '#',
    '# c\n',
    '---\n',
    '...\n',
    '- a\n',
    'a: b\n',
    '&a ',
    '*a ',
  ],
  ...[
    '!x ',
    '!!str ',
    '%TAG ! x\n',
    '|\n',
    ' ',
    'a',
    '{},',
    ',',
    '}',
    ']',
    '<<: \n',
    '"\\',
    '? a\n',
    ': a\n',
    '- &a *a\n',
    '"a": ',
  ],
  ...['@', 'a: [\n', '\r', '[a: ', '[? ', '{"a":1,', '- "a\n'],
];

function explain(text: string): {
  readonly ms: number;
  readonly codes: readonly string[];
  readonly refused: boolean;
} {
  const start = performance.now();
  const result = loadText(text);
  return { ms: performance.now() - start, codes: codes(result), refused: result.config === undefined };
}

test.each(UNITS)('a megabyte of %j is refused in bounded time (S106, S110)', (unit) => {
  const found = explain(`x: {${unit.repeat(Math.floor(BYTES / unit.length))}`);
  expect(found.refused).toBe(true);
  expect(found.codes.length).toBeGreaterThan(0);
  expect(found.ms).toBeLessThan(MOST_MS);
});

test('as many different keys as are allowed are compared in linear time (S106)', () => {
  const keys = Array.from({ length: 24_000 }, (_, index) => ` k${index}: x\n`);
  const found = explain(`version: 1\nservices:\n${keys.join('')}`);
  expect(found.refused).toBe(true);
  expect(found.ms).toBeLessThan(MOST_MS);
});

test('more than 50,000 values are refused (S106)', () => {
  const found = explain(`version: 1\ninclude: [${'a,'.repeat(50_001)}]`);
  expect(found.codes).toEqual(['config/too-many-nodes']);
});

test('nesting deeper than 32 levels is refused before it is followed (S106, S110)', () => {
  const nested = (depth: number): string => `version: 1\nx: ${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect(explain(nested(31)).codes).toEqual(['config/unknown-key']);
  expect(explain(nested(33)).codes).toContain('config/too-deep');
  expect(explain(nested(100_000)).codes).toContain('config/too-deep');
});

test('aliases that would unfold to 9^9 values are refused (S106)', () => {
  const lines = ['a0: &a0 [x]'];
  for (let level = 1; level < 10; level++)
    lines.push(
      `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  const found = explain(lines.join('\n'));
  expect(found.codes).toContain('config/alias');
  expect(found.ms).toBeLessThan(MOST_MS);
});

test('a file with a mistake on each line shows the first 200 and counts the rest', () => {
  const found = explain(
    `version: 1\n${Array.from({ length: 300 }, (_, index) => `k${index}: 1\n`).join('')}`,
  );
  expect(found.codes).toHaveLength(201);
  expect(found.codes.at(-1)).toBe('config/too-many-problems');
});
