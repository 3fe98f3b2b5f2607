import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Report } from '../../../src/config/report.ts';
import { makeSource } from '../../../src/config/source.ts';
import { toSystemd, type UnitFile } from '../../../src/convert/to-systemd/to-systemd.ts';
import { scalarNode } from '../../../src/convert/tree.ts';
import { describeWith } from '../../harness/describe-with.ts';
import { program } from '../../harness/program.ts';
import { runProgram } from '../../harness/run-program.ts';
import { scratch } from '../../harness/scratch.ts';
import { systemdLibraries } from '../../harness/systemd-libraries.ts';
import { convertFiles } from '../systemd/convert-text.ts';
import { type Attributes, layeredOf, linesOf, service, unitsOf } from './units-of.ts';

test('a service is a socket unit and a service for each connection', () => {
  const { units, codes } = unitsOf({ finger: service({ listen: 'tcp://*:finger', server_args: ['-w'] }) });
  expect(codes).toEqual([]);
  expect(units.map(({ name }) => name)).toEqual(['finger.socket', 'finger@.service']);
  expect(units[0]?.text).toBe(`[Unit]
Description=finger, its socket

[Socket]
ListenStream=79
BindIPv6Only=both
Accept=yes
Backlog=4096
KeepAlive=yes
KeepAliveTimeSec=60
KeepAliveIntervalSec=15
KeepAliveProbes=4
MaxConnections=50
MaxConnectionsPerSource=25
TriggerLimitIntervalSec=0

[Install]
WantedBy=sockets.target
`);
  expect(units[1]?.text).toBe(`[Unit]
Description=finger, a connection
CollectMode=inactive-or-failed

[Service]
ExecStart=-/bin/cat -w
StandardInput=socket
StandardError=inherit
User=daemon
UMask=0022
TimeoutStopSec=5s
LimitCORE=0
LimitNOFILE=1024
`);
});

describe('each attribute that units have words for', () => {
  test.each([
    [{ listen: 'tcp6://[::]:7' }, ['ListenStream=[::]:7', 'BindIPv6Only=ipv6-only']],
    [{ listen: 'unix:///run/x', socket_mode: '0600' }, ['ListenStream=/run/x', 'SocketMode=0600']],
    [
      { listen: ['vsock://any:7', 'unix-seqpacket://@x'] },
      ['ListenStream=vsock::7', 'ListenSequentialPacket=@x'],
    ],
    [{ listen: 'udp://127.0.0.1:7', wait: true }, ['ListenDatagram=127.0.0.1:7', 'Accept=no']],
    [
      { server_args: ['a b', '$HOME', '100%', '"\\', ';', ''] },
      ['ExecStart=-/bin/cat "a b" "$$HOME" "100%%" "\\"\\\\" ";" ""'],
    ],
    [{ argv0: 'dog' }, ['ExecStart=-@/bin/cat dog']],
    [{ env: { A: 'b c', D: '%i' } }, ['Environment="A=b c"', 'Environment="D=%%i"']],
    [{ peer_env: ['cgi'], pass_env: ['TZ'] }, ['PassEnvironment=TZ']],
    [
      { stderr: 'log', umask: '077', nice: 3, cwd: '/tmp' },
      ['StandardError=journal', 'UMask=0077', 'Nice=3', 'WorkingDirectory=/tmp'],
    ],
    [
      { rlimits: { cpu: '5m', as: '1g', nofile: { soft: 9, hard: 'unlimited' } } },
      ['LimitNOFILE=9:infinity', 'LimitCPU=5m', 'LimitAS=1G'],
    ],
    [{ instances: 5, per_source: 'UNLIMITED' }, ['MaxConnections=5', 'MaxConnectionsPerSource=0']],
    [{ only_from: ['10.0.0.0/8', '::1'] }, ['IPAddressAllow=10.0.0.0/8 ::1/128', 'IPAddressDeny=any']],
    [{ no_access: ['10.0.0.0/8'] }, ['IPAddressDeny=10.0.0.0/8']],
    [
      { only_from: ['10.1.0.0/16'], no_access: ['10.0.0.0/8'] },
      ['IPAddressAllow=10.1.0.0/16', 'IPAddressDeny=any'],
    ],
    [{ dynamic_user: true }, ['DynamicUser=yes']],
    [{ capabilities: ['CAP_KILL'] }, ['CapabilityBoundingSet=CAP_KILL', 'AmbientCapabilities=CAP_KILL']],
    [
      { protect_system: 'strict', read_write_paths: ['/tmp'] },
      ['ProtectSystem=strict', 'ReadWritePaths=-/tmp'],
    ],
    [
      { system_calls: ['@system-service', '~ptrace'] },
      ['SystemCallFilter=@system-service', 'SystemCallFilter=~ptrace', 'SystemCallErrorNumber=EPERM'],
    ],
    [{ restrict_address_families: ['~AF_PACKET', '~AF_KEY'] }, ['RestrictAddressFamilies=~AF_PACKET AF_KEY']],
    [{ max_connection_age: '90m', grace: '10s' }, ['RuntimeMaxSec=90min', 'TimeoutStopSec=10s']],
  ])('%j', (more, lines) => {
    expect(unitsOf({ it: service(more) }).codes).toEqual([]);
    expect(linesOf(more)).toEqual(expect.arrayContaining(lines));
  });
});

describe('what units have no words for (promise 8)', () => {
  test.each([
    [{ max_load: 3 }, ['left-out']],
    [{ cps: { rate: 5 }, penalties: { crash: '1m' } }, ['left-out', 'left-out']],
    [{ peer_env: ['ucspi'] }, ['left-out']],
    [{ groups: false }, ['left-out']],
    [{ private_pids: true }, ['left-out']],
    [{ instances: { soft: 1, hard: 2 } }, ['differs']],
    [{ log_type: 'none' }, []],
  ])('%j is left out, or taken as far as it goes, with a warning', (more, codes) => {
    const made = unitsOf({ it: service(more) });
    expect(made.codes).toEqual(codes);
    expect(made.units).toHaveLength(2);
  });

  test.each([
    { sensor: true, server: undefined, user: undefined, groups: undefined },
    { builtin: 'echo', server: undefined, user: undefined, groups: undefined },
    { redirect: 'tcp://127.0.0.1:9', server: undefined, user: undefined, groups: undefined },
    { access_times: ['08:00-18:00'] },
    { hosts_access: true },
    { only_from: ['.example.org'] },
    { only_from: ['10.0.0.0/8'], no_access: ['10.1.0.0/16'] },
    { listen: 'tcp://localhost:7' },
    { listen: 'udp://127.0.0.1:7' },
    { listen: ['tcp46://[::]:7', 'tcp6://[::]:8'] },
  ])('%j would be another service, and is left out alone', (more) => {
    const { units, codes } = unitsOf({
      it: service(more),
      other: service({ listen: 'tcp://127.0.0.1:9999' }),
    });
    expect(codes).toContain('cannot');
    expect(units.map(({ name }) => name)).toEqual(['other.socket', 'other@.service']);
  });
});

test('what only some zinetd has goes into words that systemd has', () => {
  const more = {
    ...{ memory_max: '64m', tasks_max: 'max', cpu_max: '20%', kill_mode: 'control-group' },
    ...{ exec_paths: ['/usr'], apparmor_profile: '-web', selinux_context: 'a:b:c' },
    credentials: { key: '/etc/key', word: { text: 'a "b" 5%' } },
  };
  const report = new Report({ leavesOut: true });
  const source = makeSource('zinetd.yaml', '');
  const place = { source, start: 0, end: 0 };
  const [layered] = layeredOf({ it: service({ listen: 'udp://127.0.0.1:7', wait: true }) });
  const settings = {
    ...layered?.settings,
    ...Object.fromEntries(
      Object.entries(more).map(([name, value]) => [name, { value, node: scalarNode('', place) }]),
    ),
  };
  const units = toSystemd(layered ? [{ ...layered, settings }] : [], { report });
  expect(report.diagnostics()).toEqual([]);
  expect(units[1]?.text.split('\n')).toEqual(
    expect.arrayContaining([
      ...['MemoryMax=64M', 'CPUQuota=20%', 'KillMode=control-group', 'NoExecPaths=/', 'ExecPaths=-/usr'],
      ...['AppArmorProfile=-web', 'SELinuxContext=a:b:c', 'LoadCredential=key:/etc/key'],
      'SetCredential=word:a \\"b\\" 5%%',
    ]),
  );
});

/** Services that go to systemd and come back. */
const SERVICES: Readonly<Record<string, Attributes>> = {
  plain: service(),
  waits: service({ listen: 'udp46://[::]:7001', wait: true, stderr: 'none' }),
  listed: service({ listen: 'tcp://127.0.0.1:7002', wait: true, listen_fds: true, stderr: 'log' }),
  words: service({
    listen: 'tcp://127.0.0.1:7003',
    server_args: ['a b', '$A\x24{B}', '%i', '"\\\'', ';'],
    argv0: 'x y',
  }),
  variables: service({
    listen: 'tcp://127.0.0.1:7004',
    env: { A: '$x "y"', PATH: '/bin', B: '%n' },
    pass_env: ['TZ'],
  }),
  kept: service({
    ...{ listen: 'tcp://127.0.0.1:7005', protect_system: 'strict', private_tmp: true, capabilities: [] },
    ...{ no_new_privileges: true, restrict_namespaces: ['user'], lock_personality: true },
    ...{ system_calls: ['@system-service', '~@mount'], read_only_paths: ['/srv'] },
  }),
  lists: service({
    listen: 'tcp://127.0.0.1:7006',
    only_from: ['10.0.0.0/8', '2001:db8::/32'],
    instances: 7,
    per_source: 2,
  }),
  path: service({
    listen: 'unix:///run/zinetd-x',
    socket_mode: '0600',
    rlimits: { nofile: 99 },
    umask: '077',
  }),
  dynamic: service({
    listen: 'tcp://127.0.0.1:7008',
    dynamic_user: true,
    max_connection_age: '28800s',
    nice: 5,
  }),
};

/** What is written otherwise, or is something that systemd adds. */
const ADDED = [
  'keepalive',
  'rate_per_source',
  'env',
  'instances',
  'per_source',
  'groups',
  'peer_env',
  'wait',
  'listen_fds',
];

test('what comes back from units is what went there', () => {
  const { units, codes } = unitsOf(SERVICES);
  expect(codes).toEqual([]);
  const files = Object.fromEntries(units.map(({ name, text }) => [`/u/${name}`, text]));
  const { services, diagnostics } = convertFiles(files);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  for (const [name, written] of Object.entries(SERVICES)) {
    const { env, ...rest } = written;
    expect([name, services[name]]).toMatchObject([name, { ...rest, ...(env ? { env } : {}) }]);
    const more = Object.keys(services[name] ?? {}).filter((key) => !(key in written) && !ADDED.includes(key));
    const usual = ['stderr', 'umask', 'grace', 'rlimits', 'backlog', 'system_call_error'];
    const dynamic = [
      'no_new_privileges',
      'private_tmp',
      'protect_system',
      'protect_home',
      'restrict_suid_sgid',
    ];
    expect(more.filter((key) => ![...usual, ...(name === 'dynamic' ? dynamic : [])].includes(key))).toEqual(
      [],
    );
  }
});

describeWith('systemd', { needs: [{ program: 'systemd-analyze' }] }, () => {
  async function verify(units: readonly UnitFile[]): Promise<string> {
    const directory = join(scratch('to-systemd'), 'units');
    mkdirSync(directory);
    for (const { name, text } of units) writeFileSync(join(directory, name), text, { mode: 0o644 });
    const paths = units.map(({ name }) => join(directory, name.replace('@.', '@1.')));
    const env = {
      LD_LIBRARY_PATH: systemdLibraries(),
      SYSTEMD_UNIT_PATH: `${directory}:`,
      SYSTEMD_COLORS: '0',
    };
    const analyze = [program('systemd-analyze') ?? '', 'verify', '--man=no', '--recursive-errors=no'];
    return (await runProgram([...analyze, ...paths], { env })).stderr;
  }

  test('takes all of them: "systemd-analyze verify" has nothing to say', async () => {
    const { units } = unitsOf(SERVICES);
    expect(await verify(units)).toBe('');
    const wrong = units.map(({ name, text }) => ({ name, text: text.replace('UMask=0022', 'UMask=no') }));
    expect(await verify(wrong)).toContain('Failed to parse mode value');
  });
});
