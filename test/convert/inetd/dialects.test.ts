import { describe, expect, test } from 'vitest';
import type { DIALECT_NAMES } from '../../../src/convert/inetd/dialect.ts';
import { convertLine, convertText } from './convert-text.ts';

const RATE = { count: 256, per: '1m' };

function wait(field: string, type = 'stream'): string {
  return `x ${type} ${type === 'dgram' ? 'udp' : 'tcp'} ${field} me /bin/x x`;
}

describe('what a limit means', () => {
  test.each([
    ['openbsd', 'nowait.9'],
    ['debian', 'nowait.9'],
    ['gnu', 'nowait.9'],
    ['busybox', 'nowait.9'],
    ['netbsd', 'nowait.9'],
    ['netbsd', 'nowait:9'],
  ] as const)('to %s %s is nine starts a minute, all of which one source may have', (dialect, field) => {
    expect(convertLine(wait(field), dialect)).toMatchObject({
      cps: { rate: 9, per: '1m' },
      rate_per_source: { count: 9, per: '1m' },
      policies: { cps: 'reject', instances: 'queue' },
    });
  });

  test('a limit of a stream that waits is one of the service only', () => {
    const service = convertLine(wait('wait.9'), 'debian');
    expect(service).toMatchObject({ cps: { rate: 9, per: '1m' }, policies: { cps: 'reject' } });
    expect(service).not.toHaveProperty('rate_per_source');
    expect(convertLine(wait('wait.9', 'dgram'), 'debian')).toMatchObject({
      rate_per_source: { count: 9, per: '1m' },
    });
  });

  test('to freebsd the first number is how many at once, who wait in the backlog', () => {
    expect(convertLine(wait('nowait/3'), 'freebsd')).toMatchObject({
      instances: 3,
      per_source: 'UNLIMITED',
      rate_per_source: RATE,
      policies: { instances: 'queue' },
    });
  });

  test('to freebsd the others are of one source: how often in a minute, and how many at once', () => {
    const service = convertLine(wait('nowait/3/10/2'), 'freebsd');
    expect(service).toMatchObject({ instances: 3, per_source: 2, rate_per_source: { count: 10, per: '1m' } });
    expect(service).not.toHaveProperty('cps');
  });

  test('to freebsd 0 is no limit', () => {
    const service = convertLine(wait('nowait/0/0/2'), 'freebsd');
    expect(service).toMatchObject({ instances: 'UNLIMITED', per_source: 2, rate_per_source: RATE });
    expect(service).not.toHaveProperty('policies');
  });

  test('freebsd lets one wait at once anyway, and what is more is ignored', () => {
    expect(convertLine(wait('wait/1', 'dgram'), 'freebsd')).not.toHaveProperty('instances');
    expect(convertLine(wait('wait/4', 'dgram'), 'freebsd', ['inetd/ignored'])).not.toHaveProperty(
      'instances',
    );
  });

  test('to netbsd 0 is never', () => {
    expect(convertLine(wait('nowait.0'), 'netbsd', ['inetd/never'])).toMatchObject({ only_from: [] });
    expect(convertLine(wait('wait.0', 'dgram'), 'netbsd', ['inetd/never'])).toMatchObject({ only_from: [] });
    const stream = convertLine(wait('wait:0'), 'netbsd', ['inetd/never']);
    expect(stream).toMatchObject({ cps: { rate: 0 }, policies: { cps: 'reject' } });
    expect(stream).not.toHaveProperty('only_from');
  });

  test.each(['openbsd', 'debian', 'gnu'] as const)('%s takes 0 for a mistake and has its own', (dialect) => {
    expect(convertLine(wait('nowait.0'), dialect, ['inetd/ignored'])).toMatchObject({
      rate_per_source: RATE,
    });
  });

  test('to busybox 0 is no limit', () => {
    expect(convertLine(wait('nowait.0'), 'busybox')).toMatchObject({ rate_per_source: 'UNLIMITED' });
  });

  test.each([
    ['debian', 'nowait/3', 'inetd/wait'],
    ['debian', 'nowait:3', 'inetd/wait'],
    ['solaris', 'nowait.3', 'inetd/wait'],
    ['debian', 'nowait.', 'inetd/limit'],
    ['debian', 'nowait.3x', 'inetd/limit'],
    ['debian', 'nowait.-1', 'inetd/limit'],
    ['debian', 'nowait.010', 'inetd/limit'],
    ['debian', 'nowait.99999999999', 'inetd/limit'],
    ['netbsd', 'nowait:many', 'inetd/limit'],
    ['freebsd', 'nowait/1/2/3/4', 'inetd/wait'],
    ['freebsd', 'nowait/32768', 'inetd/wait'],
    ['freebsd', 'nowait/1//2', 'inetd/limit'],
    ['debian', 'Nowait', 'inetd/wait'],
    ['aix', 'SRC', 'inetd/not-supported'],
  ] as const)('%s with %s is refused (S101): %s', (dialect, field, code) => {
    expect(convertText(`${wait(field)}\n`, dialect).diagnostics.map((each) => each.code)).toEqual([code]);
  });

  test('freebsd ignores a dot, with a warning', () => {
    expect(convertLine(wait('nowait.400'), 'freebsd', ['inetd/ignored'])).toMatchObject({
      rate_per_source: RATE,
    });
  });
});

describe('which addresses a protocol is about', () => {
  const listen = (protocol: string, dialect: (typeof DIALECT_NAMES)[number]): unknown =>
    convertLine(`x stream ${protocol} nowait me /bin/x x`, dialect)['listen'];

  test.each([
    ['freebsd', 'tcp4', 'tcp6'],
    ['netbsd', 'tcp4', 'tcp6'],
    ['openbsd', 'tcp', 'tcp6'],
    ['debian', 'tcp', 'tcp6'],
    ['gnu', 'tcp4', 'tcp46'],
    ['busybox', 'tcp4', 'tcp46'],
    ['solaris', 'tcp4', 'tcp46'],
    ['aix', 'tcp4', 'tcp46'],
    ['hpux', 'tcp4', 'tcp46'],
  ] as const)('to %s tcp is %s:// and tcp6 is %s://', (dialect, plain, six) => {
    expect(listen('tcp', dialect)).toBe(`${plain}://*:x`);
    expect(listen('tcp6', dialect)).toBe(`${six}://*:x`);
    expect(listen('tcp4', dialect)).toBe('tcp4://*:x');
    expect(listen('tcp46', dialect)).toBe('tcp46://*:x');
    expect(listen('tcp6only', dialect)).toBe('tcp6://*:x');
  });

  test('is warned of once where nothing tells the dialect', () => {
    const text = `${wait('nowait')}\ny stream tcp nowait me /bin/y y\nz dgram udp6 wait me /bin/z z\n`;
    const { places, services } = convertText(text);
    expect(places).toEqual(['1:10 inetd/dialect', '3:9 inetd/dialect']);
    expect(services).toMatchObject({ x: { listen: 'tcp://*:x' }, z: { listen: 'udp6://*:z' } });
  });

  test('is not in question where the address says it, or the digit', () => {
    const text =
      '127.0.0.1:x stream tcp nowait me /bin/x x\n[::1]:y stream tcp nowait me /bin/y y\nz stream tcp4 nowait me /bin/z z\n';
    expect(convertText(text).places).toEqual([]);
  });

  test('is one family by each where a service has both, and the two are one service', () => {
    const text =
      'x stream tcp nowait me /bin/x x\nx stream tcp6 nowait me /bin/x x\ny stream tcp nowait me /bin/y y\n';
    const { services, places } = convertText(text);
    expect(places).toEqual([]);
    expect(Object.keys(services)).toEqual(['x', 'y']);
    expect(services).toMatchObject({
      x: { listen: ['tcp4://*:x', 'tcp6://*:x'] },
      y: { listen: 'tcp4://*:y' },
    });
  });

  test('keeps services apart that differ in more than that', () => {
    const text = 'x dgram udp wait me /bin/x x -4\nx dgram udp6 wait me /bin/x x -6\n';
    expect(convertText(text).services).toMatchObject({
      x: { listen: 'udp4://*:x' },
      'x-udp6': { listen: 'udp6://*:x' },
    });
  });
});

describe('the dialect', () => {
  test.each([
    ['freebsd', 'x stream tcp nowait/3 me /bin/x x'],
    ['freebsd', 'x stream tcp nowait me:me/daemon /bin/x x'],
    ['freebsd', ':me:me:600:/run/x stream unix nowait me /bin/x x'],
    ['freebsd', '# $FreeBSD: head/etc/inetd.conf$\nx stream tcp nowait me /bin/x x'],
    ['freebsd', '#y stream tcp nowait/3/10 me /bin/x x\nx stream tcp nowait me /bin/x x'],
    ['netbsd', 'x stream tcp nowait:600 me /bin/x x'],
    ['netbsd', 'x stream,5 tcp nowait me /bin/x x'],
    ['netbsd', 'x on protocol = tcp4, wait = no, user = me, exec = /bin/x, args = x;'],
    ['gnu', 'y stream tcp6only nowait me /bin/y y\nx stream tcp nowait me /bin/x x'],
    ['hpux', 'x stream tcp nowait me /bin/x \\\n x'],
    ['solaris', '100/1 tli rpc/circuit_v wait root /bin/y y\nx stream tcp nowait me /bin/x x'],
  ] as const)('%s shows in %s', (dialect, text) => {
    const found = convertText(`${text}\n`);
    const given = convertText(`${text}\n`, dialect);
    expect(found.services).toEqual(given.services);
    expect(found.places).toEqual(given.places);
    expect(found.places.filter((place) => place.includes('inetd/dialect'))).toEqual([]);
    expect(Object.keys(found.services)).toContain('x');
  });

  test('that is asked for is the one, whatever the file looks like', () => {
    expect(convertText(`${wait('nowait/3')}\n`, 'debian').places).toEqual(['1:14 inetd/wait']);
  });

  test('is the first of several, with a warning', () => {
    const { places, diagnostics } = convertText(`${wait('nowait/3')}\ny stream tcp nowait:4 me /bin/y y\n`);
    expect(places).toEqual(['2:1 inetd/mixed-dialects', '2:14 inetd/ignored']);
    expect(diagnostics[0]?.related[0]?.span.range?.line).toBe(1);
  });
});

describe('addresses for the lines that follow', () => {
  test.each(['netbsd', 'openbsd', 'debian', 'gnu', 'busybox'] as const)(
    'are set and taken back for %s',
    (dialect) => {
      const text =
        '127.0.0.1:\na stream tcp nowait me /bin/a a\n*:b stream tcp4 nowait me /bin/b b\n*:\nc stream tcp4 nowait me /bin/c c\n';
      expect(convertText(text, dialect).services).toMatchObject({
        a: { listen: 'tcp://127.0.0.1:a' },
        b: { listen: 'tcp4://*:b' },
        c: { listen: 'tcp4://*:c' },
      });
    },
  );

  test('that are none leave out what would be open to everybody', () => {
    const { services, places } = convertText(
      'a/b:\nx stream tcp nowait me /bin/x x\n*:y stream tcp nowait me /bin/y y\n',
      'debian',
    );
    expect(places).toEqual(['1:1 inetd/address', '2:1 inetd/address']);
    expect(Object.keys(services)).toEqual(['y']);
  });
});

describe('netbsd', () => {
  const define = (rest: string): string =>
    `127.0.0.1:x on protocol = tcp, user = me, exec = /bin/x, args = x a, ${rest};\n`;

  test('defines services in keys and values', () => {
    const text = define(
      'wait = no, group = adm, service_max = 5, ip_max = 3, accept_max = 7, sndbuf = 8k, recvbuf = 1m',
    );
    const { services, places } = convertText(text);
    expect(places).toEqual([]);
    expect(services['x']).toEqual({
      listen: 'tcp://127.0.0.1:x',
      user: 'me',
      group: 'adm',
      groups: true,
      server: '/bin/x',
      argv0: 'x',
      server_args: ['a'],
      send_buffer: '8k',
      receive_buffer: '1m',
      cps: { rate: 5, per: '1m' },
      rate_per_source: { count: 3, per: '1m' },
      instances: 7,
      per_source: 'UNLIMITED',
      policies: { cps: 'reject', instances: 'queue' },
    });
  });

  test('has services that are off, which are checked all the same', () => {
    expect(convertText(define('wait = no').replace('on', 'off')).services['x']).toMatchObject({
      enabled: false,
    });
    expect(convertText(define('wait = maybe').replace('on', 'off')).places).toEqual(['1:78 inetd/wait']);
  });

  test('has internal services where nothing is to be executed', () => {
    expect(convertText('time on protocol = tcp4, user = root;').services['time']).toMatchObject({
      builtin: 'time',
    });
  });

  test.each([
    ['wait = no, wait = no', 'inetd/key'],
    ['wait = no, colour = red', 'inetd/key'],
    ['wait = no, service_max = many', 'inetd/limit'],
    ['wait = no, service_max = 1 2', 'inetd/key'],
    ['wait = no, service_max =', 'inetd/key'],
    ['group = adm', 'inetd/key'],
    ['wait = no, bind = ::1', 'inetd/key'],
    ['wait = no, ipsec = "in ipsec esp/transport//require"', 'inetd/ipsec'],
    ['wait = no, socktype = raw', 'inetd/not-supported'],
  ])('refuses a definition with %s: %s', (rest, code) => {
    const { diagnostics, services } = convertText(`${define(rest)}y stream tcp4 nowait me /bin/y y\n`);
    expect(diagnostics.map((each) => each.code)).toEqual([code]);
    expect(Object.keys(services)).toEqual(['y']);
  });

  test('needs an address to know the family of a protocol', () => {
    expect(convertText('x on protocol = tcp, user = me, wait = no, exec = /bin/x, args = x;').places).toEqual(
      ['1:17 inetd/address'],
    );
    expect(
      convertText('x on bind = ::1, protocol = tcp, user = me, wait = no, exec = /bin/x, args = x;').services,
    ).toMatchObject({
      x: { listen: 'tcp://[::1]:x' },
    });
  });

  test('has a number of connections and a filter behind the socket type', () => {
    const line = 'x stream,4:dataready,x tcp nowait me /bin/x x';
    expect(convertLine(line, 'netbsd', ['inetd/ignored'])).toMatchObject({
      instances: 4,
      per_source: 'UNLIMITED',
    });
  });
});

describe('system V', () => {
  test('solaris has endpoints, which become sockets with a warning', () => {
    expect(
      convertLine('rstatd/2-4 tli rpc/datagram_v wait root /usr/lib/x x', 'solaris', ['inetd/endpoint']),
    ).toMatchObject({
      listen: 'udp://*:0',
      rpc: { program: 'rstatd', versions: '2-4' },
      wait: true,
    });
    expect(convertText('100/1 tli rpc/ticotsord wait root /x x\n', 'solaris').places).toEqual([
      '1:11 inetd/not-supported',
    ]);
  });

  test('hpux numbers its programs behind the server', () => {
    const line = 'rpc dgram udp wait root /usr/lib/rstat/rpc.rstatd 100001 1-3 rpc.rstatd -a';
    expect(convertLine(line, 'hpux')).toMatchObject({
      listen: 'udp4://*:0',
      rpc: { program: 100001, versions: '1-3' },
      argv0: 'rpc.rstatd',
      server_args: ['-a'],
    });
    expect(convertLine('x stream tcp swait root /bin/x x', 'hpux', ['inetd/ignored'])).toMatchObject({
      wait: true,
    });
  });

  test('aix numbers them at the end', () => {
    const line = 'rstatd sunrpc_udp udp wait root /usr/sbin/rpc.rstatd rstatd 100001 1-3';
    expect(convertLine(line, 'aix', ['inetd/endpoint'])).toMatchObject({
      listen: 'udp4://*:0',
      rpc: { program: 100001, versions: '1-3' },
      argv0: 'rstatd',
    });
  });

  test('its telnet for both families runs as the manual of AIX has it, read as debian does unless told', () => {
    const line = 'telnet stream tcp6 nowait root /usr/sbin/telnetd telnetd -a';
    expect(convertLine(line, 'aix')).toMatchObject({ listen: 'tcp46://*:telnet', server_args: ['-a'] });
    expect(convertText(`${line}\n`).services).toMatchObject({ telnet: { listen: 'tcp6://*:telnet' } });
  });
});

describe('IPsec policies', () => {
  const TEXT =
    '#@ in ipsec esp/transport//require\nx stream tcp4 nowait me /bin/x x\n#@\ny stream tcp4 nowait me /bin/y y\n';

  test.each(['freebsd', 'netbsd', undefined] as const)('leave out what they are for (%s)', (dialect) => {
    const { services, places, diagnostics } = convertText(TEXT, dialect);
    expect(places).toEqual(['2:1 inetd/ipsec']);
    expect(diagnostics[0]?.related[0]?.span.range?.line).toBe(1);
    expect(Object.keys(services)).toEqual(['y']);
  });

  test('are comments to everybody else', () => {
    expect(Object.keys(convertText(TEXT, 'debian').services)).toEqual(['x', 'y']);
  });

  test('can be lifted by a definition of netbsd', () => {
    const text = `${TEXT.split('\n')[0]}\nx on protocol = tcp4, wait = no, user = me, exec = /bin/x, args = x, ipsec = ;\n`;
    expect(convertText(text).services).toHaveProperty('x');
  });
});
