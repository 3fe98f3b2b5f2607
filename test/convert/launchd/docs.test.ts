import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { INETD_KEYS, JOB_KEYS, LIMIT_KEYS, SOCKET_KEYS } from '../../../src/convert/launchd/key-table.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/launchd.md', import.meta.url), 'utf8');

test('docs/reference/launchd.md says what each key becomes', () => {
  const keys = [JOB_KEYS, INETD_KEYS, SOCKET_KEYS, LIMIT_KEYS].flatMap((rules) => [...rules.keys()]);
  const named = new Set(Array.from(PAGE.matchAll(/`([A-Za-z]+)`/g), ([, name]) => name));
  expect(keys.filter((key) => !named.has(key))).toEqual([]);
});
