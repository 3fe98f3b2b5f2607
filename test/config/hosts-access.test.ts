import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOSTS_CODES } from '../../src/config/hosts-access/hosts-problem.ts';
import { parseHostsAccess } from '../../src/config/hosts-access/parse-hosts-access.ts';

const FILES = new Map([
  ['/list', '10.0.0.1\t.example\n[2001:db8::]/32'],
  ['/commented', '10.0.0.1 # mine'],
  ['/nested', '/list'],
  ['/except', 'ALL EXCEPT 10.0.0.1'],
  ['/large', '10.0.0.1 '.repeat(16_385)],
]);
const GROUPS = new Map<string, readonly string[]>([
  ['hosts', ['a.Example', 'b.example']],
  ['open', ['a.example', '']],
  ['empty', []],
]);
const LOOKUPS = {
  readPatterns: (path: string) => FILES.get(path),
  netgroup: (name: string) => GROUPS.get(name),
};

function parse(text: string, table: 'allow' | 'deny' = 'allow') {
  return parseHostsAccess({ file: '/etc/hosts.allow', table, text }, LOOKUPS);
}

function codes(text: string, table: 'allow' | 'deny' = 'allow') {
  return parse(text, table).problems.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

const optionsOf = (text: string) => parse(`ALL: ALL: ${text}\n`).rules?.[0]?.options;

describe('the text of hosts.allow and hosts.deny', () => {
  test('becomes plain data that survives JSON', () => {
    const { rules } = parse(
      '# who may\n\nsshd, in.*@10.7. EXCEPT 22: 10.0.0.1 /list @hosts\\\n EXCEPT LOCAL : deny\n',
    );
    expect(rules).toEqual(JSON.parse(JSON.stringify(rules)));
    expect(rules).toMatchObject([
      {
        ...{ file: '/etc/hosts.allow', line: 3, grants: false },
        text: 'sshd, in.*@10.7. EXCEPT 22: 10.0.0.1 /list @hosts EXCEPT LOCAL : deny',
        daemons: {
          any: [
            { daemon: { kind: 'name', name: 'sshd' } },
            {
              daemon: { kind: 'name-glob', glob: 'in.*' },
              at: { kind: 'network', net: [10, 7, 0, 0], mask: [255, 255, 0, 0] },
            },
          ],
          except: { any: [{ daemon: { kind: 'port', port: 22 } }] },
        },
        clients: {
          any: [
            { kind: 'network', net: [10, 0, 0, 1], mask: [255, 255, 255, 255] },
            { kind: 'file', path: '/list', patterns: [{}, { kind: 'domain', suffix: '.example' }, {}] },
            { kind: 'netgroup', name: 'hosts', hosts: ['a.example', 'b.example'] },
          ],
          except: { any: [{ kind: 'local' }], except: undefined },
        },
        options: [],
      },
    ]);
  });

  test('options become data, in their order, with colons that a backslash protects', () => {
    expect(
      optionsOf(
        'keepalive: linger 5: severity Mail.INFO : severity err:nice:nice = -3: umask 022: user www.data: group x',
      ),
    ).toEqual([
      { kind: 'keepalive' },
      { kind: 'linger', seconds: 5 },
      { kind: 'severity', facility: 'mail', level: 'info' },
      { kind: 'severity', facility: undefined, level: 'err' },
      { kind: 'nice', increment: 10 },
      { kind: 'nice', increment: -3 },
      { kind: 'umask', mask: 0o22 },
      { kind: 'user', user: 'www', group: 'data' },
      { kind: 'group', group: 'x' },
    ]);
    expect(optionsOf('banners /etc/banners : setenv A b\\:c d : setenv B')).toEqual([
      { kind: 'banners', directory: '/etc/banners' },
      { kind: 'setenv', name: 'A', parts: ['b:c d'] },
      { kind: 'setenv', name: 'B', parts: [''] },
    ]);
  });

  test('%d of setenv is left open for the daemon, %% is a percent sign, and the client is never asked (S30)', () => {
    const [option] = optionsOf('setenv A 100%% of %d-%d') ?? [];
    expect(option).toEqual({ kind: 'setenv', name: 'A', parts: ['100% of ', '-', ''] });
    for (const letter of 'achnru') {
      expect(codes(`ALL: ALL: setenv A x%${letter}\n`)).toEqual(['1:11 hosts/client-expansion']);
    }
    for (const letter of ['p', 's', 'A', 'H', 'N', 'R', 'z', '']) {
      expect(codes(`ALL: ALL: setenv A x%${letter}\n`)).toEqual(['1:11 hosts/bad-expansion']);
    }
  });

  test('nothing that runs a command, and no name of a user, is taken (S56, S61)', () => {
    expect(codes('ALL: ALL: spawn x: twist y\nALL: ALL: aclexec z\nALL: ALL: (finger @%h) &\n')).toEqual([
      ...['1:11 hosts/spawn', '1:20 hosts/twist', '2:11 hosts/aclexec', '3:11 hosts/shell-command'],
    ]);
    expect(codes('ALL: root@ALL KNOWN@10.\nALL: ALL: rfc931\n')).toEqual([
      ...['1:6 hosts/ident', '1:15 hosts/ident', '2:11 hosts/ident'],
    ]);
    expect(parse('ALL: ALL: spawn x\n').problems[0]?.help).toBe('see the attribute "decide"');
  });

  test('one error, and there are no rules at all (S56)', () => {
    expect(parse('ALL: 10.\nALL: 11.0.0.1/8\nALL: 12.\n')).toMatchObject({
      rules: undefined,
      problems: [{ line: 2 }],
    });
    expect(parse('ALL: 10.\n').rules).toHaveLength(1);
  });

  test('an IPv6 address without brackets is an error that spells it with them', () => {
    const help = (text: string) => parse(`sshd: ${text}\n`).problems.map((it) => `${it.code} ${it.help}`);
    expect(help('2001:db8::1')).toEqual(['hosts/bare-ipv6 write "[2001:db8::1]"']);
    expect(help('10. ::1, fe80::/10 : allow')).toEqual([
      ...['hosts/bare-ipv6 write "[::1]"', 'hosts/bare-ipv6 write "[fe80::]/10"'],
    ]);
    expect(codes('ALL:::1\n')).toEqual(['1:5 hosts/bare-ipv6']);
    expect(codes('sshd@2001:db8::1: ALL\n')[0]).toMatch(/^1:/);
    expect(parse('sshd@2001:db8::1: ALL\n').rules).toBeUndefined();
  });

  test('places are those of the line that was continued', () => {
    expect(codes('# first\nsshd: \\\n  10.0.0.1/8, \\\n  <x>\n')).toEqual([
      '3:3 hosts/host-bits',
      '4:3 hosts/bad-pattern',
    ]);
  });

  test('a file that ends without newline, and a line that is too long, are refused, comments too', () => {
    expect(codes('ALL: ALL')).toEqual(['1:1 hosts/missing-newline']);
    expect(codes('ALL: ALL\n# the end', 'deny')).toEqual(['2:1 hosts/missing-newline']);
    expect(codes('ALL: ALL \\\n')).toEqual(['1:1 hosts/missing-newline']);
    const rule = (bytes: number) => `${'ALL: 10.'.padEnd(bytes - 1, ' ')}\n`;
    expect(codes(rule(2047))).toEqual([]);
    expect(codes(rule(2048))).toEqual(['1:1 hosts/long-line']);
    expect(codes(`#${'x'.repeat(2047)}\n`)).toEqual(['1:1 hosts/long-line']);
    expect(codes('')).toEqual([]);
  });

  test('a comment that swallows the next line is warned about', () => {
    expect(codes('# old \\\nALL: 10.\n')).toEqual(['2:1 hosts/continued-comment']);
    expect(codes('# old \\\n#ALL: 10.\n')).toEqual([]);
  });

  test('a client that gets in because its name cannot be found is warned about (S41)', () => {
    const places = (text: string, table: 'allow' | 'deny') =>
      codes(text, table).map((it) => it.split(' ')[1]);
    expect(places('ALL: .evil.example\n', 'deny')).toEqual(['hosts/depends-on-dns']);
    expect(places('ALL: ALL EXCEPT .evil.example\n', 'allow')).toEqual(['hosts/depends-on-dns']);
    expect(places('ALL: UNKNOWN\n', 'allow')).toEqual(['hosts/depends-on-dns']);
    expect(places('ALL: .good.example\n', 'allow')).toEqual([]);
    expect(places('ALL: ALL EXCEPT .good.example\nALL: UNKNOWN, PARANOID\n', 'deny')).toEqual([]);
    expect(places('ALL: www.\n', 'allow')).toEqual(['hosts/name-prefix']);
  });

  test('netgroups and files that cannot be used are errors, and their contents are bounded (S44)', () => {
    expect(codes('ALL: @none\nALL: @empty\nALL: @open\nALL: @\n')).toEqual([
      ...['1:6 hosts/unknown-netgroup', '2:6 hosts/unknown-netgroup', '3:6 hosts/open-netgroup'],
      '4:6 hosts/unknown-netgroup',
    ]);
    expect(codes('ALL: /none\nALL: /nested\nALL: /except\nALL: /large\n')).toEqual([
      ...[
        '1:6 hosts/unreadable-file',
        '2:6 hosts/nested-file',
        '3:6 hosts/bad-pattern',
        '4:6 hosts/too-many-patterns',
      ],
    ]);
    expect(parse('ALL: /commented\n').problems[0]).toMatchObject({
      code: 'hosts/inline-comment',
      message: 'Cannot use "#": a comment has a line of its own, in "/commented"',
    });
  });

  test('control characters are refused, and carriage returns at the end of a line are not in the way', () => {
    expect(codes('ALL: 10.0.\0.\n')).toEqual(['1:11 hosts/control-character']);
    expect(codes('# a \0\nALL: 10.\n')).toEqual(['1:5 hosts/control-character']);
    expect(codes('# a \x1b é\nALL: 10.\n')).toEqual([]);
    expect(parse('ALL: 10.\r\nALL: ALL: allow\r\n').rules).toHaveLength(2);
  });

  test('whatever the text is, there are rules or errors, each with a known code and a place in it', () => {
    const word = fc.constantFrom(
      ...['ALL', ':', '\\\n', '\n', ' ', '@', '[', ']', '::1', 'EXCEPT', '10.', '/', '%', '#'],
    );
    const text = fc
      .array(fc.oneof(word, fc.string({ unit: 'binary', maxLength: 3 })))
      .map((it) => it.join(''));
    fc.assert(
      fc.property(text, (it) => {
        const { rules, problems } = parse(it);
        expect(rules === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
        for (const { code, line, column } of problems) {
          expect(Object.keys(HOSTS_CODES)).toContain(code);
          expect(line).toBeLessThanOrEqual(it.split('\n').length);
          expect(column).toBeLessThanOrEqual((it.split('\n')[line - 1]?.length ?? 0) + 2);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
