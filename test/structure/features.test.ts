import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync('docs/features.md', 'utf8');

/** The third column of each row; heads of tables and rules between them have none. */
const shownBy = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.includes('| shown by |'))
  .map((line) => ({ line, cell: line.split('|').at(-2)?.trim() ?? '' }));

test('every row of what inetd and xinetd do names a test that is there, or says why there is none', () => {
  expect(shownBy.length).toBeGreaterThan(200);
  const named = ({ cell }: { cell: string }) =>
    Array.from(cell.matchAll(/`([^`]+)`/g), ([, path = '']) => path);
  const bad = shownBy.filter(
    (row) => !row.cell.startsWith('none: ') && (named(row).length === 0 || !named(row).every(existsSync)),
  );
  expect(bad.map(({ line }) => line)).toEqual([]);
});
