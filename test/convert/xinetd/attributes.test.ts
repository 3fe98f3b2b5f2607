import { describe, expect, test } from 'vitest';
import type { Host } from '../../../src/config/host.ts';
import { convertText, defaults, service } from './convert-text.ts';

type Values = Readonly<Record<string, unknown>>;

/** What the lines make of a service for streams, and the warnings that they give. */
function convert(lines: readonly string[], codes: readonly string[] = []): Values {
  const { services, diagnostics } = convertText(service('x', ...lines));
  expect(diagnostics.map(({ code }) => code)).toEqual(codes);
  return services['x'] ?? {};
}

/** `line:column code`, with the lines of a service `x` from its second on; the service is left out. */
function faults(...lines: readonly string[]): readonly string[] {
  const { services, places } = convertText(`${service('x', ...lines)}${service('other')}`);
  expect(Object.keys(services)).toEqual(['other']);
  return places;
}

/** Where the first of the lines stands. */
function lineOf(...lines: readonly string[]): number {
  return (
    service('x', ...lines)
      .split('\n')
      .indexOf(`\t${lines[0]}`) + 1
  );
}

/** A machine with some ports in services(5). */
function hostWith(ports: Readonly<Record<string, number>>): Pick<Host, 'findPort' | 'mostFiles'> {
  return { findPort: (name) => ports[name], mostFiles: 20_000 };
}

const DATAGRAMS = ['socket_type = dgram', 'protocol = udp', 'wait = yes'];
const WAITING = ['wait = yes'];

describe('a service of xinetd', () => {
  test('has all that xinetd means without a word about it', () => {
    expect(convert([])).toEqual({
      listen: 'tcp://*:7001',
      keepalive: false,
      user: 'me',
      server: '/bin/cat',
      argv0: 'cat',
      pass_env: 'ALL',
      peer_env: ['xinetd'],
      hosts_access: { daemon: 'cat' },
      rate_per_source: { count: 50, per: '1s' },
      instances: 'UNLIMITED',
      log_type: 'none',
      log_on_success: [],
      log_on_failure: [],
    });
  });

  test('for datagrams that waits is asked about its first sender, and has no count of handlers', () => {
    const made = convert([...DATAGRAMS, 'instances = 3', 'only_from = 10.0.0.1']);
    expect(made).toMatchObject({ listen: 'udp46://*:7001', wait: true, only_from: ['10.0.0.1'] });
    expect(made).not.toHaveProperty('instances');
    expect(made).not.toHaveProperty('keepalive');
  });

  test.each([
    ['that is replaced', ['only_from = 10.0.0.1,10.0.0.2', 'only_from = 10.0.0.1']],
    ['that is replaced by a longer list', ['only_from = 10..1', 'only_from = 10.0.0.1 10.0.0.2']],
    ['that is taken away', ['no_access = 10.0.0.1 10.0.0.{1', 'no_access -= 10.0.0.{1']],
    ['of a program that accepts by itself', [...WAITING, 'flags = NOLIBWRAP', 'only_from = 10..1']],
  ])('is left out for an address that disables it, %s (S53)', (_, lines) => {
    const { services, diagnostics } = convertText(service('x', ...lines));
    expect(services).toEqual({});
    expect(diagnostics.map(({ code }) => code)).toContain('xinetd/address');
  });

  test.each([[['env = A', 'env = A=b']], [['log_on_success = NONSENSE', 'log_on_success = PID']]])(
    'is left out for a value that disables it, though it is replaced: %s (S53)',
    (lines) => {
      const { services, diagnostics } = convertText(service('x', ...lines));
      expect(services).toEqual({});
      expect(diagnostics.map(({ code }) => code)).toContain('xinetd/value');
    },
  );

  test('may replace what it has from "defaults", and odd addresses of its own', () => {
    const own = service('x', 'only_from = ::1', 'only_from = 127.1', 'only_from = 10.0.0.1');
    const { services, places } = convertText(`${defaults('only_from = 192.0.2.1')}${own}`);
    expect(services).toMatchObject({ x: { only_from: ['10.0.0.1'] } });
    expect(places).toEqual([]);
  });

  test('for streams that waits has nothing that needs its clients (S67)', () => {
    const lines = [...WAITING, 'only_from = 10.0.0.1', 'per_source = 1'];
    const made = convert(lines, ['xinetd/unasked-rules', 'xinetd/ignored']);
    expect(made).toMatchObject({ wait: true });
    for (const name of ['only_from', 'hosts_access', 'per_source', 'rate_per_source', 'instances'])
      expect(made).not.toHaveProperty(name);
    convert([...WAITING, 'flags = NOLIBWRAP']);
  });

  test.each([
    [['socket_type = stream'], 'protocol', 'tcp://*:7001'],
    [['protocol = TCP'], 'socket_type', 'tcp://*:7001'],
    [['protocol = udp', 'wait = yes'], 'socket_type', 'udp46://*:7001'],
  ])('infers socket type and protocol from each other: %s', (lines, left, listen) => {
    const text = service('x', ...lines).replace(new RegExp(`\\t${left} .*\\n`), '');
    expect(convertText(text).services['x']).toMatchObject({ listen });
  });

  test.each(['socket_type', 'protocol', 'wait', 'user', 'server', 'port'].map((name) => [name]))(
    'without %s is left out where xinetd disables it',
    (name) => {
      const both = name === 'protocol' || name === 'socket_type';
      const out = both ? /\t(socket_type|protocol) .*\n/g : new RegExp(`\\t${name} .*\\n`);
      const { places } = convertText(service('x').replace(out, '') + service('other'));
      expect(places).toEqual(['1:9 xinetd/missing']);
    },
  );

  test.each([
    ['socket_type = raw', 'xinetd/not-supported'],
    ['socket_type = seqpacket', 'xinetd/not-supported'],
    ['socket_type = strom', 'xinetd/value'],
    ['protocol = tcp4', 'xinetd/value'],
    ['protocol = udp', 'xinetd/conflict'],
    ['wait = maybe', 'xinetd/value'],
    ['type = UNLISTED FOO', 'xinetd/value'],
    ['flags = KEEPALIV', 'xinetd/value'],
    ['port = 70000', 'xinetd/value'],
    ['port = ftp', 'xinetd/value'],
    ['bind = 300.1.1.1', 'xinetd/value'],
    ['bind = 1::2::3', 'xinetd/value'],
    ['v6only = maybe', 'xinetd/value'],
    ['groups = maybe', 'xinetd/value'],
    ['umask = 088', 'xinetd/value'],
    ['umask = 77777', 'xinetd/value'],
    ['nice = abc', 'xinetd/value'],
    ['rlimit_as = 5x', 'xinetd/value'],
    ['rlimit_cpu = 5K', 'xinetd/value'],
    ['env = FOO', 'xinetd/value'],
    ['instances = -1', 'xinetd/value'],
    ['per_source = many', 'xinetd/value'],
    ['cps = a 10', 'xinetd/value'],
    ['max_load = 0', 'xinetd/value'],
    ['access_times = 00:00-24:00', 'xinetd/value'],
    ['access_times = 22:00-06:00', 'xinetd/value'],
    ['access_times = 8:00 - 18:00', 'xinetd/value'],
    ['only_from = 10.0.0.1,10.0.0.2', 'xinetd/address'],
    ['no_access = 10.0.0.{1,2', 'xinetd/address'],
    ['log_type = SYSLOG', 'xinetd/value'],
    ['log_type = SYSLOG local9', 'xinetd/value'],
    ['log_type = SYSLOG daemon loud', 'xinetd/value'],
    ['log_type = FILE', 'xinetd/value'],
    ['log_type = FILE /x 10 5', 'xinetd/value'],
    ['log_type = STDOUT', 'xinetd/value'],
    ['log_on_success = PIDS', 'xinetd/value'],
    ['log_on_success = TRAFFIC', 'xinetd/conflict'],
    ['log_on_failure = RECORD', 'xinetd/value'],
    ['flags = LABELED', 'xinetd/not-supported'],
    ['mdns = yes', 'xinetd/not-supported'],
  ])('with "%s" is left out alone, and told where: %s', (line, code) => {
    const [place = ''] = faults(line);
    expect(place).toMatch(new RegExp(`^${lineOf(line)}:[0-9]+ ${code}$`));
  });
});

describe('where it listens', () => {
  test.each([
    [['flags = IPv4'], 'tcp4://*:7001'],
    [['flags = ipv6'], 'tcp://*:7001'],
    [['flags = IPv4 IPv6'], 'tcp://*:7001'],
    [['flags = IPv6', 'v6only = yes'], 'tcp6://*:7001'],
    [['flags = IPv4', 'v6only = yes'], 'tcp4://*:7001'],
    [['bind = 0.0.0.0'], 'tcp4://*:7001'],
    [['bind = ::'], 'tcp://*:7001'],
    [['bind = 10.0.0.1'], 'tcp://10.0.0.1:7001'],
    [['interface = ::1'], 'tcp://[::1]:7001'],
  ])('%s is %s', (lines, listen) => {
    expect(convert(lines)).toMatchObject({ listen });
  });

  test('"v6only = no" turns it on, as in xinetd, with a warning (FEATURES 13, 9)', () => {
    expect(convert(['v6only = no'], ['xinetd/v6only'])).toMatchObject({ listen: 'tcp6://*:7001' });
  });

  test('"v6only" in defaults does nothing, as in xinetd, with a warning', () => {
    const { services, places } = convertText(`${defaults('v6only = yes')}${service('x')}${service('yy')}`);
    expect(places).toEqual(['3:2 xinetd/v6only']);
    expect(services['x']).toMatchObject({ listen: 'tcp://*:7001' });
  });

  test('a name is all its addresses, with a warning', () => {
    expect(convert(['bind = host.example'], ['xinetd/bind-name'])).toMatchObject({
      listen: 'tcp://host.example:7001',
    });
    expect(convert(['bind = host.example', 'flags = IPv4'], ['xinetd/bind-name'])).toMatchObject({
      listen: 'tcp4://host.example:7001',
    });
  });

  test.each([
    ['239.1.2.3', ['xinetd/multicast']],
    ['239.1.2.230', []],
  ])('a group of multicast is joined, whatever xinetd takes for one: %s', (group, codes) => {
    expect(convert([...DATAGRAMS, `bind = ${group}`], codes)).toMatchObject({
      listen: `udp://${group}:7001`,
    });
  });

  test.each([
    ['bind = ::1', 'flags = IPv4'],
    ['bind = 10.0.0.1', 'flags = IPv6'],
    ['bind = 10.0.0.1', 'flags = IPv4 IPv6'],
  ])('%s with %s is refused', (bind, flags) => {
    expect(faults(bind, flags)).toEqual([`${lineOf(bind, flags)}:9 xinetd/value`]);
  });

  test('a listed service has the port of services(5), or none', () => {
    const host = hostWith({ finger: 79 });
    const listed = (name: string, port?: string): string =>
      service(name, 'type = SPECIAL', ...(port === undefined ? [] : [`port = ${port}`])).replace(
        port === undefined ? /\tport .*\n/ : /^$/,
        '',
      );
    expect(convertText(listed('finger'), { host }).services['finger']).toMatchObject({
      listen: 'tcp://*:finger',
    });
    expect(convertText(listed('finger', '79'), { host }).services['finger']).toMatchObject({
      listen: 'tcp://*:79',
    });
    for (const [name, port] of [
      ['finger', '22500'],
      ['nosuch', '79'],
    ] as const) {
      const { places } = convertText(listed(name, port) + service('other'), { host });
      expect(places.filter((place) => place.includes('port'))).toHaveLength(1);
    }
    expect(convertText(listed('7000') + service('other')).places).toContain('1:9 xinetd/port');
  });

  test('RPC has a port of the system, and is registered by name or number', () => {
    const rpc = ['type = RPC', 'rpc_version = 2-4', ...DATAGRAMS];
    const made = convertText(service('rstatd', ...rpc)).services['rstatd'];
    expect(made).toMatchObject({ listen: 'udp46://*:0', rpc: { program: 'rstatd', versions: '2-4' } });
    const unlisted = ['type = RPC UNLISTED', 'rpc_version = 1', 'rpc_number = 100300'];
    const other = convert(unlisted);
    expect(other).toMatchObject({ listen: 'tcp46://*:0', rpc: { program: 100300, versions: '1-1' } });
    expect(other).not.toHaveProperty('hosts_access');
    expect(faults('type = RPC UNLISTED', 'rpc_version = 5-2', 'rpc_number = 1')).toHaveLength(1);
    expect(faults('type = RPC UNLISTED')).toEqual(['1:9 xinetd/missing', '1:9 xinetd/missing']);
  });

  test('services of tcpmux go by their name, and need UNLISTED', () => {
    expect(convert(['type = TCPMUX UNLISTED'])).toMatchObject({ listen: 'tcpmux://x' });
    expect(convert(['type = UNLISTED TCPMUXPLUS'])).toMatchObject({ listen: 'tcpmux://+x' });
    expect(faults('type = TCPMUX')).toHaveLength(1);
  });

  test('sockets have what the flags say: xinetd asks for no probes by itself', () => {
    expect(convert(['flags = NODELAY KEEPALIVE NORETRY REUSE'])).toMatchObject({ no_delay: true });
    expect(convert(['flags = KEEPALIVE'])).not.toHaveProperty('keepalive');
  });
});

describe('the program', () => {
  test('has the words of server_args as they are, without quoting, and argv[0] before them', () => {
    const made = convert(['server = /usr/sbin/in.x', 'server_args = -a  b\tc'], []);
    expect(made).toMatchObject({ server: '/usr/sbin/in.x', argv0: 'in.x', server_args: ['-a', 'b', 'c'] });
    expect(convert(['server_args = --log="/x y"'], ['xinetd/quotes'])['server_args']).toEqual([
      '--log="/x',
      'y"',
    ]);
  });

  test('with NAMEINARGS has its argv[0] from server_args, if the flag stands before them', () => {
    const made = convert([
      'flags = NAMEINARGS',
      'server = /usr/sbin/wrap',
      'server_args = /usr/sbin/in.x -a',
    ]);
    expect(made).toMatchObject({
      server: '/usr/sbin/wrap',
      argv0: '/usr/sbin/in.x',
      server_args: ['-a'],
      hosts_access: { daemon: 'in.x' },
    });
    const late = ['server_args = in.x', 'flags = NAMEINARGS'];
    expect(faults(...late)).toEqual([`${lineOf(...late) + 1}:2 xinetd/conflict`]);
    expect(faults('flags = NAMEINARGS')).toHaveLength(1);
  });

  test.each([
    [['user = nobody'], { user: 'nobody' }, ['group', 'groups']],
    [['user = 65534'], { user: 65534, group: 65534 }, []],
    [['user = 65534', 'group = daemon'], { user: 65534, group: 'daemon' }, []],
    [['groups = yes'], { groups: true }, []],
    [['groups = no'], { groups: false }, []],
    [['umask = 2'], { umask: '002' }, []],
    [['umask = 0077'], { umask: '077' }, []],
    [['nice = -5'], { nice: -5 }, []],
  ])('runs as it is said: %s', (lines, expected, absent) => {
    const made = convert(lines);
    expect(made).toMatchObject(expected);
    for (const name of absent) expect(made).not.toHaveProperty(name);
  });

  test('is as nice as the system allows, with a warning', () => {
    expect(convert(['nice = 40'], ['xinetd/limit'])).toMatchObject({ nice: 19 });
  });

  test('has the limits that are written, soft and hard', () => {
    const lines = [
      ...['rlimit_as = 512M', 'rlimit_cpu = 20', 'rlimit_data = 64k', 'rlimit_rss = UNLIMITED'],
      ...['rlimit_stack = 8192', 'rlimit_files = 1K'],
    ];
    expect(convert(lines)['rlimits']).toEqual({
      ...{ as: 536_870_912, cpu: 20, data: 65_536, rss: 'unlimited', stack: 8192, nofile: 1024 },
    });
    expect(convert(['rlimit_as = 0'], ['xinetd/ignored'])).not.toHaveProperty('rlimits');
  });

  test('may have as many descriptors as xinetd itself, unless rlimit_files says how many', () => {
    const host = hostWith({});
    expect(convertText(service('x'), { host }).services['x']).toMatchObject({ rlimits: { nofile: 20_000 } });
    const own = convertText(service('x', 'rlimit_files = 64'), { host });
    expect(own.services['x']).toMatchObject({ rlimits: { nofile: 64 } });
  });

  test('has the environment of xinetd, or what passenv leaves of it, and env', () => {
    expect(convert(['env = A=b C=d=e', 'env += A=z'])).toMatchObject({
      env: { A: 'z', C: 'd=e' },
      pass_env: 'ALL',
    });
    expect(convert(['passenv ='])).toMatchObject({ pass_env: [] });
    expect(convert(['passenv = HOME PATH HOME'])).toMatchObject({ pass_env: ['HOME', 'PATH'] });
    expect(convert(['env = "A=1" B="2"'], ['xinetd/quotes', 'xinetd/quotes'])).toMatchObject({
      env: { B: '"2"' },
    });
  });

  test('for datagrams must wait', () => {
    const lines = ['wait = no', 'socket_type = dgram', 'protocol = udp'];
    expect(faults(...lines)).toEqual([`${lineOf(...lines)}:2 xinetd/conflict`]);
  });

  test('with INTERCEPT is refused where it waits; else the flag means nothing', () => {
    expect(faults('flags = INTERCEPT', ...DATAGRAMS)).toEqual([
      `${lineOf('flags = INTERCEPT', ...DATAGRAMS)}:2 xinetd/not-supported`,
    ]);
    convert(['flags = INTERCEPT'], ['xinetd/ignored']);
  });
});

describe('services without a program', () => {
  test.each(['echo', 'discard', 'daytime', 'time', 'chargen', 'tcpmux'])('%s is a builtin', (name) => {
    const made = convertText(service(name, 'type = INTERNAL UNLISTED')).services[name];
    expect(made).toMatchObject({ builtin: name, hosts_access: { daemon: name }, instances: 'UNLIMITED' });
    expect(made).not.toHaveProperty('user');
  });

  test('datagrams are answered without a limit of handlers, wait or not', () => {
    for (const wait of ['yes', 'no']) {
      const lines = ['type = INTERNAL UNLISTED', 'socket_type = dgram', 'protocol = udp', `wait = ${wait}`];
      const made = convertText(service('echo', ...lines)).services['echo'];
      expect(made).toMatchObject({ listen: 'udp://*:7004', builtin: 'echo' });
      expect(made).not.toHaveProperty('wait');
      expect(made).not.toHaveProperty('instances');
    }
  });

  test.each(['servers', 'services', 'xadmin'])('%s is gone, and zinetd status is there', (name) => {
    const { diagnostics } = convertText(service(name, 'type = INTERNAL UNLISTED') + service('other'));
    expect(diagnostics.map(({ code }) => code)).toContain('xinetd/removed-builtin');
    expect(diagnostics[0]?.help ?? diagnostics[1]?.help).toContain('zinetd status');
  });

  test('others are refused', () => {
    const { places } = convertText(service('x', 'type = INTERNAL UNLISTED') + service('other'));
    expect(places).toContain('1:9 xinetd/unknown-builtin');
  });

  test.each([
    [[], 'never'],
    [['deny_time = NEVER'], 'never'],
    [['deny_time = 0'], 'never'],
    [['deny_time = 60'], '60m'],
    [['deny_time = FOREVER'], 'forever'],
  ])('a sensor bans for as long as it says: %s', (lines, time) => {
    const text = service('x', 'type = INTERNAL UNLISTED', 'flags = SENSOR', ...lines).replace(
      /\tserver .*\n/,
      '',
    );
    const made = convertText(text).services['x'];
    expect(made).toMatchObject({ sensor: true, deny_time: time });
    expect(made).not.toHaveProperty('instances');
    expect(made).not.toHaveProperty('hosts_access');
  });

  test('a sensor without INTERNAL needs a server, as in xinetd', () => {
    const text = service('x', 'flags = SENSOR').replace(/\tserver .*\n/, '');
    expect(convertText(text + service('other')).places).toEqual(['1:9 xinetd/missing']);
  });

  test('deny_time of another service is ignored', () => {
    convert(['deny_time = 5'], ['xinetd/ignored']);
  });

  test.each([
    ['10.0.0.1 80', 'tcp://10.0.0.1:80'],
    ['::1 http', 'tcp://[::1]:http'],
    ['host.example 80', 'tcp4://host.example:80'],
  ])('is relayed: redirect = %s', (words, to) => {
    const text = service('x', `redirect = ${words}`, 'log_on_success = TRAFFIC').replace(/\tserver .*\n/, '');
    const { services, diagnostics } = convertText(text);
    expect(diagnostics).toEqual([]);
    expect(services['x']).toMatchObject({
      redirect: to,
      log_on_success: ['traffic'],
      hosts_access: { daemon: 'x' },
    });
    expect(services['x']).not.toHaveProperty('user');
    expect(services['x']).not.toHaveProperty('pass_env');
  });

  test.each([
    [['redirect = h 0'], 'xinetd/value'],
    [['redirect = 300.1.1.1 80'], 'xinetd/value'],
    [['redirect = h 80', ...DATAGRAMS], 'xinetd/conflict'],
    [['redirect = h 80', ...WAITING], 'xinetd/conflict'],
    [['redirect = h 80', 'flags = NAMEINARGS'], 'xinetd/conflict'],
  ])('%s is refused', (lines, code) => {
    expect(faults(...lines).some((place) => place.endsWith(code))).toBe(true);
  });

  test('redirect wins over a server, with a warning', () => {
    convert(['redirect = 10.0.0.1 80'], ['xinetd/ignored']);
  });
});

describe('access lists', () => {
  function list(words: string, codes: readonly string[] = [], more: readonly string[] = []): unknown {
    return convert([`only_from = ${words}`, ...more], codes)['only_from'];
  }

  test.each([
    ['127.0.0.1', ['127.0.0.1']],
    ['128.138.209.0', ['128.138.209.0/24']],
    ['10.0.0.0', ['10.0.0.0/8']],
    ['0.0.0.0', ['0.0.0.0/0']],
    ['192.168.1.5/24', ['192.168.1.0/24']],
    ['10.1.0.0/32', ['10.1.0.0/32']],
    ['128.138.{200,201}', ['128.138.{200,201}']],
    ['::1', ['::1']],
    ['2001:db8::/32', ['2001:db8::/32']],
    ['::/0', ['::/0', '0.0.0.0/0']],
    ['::ffff:127.0.0.1', ['127.0.0.1/32']],
    ['::ffff:127.0.0.0/104', ['127.0.0.0/8']],
    ['.example.org', ['.example.org']],
    ['host.example.org', ['host.example.org']],
    ['loopback', ['loopback']],
    ['fe80::1%eth0', ['fe80::1%eth0']],
    ['', []],
  ])('%s is %s', (words, expected) => {
    expect(list(words)).toEqual(expected);
  });

  test.each([
    ['127', ['0.0.0.127/32'], 'xinetd/odd-address'],
    ['127.1', ['127.0.0.1/32'], 'xinetd/odd-address'],
    ['010.0.0.1', ['8.0.0.1/32'], 'xinetd/odd-address'],
    ['10/8', ['0.0.0.0/8'], 'xinetd/odd-address'],
    ['10.0.0.0/255.0.0.0', ['10.0.0.0/32'], 'xinetd/odd-address'],
    ['127.0.0.1/33', ['127.0.0.1/32'], 'xinetd/odd-address'],
    ['127.0.0.1/-1', ['127.0.0.1/32'], 'xinetd/odd-address'],
    ['127.0.0.1/+8', ['127.0.0.0/8'], 'xinetd/odd-address'],
    ['::1/128', [], 'xinetd/never-matches'],
    ['::', [], 'xinetd/never-matches'],
    ['300.1.1.1', [], 'xinetd/skipped-address'],
    ['127.0.0.', [], 'xinetd/skipped-address'],
    ['ALL', ['ALL'], undefined],
    ['a@b', [], 'xinetd/skipped-address'],
  ])('%s is what xinetd makes of it, %s, with a warning: %s', (words, expected, code) => {
    const codes = code === undefined ? ['xinetd/skipped-address'] : [code];
    expect(list(words, codes)).toEqual(code === undefined ? [] : expected);
  });

  test('of an IPv4 socket never mean mapped addresses', () => {
    expect(list('::/0', [], ['flags = IPv4'])).toEqual(['::/0']);
    expect(list('::ffff:127.0.0.1', ['xinetd/never-matches'], ['flags = IPv4'])).toEqual([]);
  });

  test('a client in both lists is refused, whichever is nearer (FEATURES 13, 6)', () => {
    const made = convert(['only_from = 10.0.0.1', 'no_access = 10.0.0.0']);
    expect(made).toMatchObject({ match: 'xinetd', only_from: ['10.0.0.1'], no_access: ['10.0.0.0/8'] });
    expect(convert(['no_access ='])).not.toHaveProperty('no_access');
  });

  test('of defaults hold for services that say nothing (NOTES 9)', () => {
    const { services } = convertText(`${defaults('only_from = 127.0.0.1')}${service('x')}`);
    expect(services['x']).toMatchObject({ only_from: ['127.0.0.1'] });
  });

  test('tcp_wrappers are asked under the name that xinetd uses, unless NOLIBWRAP says no', () => {
    expect(convert(['libwrap = other'])).toMatchObject({ hosts_access: { daemon: 'other' } });
    expect(convert(['flags = NOLIBWRAP'])).not.toHaveProperty('hosts_access');
  });

  test.each([
    ['08:00-18:00', ['08:00-18:01']],
    ['8:5-9:59 10:00-23:59', ['08:05-10:00', '10:00-24:00']],
  ])('access_times end a minute later: %s', (words, windows) => {
    expect(convert([`access_times = ${words}`])['access_times']).toEqual(windows);
  });
});

describe('limits', () => {
  test.each([
    [['instances = 5'], { instances: 5, per_source: 'UNLIMITED' }],
    [['instances = 5', 'per_source = 2'], { instances: 5, per_source: 2 }],
    [['instances = unlimited'], { instances: 'UNLIMITED' }],
    [['per_source = 2'], { instances: 'UNLIMITED', per_source: 2 }],
    [['max_load = 2.5'], { max_load: 2.5 }],
    [['cps = 25 30'], { cps: { rate: 25, wait: '30s' }, rate_per_source: { count: 25, per: '1s' } }],
    [['cps = 25 0'], { cps: { rate: 25 }, policies: { cps: 'reject' } }],
  ])('%s', (lines, expected) => {
    expect(convert(lines)).toMatchObject(expected);
  });

  test('cps of 0 is none', () => {
    const made = convert(['cps = 0 10']);
    expect(made).not.toHaveProperty('cps');
    expect(made).not.toHaveProperty('rate_per_source');
  });

  test.each([['instances = 0'], ['per_source = 0']])('%s is for nobody, as in xinetd', (line) => {
    expect(convert([line], ['xinetd/never'])).toMatchObject({ only_from: [] });
  });

  test('that cannot be reached are none, with a warning', () => {
    expect(convert(['instances = 70000'], ['xinetd/limit'])).toMatchObject({ instances: 'UNLIMITED' });
    expect(convert(['cps = -1 10'], ['xinetd/limit'])).not.toHaveProperty('cps');
    expect(convert(['max_load = 16x'], ['xinetd/limit'])).toMatchObject({ max_load: 16 });
  });
});

describe('records', () => {
  test.each([
    ['SYSLOG daemon', { syslog: 'daemon', level: 'info', tag: 'xinetd' }],
    ['syslog LOCAL3 Notice', { syslog: 'local3', level: 'notice', tag: 'xinetd' }],
    ['FILE /var/log/x', { file: '/var/log/x', mode: '0644' }],
    ['FILE /x 1m', { file: '/x', soft: 1_048_576, hard: 1_059_061, mode: '0644' }],
    ['FILE /x 300', { file: '/x', soft: 300, hard: 5420, mode: '0644' }],
    ['FILE /x 100m', { file: '/x', soft: 104_857_600, hard: 104_878_080, mode: '0644' }],
    ['FILE /x 10k 20K', { file: '/x', soft: 10_240, hard: 20_480, mode: '0644' }],
    ['FILE /dev/stdout', 'stdout'],
    ['FILE /dev/null', 'none'],
  ])('log_type = %s', (words, expected) => {
    expect(convert([`log_type = ${words}`])['log_type']).toEqual(expected);
  });

  test.each([
    ['FILE /x', 'text'],
    ['SYSLOG daemon', 'text'],
    ['FILE /dev/stdout', undefined],
    ['FILE /dev/null', undefined],
  ])('log_type = %s has the format %s, those of standard output what --log-format says', (words, format) => {
    expect(convert([`log_type = ${words}`])['log_format']).toBe(format);
  });

  test.each([
    ['FILE log/x', { file: '/log/x', mode: '0644' }],
    ['FILE /dev/stderr', 'stdout'],
    ['FILE /dev/stdout 10k', 'stdout'],
  ])('log_type = %s, with a warning', (words, expected) => {
    expect(convert([`log_type = ${words}`], ['xinetd/log-file'])['log_type']).toEqual(expected);
  });

  test('have the fields that are named, in any case', () => {
    expect(convert(['log_on_success = pid HOST Exit DURATION', 'log_on_failure = ATTEMPT'])).toMatchObject({
      log_on_success: ['pid', 'host', 'exit', 'duration'],
      log_on_failure: ['attempt'],
    });
  });

  test('never ask the service that would be asked', () => {
    const lines = ['port = 113', 'log_on_success = USERID HOST'];
    expect(convert(lines, ['xinetd/ignored'])['log_on_success']).toEqual(['host']);
  });

  test('IDONLY holds only where somebody is asked', () => {
    const both = ['flags = IDONLY', 'log_on_success = USERID'];
    expect(convert(both)).toMatchObject({ id_only: true });
    expect(convert(['flags = IDONLY'], ['xinetd/ignored'])).not.toHaveProperty('id_only');
  });

  test('banners are files, and none where there is no connection', () => {
    const lines = ['banner = /b', 'banner_success = s', 'banner_fail = /f'];
    expect(convert(lines)).toMatchObject({ banner: '/b', banner_success: '/s', banner_fail: '/f' });
    expect(convert([...lines, ...DATAGRAMS])).not.toHaveProperty('banner');
  });
});
