import { describe, expect, test } from 'vitest';
import { convertLine, convertText, placesIn } from './convert-text.ts';

const RATE = { count: 256, per: '1m' };
const MANY = { rate_per_source: RATE, instances: 256, policies: { instances: 'queue' } };

/** A line for the service `x` with some of its fields changed. */
function line(changes: {
  readonly service?: string;
  readonly type?: string;
  readonly protocol?: string;
  readonly wait?: string;
  readonly user?: string;
  readonly program?: string;
}): string {
  const { service = 'x', type = 'stream', protocol = 'tcp', wait = 'nowait', user = 'me' } = changes;
  return `${service} ${type} ${protocol} ${wait} ${user} ${changes.program ?? '/bin/x x'}`;
}

describe('an entry of inetd.conf', () => {
  test('becomes a service with its user, groups, argv and the guard against loops, per source (promise 5)', () => {
    expect(convertLine('finger stream tcp nowait nobody /usr/sbin/in.fingerd in.fingerd -w  -l')).toEqual({
      listen: 'tcp://*:finger',
      user: 'nobody',
      groups: true,
      server: '/usr/sbin/in.fingerd',
      argv0: 'in.fingerd',
      server_args: ['-w', '-l'],
      ...MANY,
    });
  });

  test('that waits has no limits that need the peer, unless datagrams tell (S67)', () => {
    const stream = convertLine(line({ wait: 'wait' }));
    expect(stream).toEqual({
      listen: 'tcp://*:x',
      wait: true,
      user: 'me',
      groups: true,
      server: '/bin/x',
      argv0: 'x',
    });
    const datagram = convertLine(line({ wait: 'wait', type: 'dgram', protocol: 'udp' }));
    expect(datagram).toMatchObject({ listen: 'udp://*:x', wait: true, rate_per_source: RATE });
    expect(datagram).not.toHaveProperty('instances');
  });

  test('for datagrams that does not wait gets a child per peer', () => {
    expect(convertLine(line({ type: 'dgram', protocol: 'udp' }))).toMatchObject({
      listen: 'udp://*:x',
      ...MANY,
    });
  });

  test('has all its values where they stand in the file', () => {
    const { root } = convertText('[::1]:x\tstream tcp6,rcvbuf=8k  nowait.9 a:b\n /bin/x y z\n', 'debian');
    const service = root?.entries.get('services')?.value;
    expect(service && placesIn(service)).toEqual([
      'x.listen 1:2',
      'x.receive_buffer 1:28',
      'x.user 1:41',
      'x.group 1:43',
      'x.groups 1:41',
      'x.server 2:2',
      'x.argv0 2:9',
      'x.server_args.0 2:11',
      'x.rate_per_source.count 1:39',
      'x.rate_per_source.per 1:39',
      'x.cps.rate 1:39',
      'x.cps.per 1:39',
      'x.instances 1:32',
      'x.policies.cps 1:39',
      'x.policies.instances 1:32',
    ]);
  });

  test.each([
    ['x', '1:1 inetd/fields', 'the field for the socket type is missing'],
    ['x stream', '1:3 inetd/fields', 'the field for the protocol is missing'],
    ['x stream tcp', '1:10 inetd/fields', 'the field for the "wait" or "nowait" is missing'],
    ['x stream tcp nowait me', '1:21 inetd/fields', 'the field for the server is missing'],
  ])('that ends early is told where: %s', (text, place, message) => {
    const { places, diagnostics } = convertText(`y stream tcp nowait me /bin/y y\n${text}\n`, 'debian');
    expect(places).toEqual([place.replace('1:', '2:')]);
    expect(diagnostics[0]?.message).toContain(message);
  });

  test('with an error is left out alone, with everything that is wrong with it', () => {
    const { services, places } = convertText(
      'a stream tcp nowait me /bin/a a\nb strom tpc nowiat : /bin/b b\nc stream tcp nowait me /bin/c c\n',
      'debian',
    );
    expect(Object.keys(services)).toEqual(['a', 'c']);
    expect(places).toEqual(['2:9 inetd/protocol', '2:13 inetd/wait', '2:20 inetd/user']);
  });
});

describe('the service field', () => {
  test.each([
    ['79', 'tcp', 'tcp://*:79'],
    ['*:79', 'tcp4', 'tcp4://*:79'],
    ['127.0.0.1:finger', 'tcp', 'tcp://127.0.0.1:finger'],
    ['127.0.0.1:finger', 'tcp4', 'tcp://127.0.0.1:finger'],
    ['[::1]:finger', 'tcp6', 'tcp://[::1]:finger'],
    ['::1:444', 'tcp6', 'tcp://[::1]:444'],
    ['host.example:79', 'tcp6', 'tcp6://host.example:79'],
    ['host.example:79', 'tcp46', 'tcp://host.example:79'],
  ])('%s with %s is %s', (service, protocol, listen) => {
    expect(convertLine(line({ service, protocol }))['listen']).toBe(listen);
  });

  test('may name several addresses', () => {
    expect(convertLine(line({ service: '127.0.0.1,::1,host:79' }))['listen']).toEqual([
      'tcp://127.0.0.1:79',
      'tcp://[::1]:79',
      'tcp://host:79',
    ]);
  });

  test.each([
    ['127.0.0.1:79', 'tcp6', 'inetd/address'],
    ['[::1]:79', 'tcp4', 'inetd/address'],
    [',:79', 'tcp', 'inetd/address'],
    ['a/b:79', 'tcp', 'inetd/address'],
    ['x', 'rpc/udp', 'inetd/service'],
    ['x/', 'rpc/udp', 'inetd/service'],
    ['/1', 'rpc/udp', 'inetd/service'],
    ['x/2-1', 'rpc/udp', 'inetd/service'],
    ['x/1-2-3', 'rpc/udp', 'inetd/service'],
    ['tcpmux/', 'tcp', 'inetd/service'],
    ['tcpmux/+', 'tcp', 'inetd/service'],
    ['tcpmux/x', 'udp', 'inetd/service'],
    ['x', 'unix', 'inetd/service'],
    [':a:/x', 'unix', 'inetd/service'],
  ])('%s with %s is refused: %s', (service, protocol, code) => {
    const type = protocol.endsWith('udp') ? 'dgram' : 'stream';
    const { places } = convertText(`${line({ service, protocol, type })}\n`, 'debian');
    expect(places).toHaveLength(1);
    expect(places[0]).toContain(code);
  });

  test('names programs of RPC with their versions', () => {
    expect(
      convertLine(line({ service: 'rstatd/1-5', type: 'dgram', protocol: 'rpc/udp', wait: 'wait' })),
    ).toMatchObject({
      listen: 'udp4://*:0',
      rpc: { program: 'rstatd', versions: '1-5' },
    });
    expect(convertLine(line({ service: '100001/2', protocol: 'rpc/tcp6' }))).toMatchObject({
      listen: 'tcp6://*:0',
      rpc: { program: 100001, versions: '2' },
    });
    expect(convertLine(line({ service: 'rstatd', protocol: 'rpc/tcp' }), 'freebsd')).toMatchObject({
      rpc: { program: 'rstatd', versions: '1' },
    });
  });

  test('names services of tcpmux, which need somebody who listens', () => {
    const text = `${line({ service: 'tcpmux/+Date', wait: 'wait' })}\ntcpmux stream tcp nowait root internal\n`;
    expect(convertText(text, 'debian').services).toMatchObject({
      Date: { listen: 'tcpmux://+Date', server: '/bin/x', ...MANY },
      tcpmux: { listen: 'tcp://*:tcpmux', builtin: 'tcpmux' },
    });
    expect(convertLine(line({ service: 'tcpmux/x' }), 'debian')).toMatchObject({
      listen: 'tcpmux://x',
    });
    const { services } = convertText(`${line({ service: 'tcpmux/x' })}\n`, 'gnu');
    expect(services).toMatchObject({ tcpmux: { listen: 'tcp46://*:tcpmux', builtin: 'tcpmux' } });
  });

  test('names unix sockets, with owner, group and mode for freebsd', () => {
    expect(convertLine(line({ service: '/run/x.sock', protocol: 'unix' }))).toMatchObject({
      listen: 'unix:///run/x.sock',
      socket_mode: '0755',
    });
    const owned = line({ service: ':me:adm:660:/run/x', protocol: 'unix', type: 'dgram', wait: 'wait' });
    expect(convertLine(owned, 'freebsd')).toMatchObject({
      listen: 'unix-dgram:///run/x',
      socket_user: 'me',
      socket_group: 'adm',
      socket_mode: '0660',
    });
    const bare = convertLine(line({ service: '::::/run/x', protocol: 'unix', type: 'seqpacket' }), 'freebsd');
    expect(bare).toMatchObject({ listen: 'unix-seqpacket:///run/x', socket_mode: '0200' });
    expect(bare).not.toHaveProperty('socket_user');
  });
});

describe('socket type and protocol', () => {
  test.each([
    ['stream', 'udp', 'inetd/socket-type'],
    ['dgram', 'tcp', 'inetd/socket-type'],
    ['seqpacket', 'tcp', 'inetd/socket-type'],
    ['raw', 'tcp', 'inetd/not-supported'],
    ['rdm', 'udp', 'inetd/not-supported'],
    ['stream,5', 'tcp', 'inetd/socket-type'],
    ['streams', 'tcp', 'inetd/socket-type'],
    ['stream', 'sctp', 'inetd/not-supported'],
    ['stream', 'tcp5', 'inetd/protocol'],
    ['stream', 'rpc/unix', 'inetd/protocol'],
    ['stream', 'tcp,foo=1', 'inetd/protocol'],
    ['stream', 'tcp,rcvbuf=1g', 'inetd/protocol'],
    ['stream', 'tcp,rcvbuf=99999999999', 'inetd/protocol'],
    ['stream', 'tcp,rcvbuf=1,rcvbuf=2', 'inetd/protocol'],
  ])('%s over %s is refused: %s', (type, protocol, code) => {
    const { diagnostics } = convertText(
      `${line({ type, protocol })}\ny stream tcp nowait me /bin/y y\n`,
      'debian',
    );
    expect(diagnostics.map((each) => each.code)).toEqual([code]);
  });

  test('buffers follow the protocol', () => {
    expect(convertLine(line({ protocol: 'tcp,sndbuf=64k,rcvbuf=16384' }))).toMatchObject({
      send_buffer: '64k',
      receive_buffer: '16384',
    });
  });
});

describe('the user field', () => {
  test.each([
    ['me', { user: 'me' }],
    ['me:adm', { user: 'me', group: 'adm' }],
    ['me.adm', { user: 'me', group: 'adm' }],
    ['j.doe:adm', { user: 'j.doe', group: 'adm' }],
  ])('%s', (user, expected) => {
    const service = convertLine(line({ user }));
    expect(service).toMatchObject({ ...expected, groups: true });
    expect('group' in service).toBe('group' in expected);
  });

  test.each([':', ':adm', 'me:', '.'])('%s is refused', (user) => {
    expect(convertText(`${line({ user })}\n`, 'debian').places).toEqual(['1:21 inetd/user']);
  });

  test('has a login class for freebsd, which is ignored with a warning', () => {
    expect(convertLine(line({ user: 'me:adm/daemon' }), 'freebsd', ['inetd/ignored'])).toMatchObject({
      user: 'me',
      group: 'adm',
    });
  });
});

describe('the program', () => {
  test('without an argv[0] gets its own name, with a warning', () => {
    expect(convertLine(line({ program: '/bin/x' }), 'debian', ['inetd/argv0'])).toMatchObject({ argv0: 'x' });
  });

  test('with an option for argv[0] is started as written, with a warning', () => {
    const service = convertLine(line({ program: '/bin/x -log file' }), 'debian', ['inetd/argv0']);
    expect(service).toMatchObject({ server: '/bin/x', argv0: '-log', server_args: ['file'] });
  });

  test.each([
    ['/usr/sbin/tcpd in.x -a', '/usr/sbin/in.x', 'in.x', ['-a'], []],
    ['/usr/libexec/tcpd xd', '/usr/libexec/xd', 'xd', undefined, []],
    ['/usr/sbin/tcpd /opt/x/in.x -a', '/opt/x/in.x', 'in.x', ['-a'], []],
    ['/usr/sbin/tcpd /opt/x/in.x in.x -a', '/opt/x/in.x', 'in.x', ['in.x', '-a'], ['inetd/tcpd']],
  ])(
    'behind tcpd is started directly, under the rules for its name: %s',
    (program, server, name, args, codes) => {
      const service = convertLine(line({ program }), 'debian', codes);
      expect(service).toMatchObject({ server, argv0: name, hosts_access: { daemon: name } });
      expect(service['server_args']).toEqual(args);
    },
  );

  test('behind tcpd that accepts itself keeps its tcpd: nobody knows the client before (S67)', () => {
    const service = convertLine(line({ program: '/usr/sbin/tcpd in.x', wait: 'wait' }), 'debian', [
      'inetd/tcpd',
    ]);
    expect(service).toMatchObject({ server: '/usr/sbin/tcpd', argv0: 'in.x' });
    expect(service).not.toHaveProperty('hosts_access');
  });

  test('tcpd alone is refused', () => {
    expect(convertText(`${line({ program: '/usr/sbin/tcpd' })}\n`, 'debian').places).toEqual([
      '1:24 inetd/tcpd-alone',
    ]);
  });

  test('gets all its arguments, with a warning where inetd cuts them', () => {
    const args = Array.from({ length: 25 }, (_, index) => `a${index}`);
    const program = `/bin/x ${args.join(' ')}`;
    expect(convertLine(line({ program }), 'debian', ['inetd/arguments'])['server_args']).toEqual(
      args.slice(1),
    );
    expect(convertLine(line({ program }), 'netbsd')['server_args']).toEqual(args.slice(1));
    expect(convertLine(line({ program }), 'gnu')['server_args']).toEqual(args.slice(1));
  });

  test('gets quotes and comments as inetd passes them, with a warning', () => {
    const quoted = line({ program: '/bin/sh sh -c "a b"' });
    expect(convertLine(quoted, 'debian', ['inetd/arguments'])).toMatchObject({
      server_args: ['-c', '"a', 'b"'],
    });
    expect(convertLine(quoted, 'freebsd')).toMatchObject({ server_args: ['-c', 'a b'] });
    const comment = line({ program: '/bin/x x # why' });
    expect(convertLine(comment, 'debian', ['inetd/arguments'])).toMatchObject({ server_args: ['#', 'why'] });
  });

  test('in a line that took in an indented entry is told of it', () => {
    const text = `${line({})}\n  ${line({ service: 'y' })}\n`;
    expect(convertText(text, 'debian').places).toEqual(['2:3 inetd/continued-line']);
    expect(Object.keys(convertText(text, 'gnu').services)).toEqual(['x', 'y']);
  });
});

describe('internal services', () => {
  test.each(['echo', 'discard', 'daytime', 'time', 'chargen', 'tcpmux'])(
    '%s is a builtin of ours',
    (service) => {
      expect(convertLine(line({ service, program: 'internal' }))).toEqual({
        listen: `tcp://*:${service}`,
        builtin: service,
        rate_per_source: RATE,
      });
    },
  );

  test('for datagrams have no guard against loops, and do not wait', () => {
    expect(convertLine('echo dgram udp wait root internal')).toEqual({
      listen: 'udp://*:echo',
      builtin: 'echo',
    });
  });

  test('may repeat their name, and ignore more', () => {
    expect(convertLine('time stream tcp nowait root internal time')).toMatchObject({ builtin: 'time' });
    expect(
      convertLine('time stream tcp nowait root internal time x', 'debian', ['inetd/ignored']),
    ).toMatchObject({
      builtin: 'time',
    });
  });

  test('keep their name behind an address, or as the last part of a path', () => {
    expect(convertLine('127.0.0.1:echo stream tcp nowait root internal')).toMatchObject({ builtin: 'echo' });
    expect(convertLine('/run/daytime stream unix nowait root internal', 'freebsd')).toMatchObject({
      listen: 'unix:///run/daytime',
      builtin: 'daytime',
    });
  });

  test('that nobody knows are refused', () => {
    expect(convertText('qotd stream tcp nowait root internal\n', 'debian').places).toEqual([
      '1:29 inetd/unknown-builtin',
    ]);
  });

  test('auth takes the options of freebsd', () => {
    const program = 'internal auth -rfn -o UNKNOWN -t30 -d fallback';
    expect(convertLine(line({ service: 'auth', program }), 'freebsd')).toMatchObject({
      builtin: 'ident',
      ident: {
        real: true,
        fakeid: true,
        noident: true,
        os: 'UNKNOWN',
        timeout: '30000ms',
        fallback: 'fallback',
      },
    });
    expect(
      convertLine(line({ service: 'ident', program: 'internal ident -gFi -t 2.5000' }), 'freebsd'),
    ).toMatchObject({
      ident: { random: true, any_fakeid: true, numeric: true, timeout: '2005ms' },
    });
  });

  test.each(['-z', '-t', '-t x', '-o', 'x'])('auth refuses %s', (options) => {
    const { diagnostics } = convertText(`auth stream tcp nowait root internal auth ${options}\n`, 'freebsd');
    expect(diagnostics.map(({ code }) => code)).toEqual(['inetd/builtin-option']);
  });
});
