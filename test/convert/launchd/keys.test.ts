import { describe, expect, test } from 'vitest';
import { convertText, convertTexts, job } from './convert-text.ts';

interface Row {
  readonly keys: Readonly<Record<string, unknown>>;
  readonly becomes: object;
  readonly codes?: readonly string[];
}

function sockets(...list: readonly object[]): Readonly<Record<string, unknown>> {
  return { Sockets: Object.fromEntries(list.map((each, index) => [`s${index}`, each])) };
}

const WAIT = { inetdCompatibility: { Wait: true } };

const ROWS: readonly Row[] = [
  { keys: sockets({ SockServiceName: 'ftp' }), becomes: { listen: 'tcp://*:ftp' } },
  { keys: sockets({ SockServiceName: 21 }), becomes: { listen: 'tcp://*:21' } },
  { keys: sockets({ SockServiceName: '1', SockFamily: 'IPv4' }), becomes: { listen: 'tcp4://*:1' } },
  { keys: sockets({ SockServiceName: '1', SockFamily: 'IPv6' }), becomes: { listen: 'tcp6://*:1' } },
  {
    keys: sockets({ SockServiceName: '1', SockNodeName: '127.0.0.1' }),
    becomes: { listen: 'tcp://127.0.0.1:1' },
  },
  { keys: sockets({ SockServiceName: '1', SockNodeName: '::1' }), becomes: { listen: 'tcp://[::1]:1' } },
  {
    keys: sockets({ SockServiceName: '1', SockNodeName: 'localhost' }),
    becomes: { listen: 'tcp://localhost:1' },
  },
  {
    keys: sockets({ SockServiceName: '1', SockProtocol: 'TCP', SockPassive: true }),
    becomes: { listen: 'tcp://*:1' },
  },
  {
    keys: { ...sockets({ SockServiceName: '1', SockType: 'dgram' }), ...WAIT },
    becomes: { listen: 'udp://*:1', wait: true },
  },
  {
    keys: { Sockets: { a: [{ SockServiceName: '1' }, { SockServiceName: '2' }] } },
    becomes: { listen: ['tcp://*:1', 'tcp://*:2'] },
  },
  {
    keys: sockets({ SockServiceName: '1' }, { SockServiceName: '2' }),
    becomes: { listen: ['tcp://*:1', 'tcp://*:2'] },
  },
  {
    keys: sockets({ SockPathName: '/run/x', SockPathMode: 438, SockPathOwner: 5 }),
    becomes: { listen: 'unix:///run/x', socket_mode: '0666', socket_user: 5 },
  },
  {
    keys: sockets({ SockPathName: '/run/x', SockServiceName: '5' }),
    becomes: { listen: 'unix:///run/x' },
    codes: ['launchd/no-counterpart'],
  },
  {
    keys: sockets({ SockPathName: '/run/x', SockType: 'seqpacket' }),
    becomes: { listen: 'unix-seqpacket:///run/x' },
  },
  {
    keys: sockets({ SockServiceName: '1', Bonjour: ['a'], ReceivePacketInfo: true }),
    becomes: { listen: 'tcp://*:1' },
    codes: ['launchd/no-counterpart', 'launchd/no-counterpart'],
  },
  { keys: sockets({ SockServiceName: '1', Bonjour: false }), becomes: { listen: 'tcp://*:1' } },
  { keys: WAIT, becomes: { wait: true } },
  {
    keys: { inetdCompatibility: { Wait: false, Instances: 7 } },
    becomes: { instances: 7, per_source: 'UNLIMITED', policies: { instances: 'queue' } },
  },
  {
    keys: { Program: '/bin/a', ProgramArguments: ['b', '-c'] },
    becomes: { server: '/bin/a', argv0: 'b', server_args: ['-c'] },
  },
  { keys: { Program: '/bin/a', ProgramArguments: undefined }, becomes: { server: '/bin/a' } },
  { keys: { GroupName: 'wheel', InitGroups: false }, becomes: { user: 'me', group: 'wheel' } },
  { keys: {}, becomes: { user: 'me', groups: true, env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' } } },
  { keys: { UserName: undefined }, becomes: { user: 'root' }, codes: ['launchd/user'] },
  { keys: { EnvironmentVariables: { A: 'b', PATH: '/x' } }, becomes: { env: { A: 'b', PATH: '/x' } } },
  { keys: { WorkingDirectory: '/a', RootDirectory: '/b' }, becomes: { cwd: '/a', chroot: '/b' } },
  { keys: { Umask: 18 }, becomes: { umask: '022' } },
  { keys: { Umask: '077' }, becomes: { umask: '077' } },
  { keys: { Umask: '18' }, becomes: { umask: '022' } },
  { keys: { Nice: -5, ExitTimeOut: 20 }, becomes: { nice: -5, grace: '20s' } },
  { keys: { ExitTimeOut: 0 }, becomes: {}, codes: ['launchd/no-counterpart'] },
  {
    keys: { SoftResourceLimits: { CPU: 1, NumberOfFiles: 5 }, HardResourceLimits: { CPU: 2, Stack: 9 } },
    becomes: { rlimits: { cpu: { soft: 1, hard: 2 }, nofile: 5, stack: 9 } },
    codes: ['launchd/limit', 'launchd/limit'],
  },
  { keys: { StandardErrorPath: '/dev/null' }, becomes: { stderr: 'none' } },
  {
    keys: { StandardErrorPath: '/var/log/x' },
    becomes: { stderr: 'log' },
    codes: ['launchd/no-counterpart'],
  },
  { keys: { Disabled: true }, becomes: { enabled: false }, codes: ['launchd/disabled'] },
  { keys: { Disabled: false, KeepAlive: false, RunAtLoad: false, EnableGlobbing: false }, becomes: {} },
  { keys: { KeepAlive: { Crashed: true } }, becomes: {}, codes: ['launchd/no-counterpart'] },
  {
    keys: { RunAtLoad: true, ThrottleInterval: 10 },
    becomes: {},
    codes: ['launchd/no-counterpart', 'launchd/no-counterpart'],
  },
  { keys: { Nize: 5 }, becomes: {}, codes: ['launchd/unknown-key'] },
];

describe('what each key becomes', () => {
  test.each(ROWS)('$keys', ({ keys, becomes, codes = [] }) => {
    const { services, diagnostics } = convertText(job(keys));
    expect(services['x']).toMatchObject(becomes);
    expect(diagnostics.map(({ code }) => code)).toEqual(codes);
  });

  test('a job without a word more is this', () => {
    expect(convertText(job()).services['x']).toEqual({
      listen: 'tcp://*:7001',
      user: 'me',
      groups: true,
      server: '/bin/cat',
      env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' },
      instances: 256,
      policies: { instances: 'queue' },
    });
  });

  test('a key that is misspelt is told with the one that is near', () => {
    const { diagnostics } = convertText(job({ UserNam: 'x' }));
    expect(diagnostics).toMatchObject([{ code: 'launchd/unknown-key', help: 'did you mean "UserName"?' }]);
  });
});

describe('what leaves a job out, alone and with a place', () => {
  test.each([
    [{ Label: undefined }, 'launchd/missing'],
    [{ ProgramArguments: undefined }, 'launchd/missing'],
    [{ Sockets: undefined }, 'launchd/missing'],
    [{ Sockets: {} }, 'launchd/missing'],
    [sockets({ SockFamily: 'IPv4' }), 'launchd/missing'],
    [{ inetdCompatibility: undefined }, 'launchd/not-inetd'],
    [sockets({ SockServiceName: '1', SockPassive: false }), 'launchd/not-supported'],
    [sockets({ SockServiceName: '1', SecureSocketWithKey: 'X' }), 'launchd/not-supported'],
    [sockets({ SockServiceName: '1', MulticastGroup: '224.0.0.1' }), 'launchd/not-supported'],
    [
      sockets({ SockPathName: '/a', SockPathMode: 384 }, { SockPathName: '/b', SockPathMode: 438 }),
      'launchd/not-supported',
    ],
    [{ EnableGlobbing: true }, 'launchd/not-supported'],
    [sockets({ SockServiceName: '1', SockType: 'raw' }), 'launchd/value'],
    [sockets({ SockServiceName: '1', SockType: 'seqpacket' }), 'launchd/value'],
    [sockets({ SockServiceName: '1', SockType: 'dgram' }), 'launchd/value'],
    [sockets({ SockServiceName: '1', SockProtocol: 'UDP' }), 'launchd/value'],
    [sockets({ SockServiceName: '1', SockProtocol: 'constructor' }), 'launchd/value'],
    [sockets({ SockServiceName: '1', SockFamily: 'AppleTalk' }), 'launchd/value'],
    [sockets({ SockPathName: '/a', SockPathMode: 700 }), 'launchd/value'],
    [{ Umask: 777 }, 'launchd/value'],
    [{ Nice: 40 }, 'launchd/value'],
    [{ EnvironmentVariables: { 'A B': 'c' } }, 'launchd/value'],
    [{ SoftResourceLimits: { CPU: -1 } }, 'launchd/value'],
    [{ UserName: 5 }, 'launchd/type'],
    [{ Nice: '5' }, 'launchd/type'],
    [{ Disabled: 'true' }, 'launchd/type'],
    [{ Disabled: 1 }, 'launchd/type'],
    [{ ProgramArguments: ['/bin/a', 5] }, 'launchd/type'],
    [{ Sockets: { a: ['b'] } }, 'launchd/type'],
    [{ inetdCompatibility: true }, 'launchd/type'],
    [{ EnvironmentVariables: { A: 5 } }, 'launchd/type'],
    [{ Nice: 1.5 }, 'launchd/type'],
    [{ UserName: '@CUPS_USER@' }, 'launchd/template'],
    [{ WorkingDirectory: '/a\tb' }, 'launchd/control-character'],
  ])('%j', (keys, code) => {
    const { services, diagnostics, accounts } = convertTexts({
      'a.plist': job({ Label: 'other' }),
      'b.plist': job(keys),
    });
    expect(Object.keys(services)).toEqual(['other']);
    expect(diagnostics.map((each) => each.code)).toContain(code);
    for (const { span } of diagnostics)
      expect(span).toMatchObject({ file: 'b.plist', range: { line: expect.any(Number) } });
    expect(accounts.map(({ kind }) => kind)).toEqual(['service', 'problem']);
  });

  test('an agent without a user, known by its directory: there is no session that it could be in', () => {
    const { services, diagnostics } = convertTexts({
      '/Library/LaunchAgents/x.plist': job({ UserName: undefined }),
    });
    expect(services).toEqual({});
    expect(diagnostics.map(({ code }) => code)).toEqual(['launchd/missing']);
  });
});

describe('files', () => {
  test('are jobs each, from the first line to the last, and told apart by their labels', () => {
    const { services, accounts } = convertTexts({
      a: job(),
      b: job(),
      c: job({ Label: 'a b', Disabled: true }),
    });
    expect(Object.keys(services)).toEqual(['x', 'x-2', 'a-b']);
    expect(accounts.map(({ file, kind, line, name }) => [file, kind, line, name])).toEqual([
      ['a', 'service', 1, 'x'],
      ['b', 'service', 1, 'x-2'],
      ['c', 'disabled', 1, 'a-b'],
    ]);
    const count = job().split('\n').length - 1;
    expect(accounts[0]?.lastLine).toBe(count);
  });
});
