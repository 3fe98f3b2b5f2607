import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseHostsAccess } from '../../src/config/hosts-access/parse-hosts-access.ts';
import { hostsCorpus } from '../harness/hosts-corpus.ts';

/** What is refused or warned about in each file of the corpus, by line; the others are taken as they are. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'gogit2194-denyconfig/hosts.allow': ['11 hosts/missing-newline'],
  'nereusx-void-extra/hosts.allow': ['12 hosts/host-bits', '12 hosts/host-bits', '12 hosts/host-bits'],
  'pheiduck-rpi_configs/hosts.allow': ['11 hosts/bad-network'],
  'twinsant-fabs/hosts.allow': ['16 hosts/spawn'],
  'tyoshii-bms/hosts.deny': ['15 hosts/depends-on-dns'],
  'vahshi1988-keep/hosts.deny': ['1 hosts/ident'],
  'vultureproject-vulture-base/hosts.allow': [
    ...['3 hosts/ident', '23 hosts/spawn', '29 hosts/twist', '31 hosts/unreadable-file'],
    '32 hosts/missing-newline',
  ],
};

/** Lines that begin a rule: no comment, not blank, not the rest of a line before. */
function ruleLines(text: string): number {
  const joined = text.replace(/\\\n/g, '');
  return joined.split('\n').filter((line) => !line.startsWith('#') && line.trim() !== '').length;
}

describe('hosts.allow and hosts.deny from the wild', () => {
  test('the corpus is there', () => {
    expect(hostsCorpus()).toHaveLength(40);
  });

  for (const { name, path, table } of hostsCorpus()) {
    const expected = EXPECTED[name] ?? [];
    const verdict = expected.length === 0 ? 'taken' : `told of ${expected.join(', ')}`;
    test(`${name} is ${verdict} (S56)`, () => {
      const text = readFileSync(path, 'utf8');
      const lookups = { readPatterns: () => undefined, netgroup: () => undefined };
      const { rules, problems } = parseHostsAccess({ file: name, table, text }, lookups);
      expect(problems.map(({ line, code }) => `${line} ${code}`)).toEqual(expected);
      const isRefused = problems.some(({ severity }) => severity === 'error');
      expect(rules?.length).toBe(isRefused ? undefined : ruleLines(text));
    });
  }
});
