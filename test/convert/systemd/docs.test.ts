import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Rules } from '../../../src/convert/systemd/rule.ts';
import { SERVICE_RULES } from '../../../src/convert/systemd/service-rules.ts';
import { SOCKET_RULES } from '../../../src/convert/systemd/socket-rules.ts';
import { blocksOf } from '../../docs/pages.ts';
import { convertFiles } from './convert-text.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/systemd-units.md', import.meta.url), 'utf8');

/** The names in the first cells of the tables between two lines of the page. */
function namedBetween(start: string, end: string): ReadonlySet<string> {
  const part = PAGE.slice(PAGE.indexOf(start), PAGE.indexOf(end));
  const cells = part.split('\n').flatMap((line) => /^\| ([^|]+) \|/.exec(line)?.[1] ?? []);
  return new Set(cells.flatMap((cell) => cell.split(', ').map((word) => word.replaceAll('`', ''))));
}

test.each([
  ['[Socket]', SOCKET_RULES, namedBetween('Of `[Socket]`:', 'Of `[Service]`:')],
  ['[Service]', SERVICE_RULES, namedBetween('Of `[Service]`:', 'Everything else that systemd has')],
] as const)(
  'docs/reference/systemd-units.md says what each setting of %s becomes, and no other',
  (_, rules: Rules, named) => {
    const told = Array.from(rules).filter(([, { kind }]) => kind !== 'lost');
    expect(told.map(([name]) => name).filter((name) => !named.has(name))).toEqual([]);
    const settings = [...named].filter((name) => name !== 'setting' && !name.startsWith('-'));
    expect(settings.filter((name) => !rules.has(name))).toEqual([]);
  },
);

test('the units of docs/how-to/leave-systemd-sockets.md become the service beside them', () => {
  const [units, service] = blocksOf('docs/how-to/leave-systemd-sockets.md').filter(
    ({ language }) => language !== '',
  );
  const files = (units?.text ?? '').split(/^# /m).filter((part) => part !== '');
  const { services, codes } = convertFiles(
    Object.fromEntries(
      files.map((part) => [`/u/${part.split('\n')[0]}`, part.slice(part.indexOf('\n') + 1)]),
    ),
  );
  expect(codes).toEqual([]);
  expect({ version: 1, services }).toMatchObject(parse(service?.text ?? ''));
  expect(Object.keys(services)).toEqual(['finger']);
});
