import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { HOSTS_CODES } from '../../src/config/hosts-access/hosts-problem.ts';
import { OPTIONS } from '../../src/config/hosts-access/option-rows.ts';
import { REFUSED } from '../admission/hosts-differences.ts';

const PAGE = readFileSync(new URL('../../docs/reference/hosts-access.md', import.meta.url), 'utf8');

test('docs/reference/hosts-access.md has one row for each code, in the order of the registry, with its severity', () => {
  const rows = [...PAGE.matchAll(/^\| `(hosts\/[\w-]+)` \| (Warning\. )?/gm)];
  expect(rows.map(([, code, warning]) => [code, warning === undefined ? 'error' : 'warning'])).toEqual(
    Object.entries(HOSTS_CODES),
  );
});

test('docs/reference/hosts-access.md names every option', () => {
  for (const option of Object.keys(OPTIONS)) expect(PAGE).toMatch(new RegExp(`\`${option}\\b`));
});

test('each difference that is tested against tcpdmatch has a code of the registry', () => {
  for (const { code } of REFUSED) expect(Object.keys(HOSTS_CODES)).toContain(code);
});
