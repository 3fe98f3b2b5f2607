import { describe, expect, test } from 'vitest';
import { convertOne, convertText } from './convert-text.ts';

/** Directives of a service, what is in it then, and what is said about it. */
type Row = readonly [lines: readonly string[], becomes: object, codes?: readonly string[]];

const ROWS: readonly Row[] = [
  [['port "http", 81;'], { listen: ['tcp4://*:http', 'tcp4://*:81'] }],
  [['family ipv4;'], { listen: 'tcp4://*:7001' }],
  [['family ipv6;'], { listen: 'tcp46://*:7001' }],
  [['interface any;'], { listen: 'tcp4://*:7001' }],
  [['interface 10.0.0.1, 2001:db8::1;'], { listen: ['tcp://10.0.0.1:7001', 'tcp://[2001:db8::1]:7001'] }],
  [['protocol tcp;'], { listen: 'tcp4://*:7001' }],
  [['protocol udp;', 'wait yes;'], { listen: 'udp://*:7001', wait: true }],
  [['protocol udp;', 'instances 1;'], { listen: 'udp://*:7001', wait: true }],
  [['protocol udp;'], { wait: true }, ['rlinetd/datagrams']],
  [['wait yes;'], { listen: 'tcp4://*:7001', wait: true }],
  [['wait yes;', 'instances 5;'], { wait: true }, ['rlinetd/ignored']],
  [['user "nobody";', 'group 7;', 'initgroups;'], { user: 'nobody', group: 7, groups: true }],
  [['initgroups yes;'], { groups: true }],
  [['backlog 30;'], { backlog: 30 }],
  [['backlog 0;'], { backlog: 1 }, ['rlinetd/limit']],
  [['instances 7;'], { instances: 7, per_source: 'UNLIMITED', policies: { instances: 'queue' } }],
  [['nice -5;'], { nice: -5 }],
  [['nice 99;'], { nice: 19 }, ['rlinetd/limit']],
  [['chroot "/srv";'], { chroot: '/srv', server: '/bin/cat' }],
  [['rlimit cpu 15;', 'rlimit core unlimited;'], { rlimits: { cpu: 15, core: 'unlimited' } }],
  [['rlimit nofile { soft 5; hard 9; }'], { rlimits: { nofile: { soft: 5, hard: 9 } } }],
  [['rlimit stack { soft 5; }'], { rlimits: { stack: { soft: 5, hard: 'unlimited' } } }],
  [['exec "/bin/a -x  y";'], { server: '/bin/a', server_args: ['-x', 'y'] }],
  [['exec "in.a -x";', 'server "/bin/b";'], { server: '/bin/b', argv0: 'in.a', server_args: ['-x'] }],
  [
    ['exec "/bin/a x";', 'server "/usr/sbin/tcpd";'],
    { server: '/bin/a', argv0: 'a', server_args: ['x'], hosts_access: { daemon: 'a' } },
  ],
  [
    ['exec "in.a";', 'server "/usr/sbin/tcpd";'],
    { server: '/usr/sbin/in.a', argv0: 'in.a', hosts_access: { daemon: 'in.a' } },
  ],
  [['exec "/b";', 'server "/usr/sbin/tcpd";', 'wait yes;'], { server: '/usr/sbin/tcpd' }, ['rlinetd/tcpd']],
  [['exec "/b";', 'server "/usr/sbin/tcpd";', 'tcpd;'], { hosts_access: { daemon: 'x' } }, ['rlinetd/tcpd']],
  [['exec "/bin/a x%%y";'], { server_args: ['x', '%y'] }, ['rlinetd/arguments']],
  [['exec "/bin/a \'b c\'";'], { server_args: ["'b", "c'"] }, ['rlinetd/arguments']],
  [['tcpd;'], { hosts_access: { daemon: 'x' } }],
  [['tcpd "in.x";'], { hosts_access: { daemon: 'in.x' } }],
  [['tcpd { exit; }'], { hosts_access: { daemon: 'x' } }],
  [
    ['tcpd "d" { echo "5%% of %O\\n"; exit; }'],
    { hosts_access: { daemon: 'd' }, policies: { hosts_access: { reject: { text: '5%% of %a\n' } } } },
  ],
  [['tcpd { banner "/etc/no"; exit; }'], { banner_fail: '/etc/no', hosts_access: { daemon: 'x' } }],
  [['tcpd { echo "hi"; }'], { hosts_access: { daemon: 'x' } }, ['rlinetd/tcpd']],
  [['tcpd { exec "/bin/nuke %O"; }'], { hosts_access: { daemon: 'x' } }, ['rlinetd/no-counterpart']],
  [['tcpd;', 'wait yes;'], { wait: true }, ['rlinetd/tcpd']],
  [
    ['capability "cap_setuid,cap_chown=eip";'],
    { capabilities: ['CAP_SETUID', 'CAP_CHOWN'] },
    ['rlinetd/capability'],
  ],
  [['capability "all-ep";'], {}, ['rlinetd/no-counterpart']],
  [
    ['log syslog "from %O";'],
    { log_type: { syslog: 'daemon', level: 'info', tag: 'rlinetd' }, log_format: 'text' },
    ['rlinetd/log-text'],
  ],
  [['banner "/etc/issue";'], { banner: '/etc/issue', server: '/bin/cat' }],
  [['banner "/etc/issue";', 'wait yes;'], { wait: true }, ['rlinetd/no-counterpart']],
  [['echo "hello";'], { server: '/bin/cat' }, ['rlinetd/no-counterpart']],
  [['discard;'], { server: '/bin/cat' }, ['rlinetd/no-counterpart']],
  [['fish;'], { server: '/bin/cat' }, ['rlinetd/no-counterpart']],
  [['rpc { version 2-3; }'], { listen: 'tcp4://*:7001', rpc: { program: 'x', versions: '2-3' } }],
  [['rpc { name "y"; version 3, 1-2; }'], { rpc: { program: 'y', versions: '1-3' } }],
  [['rpc { name "y"; }'], { listen: 'tcp4://*:7001' }, ['rlinetd/ignored']],
];

describe('what each directive becomes', () => {
  test.each(ROWS.map((row) => ({ lines: row[0], becomes: row[1], codes: row[2] ?? [] })))('$lines', (row) => {
    const { lines, becomes, codes } = row;
    const converted = convertOne(...lines);
    expect(converted.service).toMatchObject(becomes);
    expect(converted.codes).toEqual(codes);
  });

  test('is nothing else where nothing is said', () => {
    expect(convertOne().service).toEqual({
      listen: 'tcp4://*:7001',
      user: 'me',
      server: '/bin/cat',
      pass_env: 'ALL',
      instances: 40,
      per_source: 'UNLIMITED',
      policies: { instances: 'queue' },
    });
  });

  test('the port is the name of the service, and of RPC any', () => {
    const { services } = convertText(
      'service "telnet" { user 0; exec "/x"; } service "r" { user 0; exec "/x"; rpc { version 1; } }',
    );
    expect(services['telnet']).toMatchObject({ listen: 'tcp4://*:telnet' });
    expect(services['r']).toMatchObject({ listen: 'tcp4://*:0' });
  });
});

describe('what rlinetd does itself', () => {
  test.each([
    ['chargen;', 'chargen'],
    ['discard;', 'discard'],
    ['loopback;', 'echo'],
    ['echo "%M"; close;', 'time'],
    ['echo "%I\\n"; close;', 'daytime'],
  ])('%s becomes a built-in service', (lines, builtin) => {
    const { services, places } = convertText(`service "x" { port 7; user "me"; ${lines} }`);
    expect(services['x']).toMatchObject({ builtin, instances: 40 });
    expect(services['x']).not.toHaveProperty('user');
    expect(places).toEqual([]);
  });

  test.each(['chargen "/etc/spam";', 'echo "hello"; close;', 'banner "/etc/motd"; close;'])(
    '%s is refused: there is no such built-in service',
    (lines) => {
      const { services, diagnostics } = convertText(`service "x" { port 7; user "me"; ${lines} }`);
      expect(services).toEqual({});
      expect(diagnostics.map(({ code }) => code)).toEqual(['rlinetd/not-supported']);
    },
  );

  test('has no use for what is meant for a program, which is told', () => {
    const { services, diagnostics } = convertText(
      'service "x" { port 7; user "me"; group 5; wait yes; nice 5; loopback; }',
    );
    expect(services['x']).toMatchObject({ listen: 'tcp4://*:7', builtin: 'echo' });
    expect(diagnostics.map(({ message }) => /"(\w+)"/.exec(message)?.[1])).toEqual(['group', 'wait', 'nice']);
  });

  test('needs no user here, which is told: rlinetd leaves it out without one', () => {
    const { services, places } = convertText('service "echo" { loopback; }');
    expect(services['echo']).toMatchObject({ listen: 'tcp4://*:echo', builtin: 'echo' });
    expect(places).toEqual(['1:9 rlinetd/no-user']);
  });
});

describe('what cannot be carried out leaves its service out alone, with an error', () => {
  test.each([
    ['chroot "/tftpboot/%O";', 'rlinetd/not-supported'],
    ['exec "/bin/a %O";', 'rlinetd/not-supported'],
    ['exec "";', 'rlinetd/not-supported'],
    ['filter "/etc/filter";', 'rlinetd/not-supported'],
    ['rpc { version 1,3; }', 'rlinetd/not-supported'],
    ['log "nowhere" "x";', 'rlinetd/value'],
    ['interface 10.0.;', 'rlinetd/value'],
    ['interface ::1; family ipv4;', 'rlinetd/value'],
  ])('%s', (line, code) => {
    const { service, codes } = convertOne(...line.split(/(?<=;) /));
    expect(service).toBeUndefined();
    expect(codes).toContain(code);
  });

  test.each([
    ['no user', 'exec "/bin/cat"; port 5;'],
    ['nothing to do', 'user "me"; port 5;'],
  ])('%s', (_, lines) => {
    const { services, diagnostics } = convertText(`service "x" { ${lines} }`);
    expect(services).toEqual({});
    expect(diagnostics.map(({ code }) => code)).toEqual(['rlinetd/missing']);
  });
});

describe('log files', () => {
  const SERVICE = 'service "x" { port 5; user 0; exec "/x"; log "a" "from %O"; }';

  test('are those that are named before the service', () => {
    const { services, diagnostics } = convertText(
      `log "a" { path "/var/log/a"; mode 0600; user "adm"; }\n${SERVICE}`,
    );
    expect(services['x']).toMatchObject({
      log_type: { file: '/var/log/a', mode: '0600' },
      log_format: 'text',
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['rlinetd/no-counterpart', 'rlinetd/log-text']);
    expect(convertText(`${SERVICE}\nlog "a" { path "/var/log/a"; }`).services).toEqual({});
  });

  test.each([
    ['without a path', 'mode 0600;', 'rlinetd/missing'],
    ['with a mode that is not octal', 'file "/a"; mode 640;', 'rlinetd/value'],
  ])('%s are refused where they are used', (_, lines, code) => {
    const { services, diagnostics } = convertText(`log "a" { ${lines} }\n${SERVICE}`);
    expect(services).toEqual({});
    expect(diagnostics.map((each) => each.code)).toContain(code);
  });
});
