import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convertPair } from './convert-text.ts';
import { systemdServes, zinetdServes } from './interpret-lists.ts';

const NO = 'Accept=no';

describe('what a socket unit listens on (promise 6)', () => {
  test.each([
    [['ListenStream=79'], 'tcp46://[::]:79'],
    [['ListenStream=79', 'BindIPv6Only=ipv6-only'], 'tcp6://[::]:79'],
    [['ListenStream=79', 'BindIPv6Only=both'], 'tcp46://[::]:79'],
    [['ListenStream=0.0.0.0:79'], 'tcp://0.0.0.0:79'],
    [['ListenStream=[::]:79'], 'tcp46://[::]:79'],
    [['ListenStream=[::1]:79'], 'tcp://[::1]:79'],
    [['ListenStream=%t/x/%p'], 'unix:///run/x/it'],
    [['ListenStream=@name'], 'unix://@name'],
    [['ListenStream=vsock:2:79'], 'vsock://2:79'],
    [['ListenStream=vsock::79'], 'vsock://any:79'],
    [['ListenSequentialPacket=/run/x'], 'unix-seqpacket:///run/x'],
    [['ListenDatagram=69', NO], 'udp46://[::]:69'],
    [['ListenDatagram=127.0.0.1:69', NO], 'udp://127.0.0.1:69'],
    [['ListenDatagram=/run/x', NO], 'unix-dgram:///run/x'],
    [
      ['ListenStream=1', 'ListenStream=127.0.0.1:2'],
      ['tcp46://[::]:1', 'tcp://127.0.0.1:2'],
    ],
  ])('%j is %j', (socket, listen) => {
    expect(convertPair({ socket }).it['listen']).toEqual(listen);
  });

  test.each([
    'ListenFIFO=/run/x',
    'ListenSpecial=/dev/x',
    'ListenNetlink=audit 1',
    'ListenMessageQueue=/x',
    'ListenUSBFunction=/x',
    'ListenStream=host:79',
    'ListenStream=0',
    'ListenStream=[::1]:70000',
    'ListenSequentialPacket=79',
    'ListenDatagram=vsock:2:79',
  ])('%s is refused', (line) => {
    const { services, codes } = convertPair({ socket: [line, NO] });
    expect(services).toEqual({});
    expect(codes).toContain('not-supported');
  });

  test('datagrams cannot be accepted, and a service of its own is for Accept=no', () => {
    expect(convertPair({ socket: ['ListenDatagram=69'] }).codes).toEqual(['not-supported']);
    expect(convertPair({ socket: ['Service=x.service'] }).codes).toEqual(['not-supported']);
  });

  test('directories are not made, and it is said so', () => {
    expect(convertPair({ socket: ['ListenStream=/run/a/b'] }).codes).toEqual(['directory']);
    expect(convertPair({ socket: ['ListenStream=/run/b'] }).codes).toEqual([]);
  });
});

describe('what the sockets are like (promise 6)', () => {
  test.each([
    ['Backlog=5', { backlog: 5 }],
    ['BindToDevice=eth0', { bind_to_device: 'eth0' }],
    ['SocketProtocol=mptcp', { mptcp: true }],
    ['ReceiveBuffer=1K', { receive_buffer: 1024 }],
    ['SendBuffer=1.5M', { send_buffer: 1_572_864 }],
    ['NoDelay=yes', { no_delay: true }],
    ['DeferAcceptSec=1min 30s', { defer_accept: '90s' }],
    ['FreeBind=on', { free_bind: true }],
    ['Transparent=1', { transparent: true }],
    ['Mark=7', { mark: 7 }],
    ['IPTOS=low-delay', { tos: 16 }],
    ['IPTOS=3', { tos: 3 }],
    ['KeepAlive=no', { keepalive: false }],
    ['KeepAlive=yes', { keepalive: { idle: '7200s', interval: '75s', count: 9 } }],
  ])('%s', (line, expected) => {
    const { it, codes } = convertPair({ socket: [line] });
    expect(it).toMatchObject(expected);
    expect(codes).toEqual([]);
  });

  test('keepalive is off unless it is on, whatever its times are', () => {
    expect(convertPair({}).it['keepalive']).toBe(false);
    const { it, codes } = convertPair({ socket: ['KeepAliveTimeSec=9'] });
    expect(it['keepalive']).toBe(false);
    expect(codes).toEqual(['ignored']);
    const on = convertPair({ socket: ['KeepAlive=yes', 'KeepAliveTimeSec=9', 'KeepAliveProbes=2'] });
    expect(on.it['keepalive']).toEqual({ idle: '9s', interval: '75s', count: 2 });
  });

  test('everybody may open a socket with a path unless it says otherwise', () => {
    const path = 'ListenStream=/run/x';
    expect(convertPair({ socket: [path] }).it).toMatchObject({ socket_mode: '0666' });
    const owned = convertPair({ socket: [path, 'SocketMode=600', 'SocketUser=me', 'SocketGroup=%p'] });
    expect(owned.it).toMatchObject({ socket_mode: '0600', socket_user: 'me', socket_group: 'it' });
  });

  test('what no socket of the unit can have is ignored, as in systemd', () => {
    for (const line of ['SocketMode=0600', 'SocketUser=me']) {
      expect(convertPair({ socket: [line] }).codes).toEqual(['ignored']);
    }
    for (const line of ['NoDelay=yes', 'BindToDevice=lo']) {
      expect(convertPair({ socket: ['ListenStream=@x', line] }).codes).toEqual(['ignored']);
    }
  });

  test.each([
    ['NoDelay=maybe', 'value'],
    ['SendBuffer=a', 'value'],
    ['SocketProtocol=sctp', 'not-supported'],
    ['PrivateNetwork=yes', 'not-supported'],
    ['ExecStartPre=/bin/true', 'no-counterpart'],
    ['ReusePort=yes', 'no-counterpart'],
    ['PassCredentials=yes', 'no-counterpart'],
    ['SELinuxContextFromNet=yes', 'no-counterpart'],
    ['Backlog=100000', 'limit'],
    ['PrivateDevices=yes', 'ignored'],
    ['FileDescriptorName=x', ''],
    ['ReusePort=no', ''],
    ['RemoveOnStop=yes', ''],
  ])('%s is said: %s', (line, code) => {
    expect(convertPair({ socket: [line] }).codes).toEqual(code === '' ? [] : [code]);
  });
});

describe('limits (promise 6)', () => {
  const usual = { count: 200, per: '2s' };

  test.each([
    [[], { instances: 64, per_source: 'UNLIMITED', rate_per_source: usual }],
    [['MaxConnections=5'], { instances: 5, per_source: 'UNLIMITED' }],
    [['MaxConnectionsPerSource=3'], { instances: 64, per_source: 3 }],
    [['MaxConnectionsPerSource=0'], { per_source: 'UNLIMITED' }],
  ])('%j', (socket, expected) => {
    const { it, codes } = convertPair({ socket });
    expect(it).toMatchObject(expected);
    expect(it).not.toHaveProperty('cps');
    expect(codes).toEqual([]);
  });

  test('a unit that allows none is refused, as by systemd', () => {
    expect(convertPair({ socket: ['MaxConnections=0'] }).codes).toEqual(['value']);
  });

  test('a limit of triggers suspends where systemd fails, and one of polls queues', () => {
    const trigger = convertPair({ socket: ['TriggerLimitBurst=9'] });
    expect(trigger.it).toMatchObject({
      cps: { rate: 9, per: '2s' },
      rate_per_source: { count: 9, per: '2s' },
    });
    expect(trigger.codes).toEqual(['trigger-limit']);
    const poll = convertPair({ socket: ['PollLimitIntervalSec=10', 'PollLimitBurst=9'] });
    expect(poll.it).toMatchObject({ cps: { rate: 9, per: '10s' }, policies: { cps: 'queue' } });
    expect(poll.codes).toEqual([]);
    const none = convertPair({ socket: ['TriggerLimitIntervalSec=0'] });
    expect(none.it).not.toHaveProperty('rate_per_source');
  });

  test('a program that accepts by itself limits itself', () => {
    const { it, codes } = convertPair({ socket: [NO, 'MaxConnections=5', 'MaxConnectionsPerSource=2'] });
    expect(it).not.toHaveProperty('instances');
    expect(it).not.toHaveProperty('rate_per_source');
    expect(codes).toEqual(['ignored', 'ignored']);
  });
});

describe('IPAddressAllow= and IPAddressDeny= (promise 6)', () => {
  test.each([
    [['IPAddressDeny=any'], { only_from: [] }],
    [['IPAddressAllow=localhost', 'IPAddressDeny=any'], { only_from: ['127.0.0.0/8', '::1/128'] }],
    [['IPAddressDeny=10.1.2.3/8'], { no_access: ['10.0.0.0/8'] }],
    [['IPAddressDeny=10.0.0.0'], { no_access: ['10.0.0.0/32'] }],
    [
      ['IPAddressDeny=link-local multicast'],
      { no_access: ['169.254.0.0/16', 'fe80::/64', '224.0.0.0/4', 'ff00::/8'] },
    ],
    [['IPAddressDeny=any', 'IPAddressDeny=', 'IPAddressDeny=::1'], { no_access: ['::1/128'] }],
    [
      ['IPAddressAllow=10.1.0.0/16', 'IPAddressDeny=10.0.0.0/8'],
      { only_from: ['0.0.0.0/0', '::/0', '10.1.0.0/16'], no_access: ['10.0.0.0/8'] },
    ],
    [
      ['IPAddressAllow=10.0.0.0/8', 'IPAddressDeny=0.0.0.0/0'],
      { only_from: ['::/0', '10.0.0.0/8'], no_access: ['0.0.0.0/0'] },
    ],
  ])('%j', (socket, expected) => {
    const { it, codes } = convertPair({ socket });
    const { only_from, no_access } = it;
    expect({ only_from, no_access }).toEqual({ only_from: undefined, no_access: undefined, ...expected });
    expect(codes).toEqual([]);
  });

  const byte = fc.constantFrom(0, 1, 127, 128);
  const address = fc.oneof(
    fc.tuple(byte, byte).map(([first, second]) => `10.${first}.${second}.1`),
    fc.tuple(byte, byte).map(([first, second]) => `2001:db8:${first.toString(16)}:${second.toString(16)}::1`),
  );
  const prefix = fc.tuple(address, fc.nat({ max: 64 })).map(([text, length]) => {
    return `${text}/${text.includes(':') ? length : length / 2 < 32 ? Math.floor(length / 2) : 32}`;
  });
  const list = fc.array(fc.oneof(prefix, fc.constantFrom('any', 'localhost')), { maxLength: 4 });

  test('serve whom systemd serves: who is allowed is not denied, however long the prefix of the denial is', () => {
    fc.assert(
      fc.property(list, list, fc.array(address, { minLength: 1, maxLength: 6 }), (allow, deny, addresses) => {
        const lines = [`IPAddressAllow=${allow.join(' ')}`, `IPAddressDeny=${deny.join(' ')}`];
        const { it } = convertPair({ socket: lines });
        for (const each of addresses) {
          expect([each, zinetdServes(it, each)]).toEqual([each, systemdServes({ allow, deny }, each)]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    [['IPAddressAllow=::1'], 'ignored'],
    [['ListenStream=/run/x', 'IPAddressDeny=any'], 'ignored'],
    [[NO, 'IPAddressDeny=any'], 'not-supported'],
    [['ListenStream=1', 'ListenStream=@x', 'IPAddressDeny=any'], 'not-supported'],
    [['IPAddressDeny=me'], 'value'],
  ])('%j is said: %s', (socket, code) => {
    expect(convertPair({ socket }).codes).toEqual([code]);
  });

  test('the lists of the service are not for its clients', () => {
    const { it, codes } = convertPair({ service: ['IPAddressDeny=any'] });
    expect(it).not.toHaveProperty('only_from');
    expect(codes).toEqual(['no-counterpart']);
  });
});

describe('Accept=no (promise 6)', () => {
  const native = 'StandardInput=null';

  test('is a service that waits, with its socket as inetd or as systemd hands it over', () => {
    const inetd = convertPair({ socket: [NO] });
    expect(inetd.it).toMatchObject({ wait: true, listen_fds: false, stderr: 'socket' });
    expect(inetd.it).not.toHaveProperty('peer_env');
    const listed = convertPair({ socket: [NO], service: [native] });
    expect(listed.it).toMatchObject({ wait: true, listen_fds: true, stderr: 'log' });
    expect([...inetd.codes, ...listed.codes]).toEqual([]);
  });

  test('with several sockets is several programs, which is said, and as standard input is nothing', () => {
    const socket = [NO, 'ListenStream=1', 'ListenStream=2'];
    expect(convertPair({ socket, service: [native] }).codes).toEqual(['several-sockets']);
    expect(convertPair({ socket }).codes).toEqual(['not-supported']);
  });

  test('knows no names of sockets but its own', () => {
    const codesOf = (name: string): readonly string[] =>
      convertPair({ socket: [NO, `FileDescriptorName=${name}`], service: [native] }).codes;
    expect(codesOf('web')).toEqual(['no-counterpart']);
    expect(codesOf('it')).toEqual([]);
  });

  test('does not go on behind a fork', () => {
    expect(convertPair({ socket: [NO], service: ['Type=forking'] }).codes).toEqual(['not-supported']);
  });
});
