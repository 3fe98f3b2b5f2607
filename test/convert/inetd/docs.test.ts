import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DIALECTS } from '../../../src/convert/inetd/dialect.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/inetd.md', import.meta.url), 'utf8');

test('docs/reference/inetd.md has a row for each dialect that says what the table of dialects says', () => {
  const quotes = {
    none: 'none',
    word: 'at the beginning of a word',
    gnu: 'at the beginning of a word',
    shell: 'anywhere',
  };
  const continuation = { indent: 'indenting', backslash: 'a backslash', none: 'nothing' };
  for (const dialect of Object.values(DIALECTS)) {
    const row = [
      `\`${dialect.name}\``,
      quotes[dialect.quotes],
      continuation[dialect.continuation],
      dialect.plainFamily === 'both' ? 'both' : 'IPv4',
      dialect.sixFamily === 'mapped' ? 'both' : 'IPv6',
    ];
    expect(PAGE).toContain(`| ${row.join(' | ')} |`);
    const most = Number.isFinite(dialect.mostArguments) ? String(dialect.mostArguments) : 'any';
    expect(PAGE).toMatch(new RegExp(`^\\| \`${dialect.name}\` .*\\| ${most} \\|$`, 'm'));
  }
});
