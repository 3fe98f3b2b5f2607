import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXIT_WORDS } from '../../scripts/exit-words.ts';

test('docs/reference/exit-codes.md has a row for each exit code, in the words of the manual', () => {
  const page = readFileSync('docs/reference/exit-codes.md', 'utf8');
  const rows = Array.from(page.matchAll(/^\| (\d+) \| (.*) \|$/gm), ([, code, words]) => ({
    code: Number(code),
    words,
  }));
  expect(rows).toEqual(EXIT_WORDS);
});
