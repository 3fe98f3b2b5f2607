import { describe, expect, test } from 'vitest';
import { printResolution } from '../../src/config/print.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadText, oneService } from './load-text.ts';

const TCP = 'tcp://127.0.0.1:0';
const UDP = 'udp://127.0.0.1:0';
const UNIX = 'unix://@x';
const PATH = 'unix:///run/x.sock';

function codesOf(
  attributes: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>> = {},
): readonly string[] {
  const document = JSON.parse(oneService(attributes)) as object;
  return codes(loadText(JSON.stringify({ ...document, defaults })));
}

describe('a setting that no socket of the service can have', () => {
  const unfit: readonly (readonly [listen: string, name: string, value: unknown])[] = [
    [UDP, 'no_delay', true],
    [UDP, 'mptcp', true],
    [UDP, 'backlog', 5],
    [UDP, 'keepalive', true],
    [UDP, 'defer_accept', '5s'],
    [TCP, 'socket_mode', '0600'],
    [TCP, 'v6only', true],
    [UNIX, 'socket_user', 'nobody'],
    [UNIX, 'tos', 3],
    [PATH, 'mark', 3],
    [PATH, 'bind_to_device', 'lo'],
    [PATH, 'free_bind', true],
    ['vsock://any:7', 'transparent', true],
    ['tcpmux://x', 'send_buffer', 9],
  ];

  test.each(unfit)('on %s: %s is warned of where the service says it', (listen, name, value) => {
    expect(codesOf({ listen, [name]: value })).toContain('config/no-effect');
  });

  test.each(unfit)('on %s: %s is no mistake in defaults, and not printed', (listen, name, value) => {
    expect(codesOf({ listen }, { [name]: value })).not.toContain('config/no-effect');
    const document = { ...(JSON.parse(oneService({ listen })) as object), defaults: { [name]: value } };
    const { resolved } = loadText(JSON.stringify(document));
    expect(resolved && printResolution(resolved)).not.toContain(`${name}:`);
  });

  test('is none if one of several sockets can have it, or if it says no', () => {
    expect(codesOf({ listen: [TCP, PATH], no_delay: true, socket_mode: '0600' })).toEqual([]);
    expect(codesOf({ listen: UDP, wait: true, no_delay: false, mptcp: false })).toEqual([]);
  });
});

describe('access lists', () => {
  test.each([
    [PATH, ['192.0.2.0/24', 'office'], ['config/list-of-others']],
    [PATH, ['uid:0', '192.0.2.0/24'], []],
    [TCP, ['uid:0'], ['config/list-of-others']],
    [[TCP, PATH], ['uid:0'], ['config/list-of-others']],
    [[TCP, PATH], ['uid:0', '192.0.2.1'], []],
    [PATH, [], []],
    ['vsock://any:7', ['uid:0'], ['config/list-of-others']],
    [PATH, ['user:ftp', 'group:daemon'], []],
    [PATH, ['user:nosuch'], ['config/unknown-user']],
    [PATH, ['group:nosuch'], ['config/unknown-group']],
    [PATH, ['uid:ftp'], ['config/invalid-value']],
    [PATH, ['uid:007'], ['config/invalid-value']],
    [PATH, ['gid:4294967295'], ['config/invalid-value']],
    [PATH, ['user:'], ['config/invalid-value']],
  ])('on %s: %j gives %j', (listen, only_from, expected) => {
    expect(codesOf({ listen, only_from })).toEqual(expected);
  });

  test.each(['only_from', 'no_access'])(
    '%s is refused where datagrams have no sender (unix-dgram)',
    (name) => {
      expect(codesOf({ listen: 'unix-dgram:///run/x', wait: true, [name]: ['uid:0'] })).toContain(
        'config/wait-address',
      );
    },
  );
});

test.each([
  ['only_from', ['192.0.2.1']],
  ['no_access', ['192.0.2.1']],
  ['per_source', 3],
  ['rate_per_source', { count: 3, per: '1s' }],
])(
  '%s is refused where a handler accepts its clients itself, and taken where datagrams wait (S67)',
  (name, value) => {
    expect(codesOf({ listen: TCP, wait: true, [name]: value })).toEqual(['config/wait-address']);
    expect(codesOf({ listen: UDP, wait: true, [name]: value })).toEqual([]);
  },
);

describe('unix sockets', () => {
  test.each([
    'unix:///run/../x',
    'unix:///run/./x',
    'unix:////run/x',
    'unix:///run/',
    'unix://x',
    'unix://@',
    `unix:///${'x'.repeat(107)}`,
  ])('%s is refused', (listen) => {
    expect(codesOf({ listen })).toEqual(['config/invalid-value']);
  });

  test('of one path are one socket, whatever their type', () => {
    expect(codesOf({ listen: [PATH, PATH.replace('unix:', 'unix-seqpacket:')] })).toEqual([
      'config/duplicate-listener',
    ]);
    expect(codesOf({ listen: [UNIX, UNIX] })).toEqual(['config/duplicate-listener']);
  });
});

describe('tcpmux', () => {
  const mux = { listen: 'tcp://127.0.0.1:0', builtin: 'tcpmux' };
  const target = (listen: unknown) => ({ listen, server: '/bin/true', user: 'nobody' });
  const codesWith = (services: Readonly<Record<string, unknown>>): readonly string[] =>
    codes(loadText(JSON.stringify({ version: 1, services }), fakeHost()));

  test('and its services load', () => {
    expect(codesWith({ mux, a: target('tcpmux://a'), b: target(['tcpmux://+b', TCP]) })).toEqual([]);
  });

  test('is missed where services want it', () => {
    expect(codesWith({ a: target('tcpmux://a') })).toEqual(['config/no-tcpmux']);
    expect(codesWith({ mux: { ...mux, enabled: false }, a: target('tcpmux://a') })).toEqual([
      'config/no-tcpmux',
    ]);
  });

  test('has one service of a name, whatever the case', () => {
    expect(codesWith({ mux, a: target('tcpmux://a'), b: target('tcpmux://+A') })).toEqual([
      'config/duplicate-listener',
    ]);
  });

  test('cannot lead to a service that waits, or to itself, or come by datagrams', () => {
    expect(codesWith({ mux, a: { ...target('tcpmux://a'), wait: true } })).toEqual(['config/conflict']);
    expect(codesWith({ mux: { ...mux, listen: [TCP, 'tcpmux://x'] } })).toEqual(['config/conflict']);
    expect(codesWith({ mux: { ...mux, listen: UDP } })).toEqual(['config/conflict']);
  });

  test.each(['tcpmux://help', 'tcpmux://', 'tcpmux://+', 'tcpmux://a b', `tcpmux://${'a'.repeat(65)}`])(
    'takes no %s',
    (listen) => {
      expect(codesWith({ mux, a: target(listen) })).toEqual(['config/invalid-value']);
    },
  );
});
