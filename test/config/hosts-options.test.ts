import { expect, test } from 'vitest';
import { parseHostsAccess } from '../../src/config/hosts-access/parse-hosts-access.ts';

const LOOKUPS = { readPatterns: () => '10.0.0.1 .example', netgroup: () => undefined };

function said(text: string): readonly string[] {
  const { problems } = parseHostsAccess({ file: 'hosts.allow', table: 'allow', text: `${text}\n` }, LOOKUPS);
  return problems.map(({ code, message }) => `${code}: ${message}`);
}

test.each([
  ['linger soon', '"soon" is not a number of seconds'],
  ['nice 100', '"100" is not a number from'],
  ['umask 999', '"999" is not an octal number up to 0777'],
  ['user a b', '"a b" is neither a user nor a user and a group with a dot between'],
  ['group a b', '"a b" is not the name of a group'],
  ['banners here', '"here" is not an absolute path'],
  ['severity loud', '"loud" is no level'],
  ['setenv 1A b', '"1A" is not the name of a variable'],
])('an option with a value that it cannot have is told of: %s', (option, reason) => {
  const [first = '', ...more] = said(`ALL: ALL: ${option}`);
  expect(first).toContain(reason);
  expect(more).toEqual([]);
});

test('a daemon is meant at addresses of ours, and a file of them has no names', () => {
  expect(said('ftpd@10.: ALL')).toEqual([]);
  expect(said('ftpd@/list: ALL')).toHaveLength(1);
});
