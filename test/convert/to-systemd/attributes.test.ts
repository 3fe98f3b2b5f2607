import { describe, expect, test } from 'vitest';
import { Report } from '../../../src/config/report.ts';
import { toSystemd } from '../../../src/convert/to-systemd/to-systemd.ts';
import { type Attributes, layeredOf, linesOf, service, unitsOf } from './units-of.ts';

const TCP6 = 'tcp6://[::]:7';

describe('an attribute with a form of its own in units', () => {
  test.each<[Attributes, readonly string[]]>([
    [{ listen: 'tcp4://*:7' }, ['ListenStream=0.0.0.0:7']],
    [{ listen: 'tcp6://*:7' }, ['ListenStream=[::]:7', 'BindIPv6Only=ipv6-only']],
    [{ listen: 'tcp46://[::]:7' }, ['ListenStream=[::]:7', 'BindIPv6Only=both']],
    [{ listen: TCP6, v6only: false }, ['BindIPv6Only=both']],
    [{ listen: 'tcp6://[::1]:7' }, ['ListenStream=[::1]:7']],
    [{ listen: 'vsock://3:7' }, ['ListenStream=vsock:3:7']],
    [{ listen: 'unix-dgram:///run/x', wait: true }, ['ListenDatagram=/run/x', 'SocketMode=0660']],
    [
      { listen: 'unix:///run/x', socket_user: 'daemon', socket_group: 'daemon' },
      ['SocketUser=daemon', 'SocketGroup=daemon'],
    ],
    [
      { no_delay: true, receive_buffer: '64k', send_buffer: 9000 },
      ['NoDelay=yes', 'ReceiveBuffer=65536', 'SendBuffer=9000'],
    ],
    [{ mptcp: true, tos: 16, mark: 3 }, ['SocketProtocol=mptcp', 'IPTOS=16', 'Mark=3']],
    [{ instances: 'UNLIMITED' }, ['MaxConnections=65535', 'MaxConnectionsPerSource=0']],
    [{ instances: 'UNLIMITED', per_source: 3 }, ['MaxConnections=65535', 'MaxConnectionsPerSource=3']],
    [{ group: 'daemon', groups: ['daemon', 7] }, ['Group=daemon', 'SupplementaryGroups=daemon 7']],
    [
      { listen: 'tcp://127.0.0.1:7', wait: true, listen_fds: true, stderr: 'none' },
      ['StandardInput=null', 'StandardOutput=null', 'StandardError=null'],
    ],
    [{ cwd: '/a%b', chroot: '/' }, ['WorkingDirectory=/a%%b', 'RootDirectory=/']],
    [{ server_args: ['a\tb'] }, ['ExecStart=-/bin/cat "a\\x09b"']],
    [{ user: 'root', capabilities: ['CAP_KILL'] }, ['CapabilityBoundingSet=CAP_KILL']],
    [{ system_calls: ['~ptrace'], system_call_error: 'kill' }, ['SystemCallFilter=~ptrace']],
    [{ restrict_address_families: 'none' }, ['RestrictAddressFamilies=none']],
    [{ restrict_address_families: ['AF_UNIX'] }, ['RestrictAddressFamilies=AF_UNIX']],
    [{ restrict_namespaces: true }, ['RestrictNamespaces=yes']],
    [{ restrict_namespaces: ['user', 'net'] }, ['RestrictNamespaces=user net']],
    [{ protect_home: true, private_ipc: true }, ['ProtectHome=yes', 'PrivateIPC=yes']],
  ])('%j', (more, lines) => {
    expect(linesOf(more)).toEqual(expect.arrayContaining([...lines]));
  });

  test.each<[Attributes, RegExp]>([
    [{ restrict_namespaces: false }, /RestrictNamespaces/],
    [{ protect_home: false, private_tmp: false }, /Protect|PrivateTmp/],
    [{ read_only_paths: [], read_write_paths: [] }, /Paths/],
    [{ system_calls: ['~ptrace'], system_call_error: 'kill' }, /SystemCallErrorNumber/],
    [{ user: 'root', capabilities: ['CAP_KILL'] }, /AmbientCapabilities/],
    [{ keepalive: false }, /KeepAlive/],
    [{ free_bind: false }, /FreeBind/],
    [{ only_from: [], no_access: [] }, /IPAddressAllow/],
  ])('%j says what no line needs to say', (more, pattern) => {
    expect(linesOf(more).filter((line) => pattern.test(line))).toEqual([]);
  });
});

describe('what units have no form for', () => {
  test.each<[Attributes, string]>([
    [{ pass_env: 'ALL' }, 'systemd passes on what is listed'],
    [{ mode: 'extended' }, 'systemd has nothing like it'],
    [
      { listen: ['udp://127.0.0.1:7', 'udp://127.0.0.1:8'], wait: true },
      'systemd starts one program with all sockets',
    ],
    [{ instances: 9, per_source: 3, cps: { rate: 5 } }, 'systemd has nothing like it'],
  ])('%j is taken without it, with a warning', (more, reason) => {
    const { units, messages } = unitsOf({ it: service(more) });
    expect(units).toHaveLength(2);
    expect(messages.join('\n')).toContain(reason);
  });

  test.each<[Attributes, string]>([
    [{ listen: 'tcpmux://x' }, 'systemd has no tcpmux'],
    [{ listen: 'tcp://127.0.0.1:0' }, 'a socket unit has a port'],
    [
      { only_from: ['10.0.0.0/8'], no_access: ['0.0.0.0/0'], match: 'xinetd' },
      'under systemd whoever is allowed is not denied',
    ],
    [{ no_access: ['.example.org'] }, 'a socket unit goes by addresses alone, and not by ".example.org"'],
  ])('%j is left out, with the reason', (more, reason) => {
    const { units, messages } = unitsOf({ it: service(more) });
    expect(units).toEqual([]);
    expect(messages.join('\n')).toContain(reason);
  });

  test('a port that has a name is one of services(5), of the machine that converts', () => {
    const report = new Report({ leavesOut: true });
    const layered = layeredOf({ it: service({ listen: 'tcp://127.0.0.1:finger' }) });
    expect(toSystemd(layered, { report })).toEqual([]);
    expect(
      report
        .diagnostics()
        .map(({ message }) => message)
        .join(),
    ).toContain('the port of "finger" is not known here');
  });

  test('a service that is switched off is not installed', () => {
    expect(unitsOf({ it: service({ enabled: false }) }).units[0]?.text).not.toContain('[Install]');
  });
});
