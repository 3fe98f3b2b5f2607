import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CODES } from '../../src/config/codes.ts';
import { HOSTS_CODES } from '../../src/config/hosts-access/hosts-problem.ts';

const PAGE = readFileSync(new URL('../../docs/reference/diagnostics.md', import.meta.url), 'utf8');

test('docs/reference/diagnostics.md has one section for each code, in the order of the registry, with its severity', () => {
  const sections = [...PAGE.matchAll(/^## ([\w-]+\/\S+)\n\n(Error|Warning)\. /gm)];
  const documented = sections.map(([, code, severity]) => [code, severity?.toLowerCase()]);
  // docs/reference/hosts-access.md has those of hosts.allow and hosts.deny.
  const elsewhere = new Set(Object.keys(HOSTS_CODES));
  expect(documented).toEqual(Object.entries(CODES).filter(([code]) => !elsewhere.has(code)));
});

test('every section says what to do and shows an example', () => {
  for (const section of PAGE.split(/^## /m).slice(1)) {
    expect(section, section.split('\n')[0]).toMatch(/\*\*What to do\.\*\*/);
    expect(section, section.split('\n')[0]).toMatch(/^```/m);
  }
});
