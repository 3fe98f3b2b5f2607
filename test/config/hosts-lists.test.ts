import { expect, test } from 'vitest';
import { loadText, oneService } from './load-text.ts';

function load(hosts: unknown) {
  const { config, diagnostics } = loadText(oneService({ hosts_access: hosts }));
  const [service] = config?.services ?? [];
  return {
    service,
    places: diagnostics.map(({ span, code }) => `${span.range?.line}:${span.range?.column} ${code}`),
  };
}

test('rules of tcp_wrappers can be a list in the configuration, and change the handler as those of a file do', () => {
  const { service, places } = load({ allow: ['ALL: 10.: setenv A b', 'ALL: 11.'], deny: ['ALL: ALL'] });
  expect(places).toEqual([]);
  const hosts = service?.rules.hosts;
  expect(hosts?.rules.allow.map(({ text, grants }) => [text, grants])).toEqual([
    ['ALL: 10.: setenv A b', true],
    ['ALL: 11.', true],
  ]);
  expect(hosts?.rules.deny.map(({ text, grants }) => [text, grants])).toEqual([['ALL: ALL', false]]);
  expect(hosts?.outcomes.allow.map(({ variant }) => variant)).toEqual([1, 0]);
  expect(service?.programs[1]?.env).toContain('A=b');
});

test('an empty list has no rules', () => {
  const { service, places } = load({ allow: [], deny: [] });
  expect(places).toEqual([]);
  expect(service?.rules.hosts?.rules).toEqual({ allow: [], deny: [] });
});

test('what is wrong with a rule is told where it stands in the list, and no rule is in force (S56)', () => {
  const yaml = [
    'version: 1',
    'services:',
    '  s:',
    '    listen: tcp://127.0.0.1:0',
    '    server: /bin/true',
    '    user: nobody',
    '    hosts_access:',
    '      allow:',
    '        - "ALL: LOCAL"',
    '        - "ALL: 10.0.0.1/8"',
    '      deny: []',
    '',
  ].join('\n');
  const { config, diagnostics } = loadText(yaml);
  expect(config).toBeUndefined();
  expect(diagnostics.map(({ span, code }) => `${span.range?.line}:${span.range?.column} ${code}`)).toEqual([
    '10:11 hosts/host-bits',
  ]);
});
