import { describe, expect, test } from 'vitest';
import { convertPair } from './convert-text.ts';

function expectService(
  service: readonly string[],
  expected: Readonly<Record<string, unknown>>,
  codes: readonly string[] = [],
): void {
  const converted = convertPair({ service });
  expect(converted.it).toMatchObject(expected);
  expect(converted.codes).toEqual(codes);
}

describe('who it runs as (promise 6)', () => {
  test.each([
    [[], { user: 'root' }, []],
    [['User=me'], { user: 'me', groups: true }, []],
    [['User=0'], { user: 'root' }, []],
    [['User=%p', 'Group=7'], { user: 'it', group: '7' }, []],
    [['User=me', 'SupplementaryGroups=a b'], { groups: ['a', 'b'] }, ['groups']],
    [['SupplementaryGroups=a'], { user: 'root', groups: ['a'] }, []],
    [['User=%i'], {}, ['specifier']],
  ])('%j', expectService);

  test("a user that is nobody's has what systemd gives such a one", () => {
    const { it, codes } = convertPair({ service: ['DynamicUser=yes', 'User=me', 'ProtectSystem=no'] });
    expect(it).toMatchObject({
      ...{ dynamic_user: true, protect_system: 'strict', protect_home: 'read-only', private_tmp: true },
      ...{ no_new_privileges: true, restrict_suid_sgid: true },
    });
    expect(it).not.toHaveProperty('user');
    expect(codes).toEqual(['no-counterpart']);
  });
});

describe('what it finds (promise 6)', () => {
  test('is the environment of its unit, and what systemd adds', () => {
    const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    expect(convertPair({ service: ['User=me', 'Environment="A=b c" D=%p'] }).it['env']).toEqual({
      ...{ PATH, USER: 'me', LOGNAME: 'me', A: 'b c', D: 'it' },
    });
    expectService(['Environment=PATH=/bin', 'PassEnvironment=TZ LANG'], {
      ...{ env: { PATH: '/bin' }, pass_env: ['TZ', 'LANG'], peer_env: ['cgi'] },
    });
    expectService(['Environment=1=2 A=3'], { env: { A: '3' } }, ['ignored']);
    expectService(['EnvironmentFile=-/etc/*.env'], {}, ['not-supported']);
  });

  test.each([
    [[], 'socket', []],
    [['StandardError=journal'], 'log', []],
    [['StandardError=null'], 'none', []],
    [['StandardOutput=socket', 'StandardError=inherit'], 'socket', []],
    [['StandardError=append:/var/log/x'], 'log', ['output']],
    [['StandardOutput=journal'], 'log', ['not-supported']],
  ])('streams: %j', (service, stderr, codes) => {
    expectService(service, codes.includes('not-supported') ? {} : { stderr }, codes);
  });

  test.each([
    [['StandardInput=null'], 'descriptor'],
    [['StandardInput=tty'], 'not-supported'],
    [['StandardInput=null', 'StandardOutput=socket'], 'not-supported'],
  ])('a connection that is not standard input is refused: %j', (service, code) => {
    expectService(service, {}, [code]);
  });

  test('directories', () => {
    expectService(['WorkingDirectory=-/srv/%p', 'RootDirectory=/jail'], { cwd: '/srv/it', chroot: '/jail' });
    expectService(['WorkingDirectory=~'], { cwd: '/root' });
    expectService(['WorkingDirectory=~', 'User=me'], {}, ['value']);
    expectService(['RootImage=/x.img'], {}, ['not-supported']);
  });
});

describe('what it may use, and for how long (promise 6)', () => {
  test.each([
    [
      ['LimitNOFILE=64:infinity', 'LimitAS=1G'],
      { rlimits: { nofile: { soft: 64, hard: 'unlimited' }, as: 1_073_741_824 } },
      [],
    ],
    [
      ['LimitCPU=1min', 'LimitRTTIME=5ms', 'LimitNICE=+5'],
      { rlimits: { cpu: 60, rttime: 5000, nice: 15 } },
      [],
    ],
    [['LimitCORE=0', 'LimitNPROC=9'], { rlimits: { core: 0, nproc: 9 } }, []],
    [['LimitNOFILE=many'], {}, ['value']],
    [['UMask=0077', 'Nice=-5'], { umask: '077', nice: -5 }, []],
    [['RuntimeMaxSec=2h', 'TimeoutStopSec=1min 30s'], { max_connection_age: '7200s', grace: '90s' }, []],
    [['Type=oneshot', 'TimeoutStartSec=500ms'], { max_connection_age: '500ms' }, []],
    [['TimeoutStartSec=5'], {}, []],
    [['TimeoutStopSec=infinity'], {}, ['no-counterpart']],
    [['KillSignal=SIGINT'], {}, ['no-counterpart']],
    [['KillSignal=SIGTERM', 'KillMode=control-group'], {}, []],
    [['Restart=always'], {}, ['no-counterpart']],
    [
      ['ExecStartPre=/bin/a', 'ExecStartPre=/bin/b', 'ExecStopPost=/bin/c'],
      {},
      ['no-counterpart', 'no-counterpart', 'no-counterpart'],
    ],
  ])('%j', expectService);

  test('of one that accepts by itself no age is known', () => {
    const { it, codes } = convertPair({ socket: ['Accept=no'], service: ['RuntimeMaxSec=9'] });
    expect(it).not.toHaveProperty('max_connection_age');
    expect(codes).toEqual(['no-counterpart']);
  });
});

describe('what it is kept from (promise 6)', () => {
  test.each([
    [['ProtectSystem=yes', 'ProtectHome=tmpfs'], { protect_system: true, protect_home: true }, []],
    [
      ['ProtectSystem=full', 'ProtectHome=read-only'],
      { protect_system: 'full', protect_home: 'read-only' },
      [],
    ],
    [['ProtectSystem=half'], {}, ['value']],
    [['PrivateTmp=disconnected', 'PrivateNetwork=y'], { private_tmp: true, private_network: true }, []],
    [
      ['ReadOnlyPaths=-/a +/b', 'ProtectControlGroups=yes'],
      { read_only_paths: ['/a', '/b', '/sys/fs/cgroup'] },
      [],
    ],
    [['ReadWritePaths=/a', 'ReadWritePaths=/b'], { read_write_paths: ['/a', '/b'] }, []],
    [['RootDirectory=/r', 'ReadOnlyPaths=+/a'], { read_only_paths: ['/r/a'] }, []],
    [['InaccessiblePaths=/a'], {}, ['no-counterpart']],
    [['SetCredential=a:b%', 'SetCredential=c:\\x41'], {}, ['no-counterpart', 'no-counterpart']],
    [['MemoryMax=1M', 'TasksMax=infinity', 'Slice=system.slice'], {}, ['no-counterpart']],
    [['PrivateDevices=no'], {}, []],
    [
      ['SystemCallFilter=@system-service', 'SystemCallFilter=~@mount ptrace'],
      { system_calls: ['@system-service', '~@mount', '~ptrace'], system_call_error: 'kill' },
      [],
    ],
    [
      ['SystemCallFilter=~ptrace:EACCES', 'SystemCallErrorNumber=EPERM'],
      { system_calls: ['~ptrace:EACCES'], system_call_error: 'EPERM' },
      [],
    ],
    [['SystemCallFilter=~ptrace nonesuch'], { system_calls: ['~ptrace'] }, ['ignored']],
    [
      ['User=me', 'ProtectClock=yes', 'ProtectHostname=yes'],
      { system_calls: ['~@clock:EPERM', '~sethostname:EPERM', '~setdomainname:EPERM'] },
      [],
    ],
    [['ProtectKernelModules=yes'], { system_calls: ['~@module:EPERM'] }, ['partial']],
    [
      ['RestrictAddressFamilies=AF_UNIX AF_INET', 'RestrictAddressFamilies=~AF_INET'],
      { restrict_address_families: ['AF_UNIX'] },
      [],
    ],
    [
      ['RestrictAddressFamilies=~AF_PACKET AF_KEY'],
      { restrict_address_families: ['~AF_PACKET', '~AF_KEY'] },
      [],
    ],
    [['RestrictAddressFamilies=none'], { restrict_address_families: 'none' }, []],
    [['RestrictNamespaces=yes'], { restrict_namespaces: true }, []],
    [['RestrictNamespaces=uts net'], { restrict_namespaces: ['uts', 'net'] }, []],
    [
      ['RestrictNamespaces=~user'],
      { restrict_namespaces: ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'uts'] },
      [],
    ],
  ])('%j', expectService);

  test.each([
    [['CapabilityBoundingSet=CAP_CHOWN', 'CapabilityBoundingSet=CAP_KILL'], ['CAP_CHOWN', 'CAP_KILL'], []],
    [['CapabilityBoundingSet=CAP_CHOWN CAP_KILL', 'CapabilityBoundingSet=~CAP_KILL'], ['CAP_CHOWN'], []],
    [['CapabilityBoundingSet='], [], []],
    [['User=me', 'CapabilityBoundingSet='], [], []],
    [['User=me', 'CapabilityBoundingSet=CAP_CHOWN'], [], ['capabilities']],
    [['User=me', 'AmbientCapabilities=CAP_KILL', 'CapabilityBoundingSet=CAP_KILL'], ['CAP_KILL'], []],
    [['User=me', 'AmbientCapabilities=CAP_KILL'], ['CAP_KILL'], ['capabilities']],
    [['CapabilityBoundingSet=CAP_NONE CAP_KILL'], ['CAP_KILL'], ['ignored']],
  ])('capabilities: %j', (service, capabilities, codes) => {
    expectService(service, { capabilities }, codes);
  });

  test('an inverted set is all but what it names', () => {
    const { it } = convertPair({ service: ['CapabilityBoundingSet=~CAP_SYS_ADMIN'] });
    expect(it['capabilities']).toContain('CAP_CHOWN');
    expect(it['capabilities']).not.toContain('CAP_SYS_ADMIN');
  });
});

describe('what hangs on the service manager (promise 6)', () => {
  test('conditions are warned of, and names and dependencies are not', () => {
    const { codes } = convertPair({
      service: ['[Unit]', 'Description=x', 'After=y.service', 'ConditionPathExists=/x', 'AssertHost=y'],
    });
    expect(codes).toEqual(['condition', 'condition']);
  });
});
