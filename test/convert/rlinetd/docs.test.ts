import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  LOG_FORMS,
  RLIMIT_FORMS,
  RPC_FORMS,
  SERVICE_FORMS,
  TOP_FORMS,
} from '../../../src/convert/rlinetd/directive-forms.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/rlinetd.md', import.meta.url), 'utf8');

/** The first cells of a table's rows. */
const CELLS = PAGE.split('\n').flatMap((line) => /^\| ([^|]+) \|/.exec(line)?.[1] ?? []);

test('docs/reference/rlinetd.md says what each directive becomes', () => {
  const named = new Set(CELLS.flatMap((cell) => cell.split(', ').map((word) => word.replaceAll('`', ''))));
  const directives = [SERVICE_FORMS, LOG_FORMS, RPC_FORMS, RLIMIT_FORMS].flatMap((forms) => [
    ...forms.keys(),
  ]);
  expect(directives.filter((name) => !named.has(name))).toEqual([]);
});

test('docs/reference/rlinetd.md names what a file is made of', () => {
  expect([...TOP_FORMS.keys()].filter((name) => !PAGE.includes(`\`${name} `))).toEqual([]);
});
