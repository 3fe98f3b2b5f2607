import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULTS_RULES, SERVICE_RULES, SYNONYMS } from '../../../src/convert/xinetd/attribute-rules.ts';
import { FLAG_WORDS, TYPE_WORDS } from '../../../src/convert/xinetd/service-shape.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/xinetd.md', import.meta.url), 'utf8');

/** The first cells of a table's rows. */
const CELLS = PAGE.split('\n').flatMap((line) => /^\| ([^|]+) \|/.exec(line)?.[1] ?? []);

test('docs/reference/xinetd.md says what each attribute becomes', () => {
  const named = new Set(CELLS.flatMap((cell) => cell.split(', ').map((word) => word.replaceAll('`', ''))));
  const attributes = [...SERVICE_RULES.keys(), ...DEFAULTS_RULES.keys(), ...SYNONYMS.keys()];
  expect(attributes.filter((name) => !named.has(name))).toEqual([]);
});

test('docs/reference/xinetd.md names each flag and type', () => {
  const flags = new Set(CELLS.flatMap((cell) => cell.toLowerCase().split(', ')));
  expect(FLAG_WORDS.filter((word) => !flags.has(word))).toEqual([]);
  expect(TYPE_WORDS.filter((word) => !PAGE.includes(word.toUpperCase()))).toEqual([]);
});
