import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Host } from '../../src/config/host.ts';
import { printResolution } from '../../src/config/print.ts';
import { PEER_ENV_SETS } from '../../src/model/peer-env.ts';
import { fakeHost } from './fake-host.ts';
import { loadText } from './load-text.ts';

const MINUTE_MS = 60_000;
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(
      '',
      'yes',
      'null',
      '~',
      '010',
      '1e3',
      '0x1F',
      '- a',
      '#',
      ': ',
      ' a ',
      'a\nb',
      '\t',
      '"',
      "'",
      '\\',
      '<<',
      '*a',
      '&a',
      '!x',
      '%',
      '@',
    ),
  )
  .filter((value) => !/[\0\p{Surrogate}]/u.test(value));

const variable = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,6}$/)
  .filter((name) => !(name in {}) && name !== 'prototype');
const port = fc.oneof(fc.constant(0), fc.constantFrom('finger', 'http'));
const host = fc.oneof(
  fc.ipV4(),
  fc
    .ipV6()
    .filter((ip) => !/^fe[89ab]/i.test(ip) && !ip.includes('.'))
    .map((ip) => `[${ip}]`),
);
const scheme = fc.constantFrom('tcp', 'udp');
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{4,12}$/);
const listen = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(scheme, host, port)
      .map(([protocol, address, at]) => `${protocol}://${address}:${at}`),
  },
  fc.constantFrom('tcp://*:0', 'tcp4://localhost:0', 'tcp46://*:0', 'udp46://[::1]:0', 'udp6://localhost:0'),
  word.map((name) => `unix:///run/${name} b.sock`),
  word.map((name) => `unix-seqpacket://@${name}`),
  fc.nat(0xffff).map((at) => `vsock://any:${at + 1}`),
  fc.nat(0xffff).map((at) => `vsock://3:${at + 1}`),
  word.map((name) => `tcpmux://${name}`),
  word.map((name) => `tcpmux://+${name}`),
);
const limit = fc.oneof(fc.nat(), fc.constantFrom('unlimited', 5000));
const pair = fc
  .nat(1000)
  .chain((soft) =>
    fc.record({ soft: fc.constant(soft), hard: fc.constantFrom('unlimited', soft, soft + 1) }),
  );
const bytes = fc.oneof(limit, pair, fc.constantFrom('64k', '8m', '1g'));

const shared = {
  user: fc.constantFrom('nobody', 'ftp', 110, '110', 'root'),
  group: fc.constantFrom('daemon', 7, '8'),
  groups: fc.oneof(fc.boolean(), fc.constant(['daemon', 7, 7])),
  umask: fc.stringMatching(/^0?[0-7]{1,3}$/),
  nice: fc.integer({ min: -20, max: 19 }),
  cwd: text.map((value) => `/${value}`),
  env: fc.dictionary(variable, text, { noNullPrototype: true }),
  pass_env: fc.array(fc.oneof(variable, fc.constantFrom('LANG', 'HOME')), { maxLength: 4 }),
  rlimits: fc.record(
    { cpu: fc.oneof(limit, fc.constant('10s')), fsize: bytes, nproc: limit, nofile: limit },
    { requiredKeys: [] },
  ),
  instances: fc.oneof(
    fc.integer({ min: 1, max: 65_535 }),
    fc.constant('UNLIMITED'),
    fc.constant({ soft: 3, hard: 9 }),
  ),
  backlog: fc.integer({ min: 1, max: 65_535 }),
  peer_env: fc.uniqueArray(fc.constantFrom(...PEER_ENV_SETS)),
  stderr: fc.constantFrom('socket', 'log', 'none'),
  listen_fds: fc.constant(false),
  on_reload: fc.constantFrom('keep', 'terminate'),
  on_stop: fc.constantFrom('wait', 'terminate'),
  max_connection_age: fc.constantFrom('1ms', '8h', '365d'),
  mode: fc.constantFrom('inetd', 'extended'),
  // Most of what else is here wants it on.
  no_new_privileges: fc.constantFrom(true, true, true, false),
  capabilities: fc.constantFrom([], ['CAP_NET_BIND_SERVICE', 'CAP_CHOWN']),
  scoped: fc.boolean(),
  chroot: fc.constantFrom('/', '/usr'),
  protect_system: fc.constantFrom(true, false, 'full', 'strict'),
  protect_home: fc.constantFrom(true, false, 'read-only'),
  read_only_paths: fc.constantFrom([], ['/srv', '/var']),
  exec_paths: fc.constantFrom(['/usr'], ['/usr', '/opt/a b']),
  apparmor_profile: fc.constantFrom('ftpd', '-ftpd', '/usr/sbin/in.ftpd'),
  selinux_context: fc.constantFrom('u:r:t', '-u:r:t:s0-s0:c0.c1023'),
  private_tmp: fc.boolean(),
  private_pids: fc.boolean(),
  idle_timeout: fc.constantFrom('10m', '24d'),
  grace: fc.constantFrom('1ms', '5s', '24d'),
  v6only: fc.boolean(),
};
const size = fc.oneof(fc.integer({ min: 1, max: 2 ** 30 }), fc.constantFrom('64k', '1m'));
/** What the sockets are like; what no listener of a service can have is not printed of it. */
const sockets = {
  keepalive: fc.oneof(fc.boolean(), fc.constant({ idle: '5m', count: 3 })),
  socket_user: fc.constantFrom('nobody', 7),
  socket_group: fc.constantFrom('daemon', 7),
  socket_mode: fc.stringMatching(/^0?[0-7]{1,3}$/),
  bind_to_device: fc.constantFrom('lo', 'eth0'),
  mptcp: fc.boolean(),
  receive_buffer: size,
  send_buffer: size,
  no_delay: fc.boolean(),
  defer_accept: fc.constantFrom('1s', '10m'),
  free_bind: fc.boolean(),
  transparent: fc.boolean(),
  mark: fc.nat(0x7fff_ffff),
  tos: fc.nat(255),
};

const duration = fc.constantFrom('1ms', '10s', '5m', '2h', '24d');
const count = fc.integer({ min: 1, max: 1_000_000 });
const rules = fc.array(
  fc.oneof(
    fc.constantFrom('10.0.0.0/8', '10.1.0.0', '10.1.2.{3,5}', '10.2-3.', '::', 'fe80::1%lo', 'fe80::/64'),
    fc.constantFrom('office', 'printer', 'Good.Example', '.trusted.example', '192.0.2.7-192.0.2.40'),
    fc.ipV4(),
  ),
  { maxLength: 5 },
);
const cap = fc.integer({ min: 1, max: 999 }).chain((soft) =>
  fc.record(
    {
      soft: fc.constant(soft),
      hard: fc.integer({ min: soft, max: 65_535 }),
      drop: fc.integer({ min: 0, max: 100 }),
    },
    { requiredKeys: ['soft', 'hard'] },
  ),
);
const refusal = fc.oneof(
  fc.constantFrom('%a: go away, said %s (%r, 100 %%)\r\n', 'no', ' yes: \t# ', 'Grüße\n'),
  text.map((value) => `x${value.replaceAll('%', '%%')}`),
);
const policy = fc.oneof(
  fc.constant('reject'),
  fc.record({ reject: fc.record({ text: refusal }) }),
  fc.record({
    tarpit: fc.record(
      {
        bytes_per_second: fc.integer({ min: 1, max: 1024 }),
        slots: fc.integer({ min: 1, max: 4096 }),
        text: refusal,
      },
      { requiredKeys: ['bytes_per_second', 'slots'] },
    ),
  }),
);
const limitPolicy = fc.oneof(
  policy,
  fc.constant('queue'),
  fc.record({ suspend: fc.record({ for: duration }) }),
);

const admission = {
  only_from: rules,
  no_access: rules,
  match: fc.constantFrom('specific', 'xinetd'),
  hosts_access: fc.oneof(
    fc.boolean(),
    fc.record({ allow: fc.constant('/nowhere/allow'), daemon: fc.constantFrom('in.ftpd', 'a b') }),
    fc.record({ allow: fc.constant(['ALL: 10. 192.168.', 'ALL: ALL: deny']), deny: fc.constant([]) }),
  ),
  access_times: fc.subarray(['08:00-18:00', 'mon-fri 22:00-06:00', 'sat,sun 00:00-24:00'], { minLength: 1 }),
  time_zone: fc.constantFrom('UTC', 'America/New_York'),
  max_load: fc.oneof(fc.integer({ min: 1, max: 99 }), fc.constantFrom(0.5, 2.25)),
  rate_per_source: fc.oneof(
    fc.record({ count, per: duration, burst: count }, { requiredKeys: ['count', 'per'] }),
    fc.constant('UNLIMITED'),
  ),
  per_source: fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constant('UNLIMITED')),
  cps: fc.record({ rate: count, per: duration, wait: duration }, { requiredKeys: ['rate'] }),
  policies: fc.record(
    { access: policy, decide: policy, per_source: policy, instances: limitPolicy, max_load: limitPolicy },
    { requiredKeys: [] },
  ),
  decide: fc.record(
    {
      socket: text.map((value) => `/${value}`),
      deadline: duration,
      on_failure: fc.constantFrom('refuse', 'allow'),
      cache: duration,
    },
    { requiredKeys: ['socket'] },
  ),
  deny_time: fc.oneof(duration, fc.constantFrom('forever', 'never')),
  penalties: fc.record(
    {
      crash: duration,
      too_fast: duration,
      exit_status: fc.array(fc.record({ status: fc.nat(255), penalty: duration }), { maxLength: 2 }),
      max: duration,
    },
    { requiredKeys: [] },
  ),
};
const daemon = {
  max_processes: fc.oneof(fc.integer({ min: 1, max: 65_535 }), cap),
  sources: fc.record(
    {
      ipv4_prefix: fc.integer({ min: 8, max: 32 }),
      ipv6_prefix: fc.integer({ min: 16, max: 128 }),
      capacity: fc.integer({ min: 1024, max: 8_388_608 }),
    },
    { requiredKeys: [] },
  ),
  bans: fc.record(
    {
      capacity: fc.integer({ min: 256, max: 1_048_576 }),
      overflow: fc.constantFrom('permissive', 'oldest'),
      exempt: fc.array(fc.ipV4(), { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
};
const own = {
  listen: fc.oneof(listen, fc.array(listen, { minLength: 1, maxLength: 3 })),
  server: fc.constant('/bin/true'),
  enabled: fc.boolean(),
  argv0: text,
  server_args: fc.array(text, { maxLength: 4 }),
};
const handled = fc.record({ ...shared, ...admission, ...own }, { requiredKeys: ['listen', 'server'] });
const sensor = fc.record(
  { ...admission, listen: own.listen, enabled: own.enabled, sensor: fc.constant(true) },
  { requiredKeys: ['listen', 'sensor'] },
);
const builtin = fc.record(
  {
    ...{
      listen: own.listen,
      enabled: own.enabled,
      ident: fc.record({ os: fc.constant('OTHER'), real: fc.boolean() }),
    },
    builtin: fc.constant('ident'),
  },
  { requiredKeys: ['listen', 'builtin'] },
);
const waiting = fc.record(
  {
    ...shared,
    ...own,
    listen: fc.oneof(
      fc.constantFrom('udp://*:0', 'tcp://*:0'),
      word.map((name) => `unix-dgram:///run/${name}`),
    ),
    wait: fc.constant(true),
  },
  { requiredKeys: ['listen', 'server', 'wait'] },
);
const service = fc.oneof(
  { weight: 6, arbitrary: handled },
  ...[sensor, builtin, waiting].map((arbitrary) => ({ weight: 1, arbitrary })),
);
const document = fc.record({
  version: fc.constant(1),
  defaults: fc.record({ ...shared, ...sockets, ...admission }, { requiredKeys: ['user'] }),
  services: fc.dictionary(
    fc
      .stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.+-]{0,8}$/)
      .filter((name) => !(name in {}) && name !== 'prototype'),
    service,
    {
      maxKeys: 4,
      noNullPrototype: true,
    },
  ),
});
const whole = fc
  .record({ document, top: fc.record(daemon, { requiredKeys: [] }) })
  .map(({ document: inner, top }) => ({ ...top, ...inner }));

function reload(printed: string, host: Host): void {
  const again = loadText(printed, host);
  expect(again.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (!again.resolved) throw new Error(printed);
  expect(printResolution(again.resolved)).toBe(printed);
}

/** Without the lines that rules stand on, which are others in what is printed. */
function withoutLines(value: unknown, key = ''): unknown {
  if (key === 'line') return 0;
  if (ArrayBuffer.isView(value)) return key === 'values' ? 'lines' : value;
  if (Array.isArray(value)) return value.map((each) => withoutLines(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutLines(each, name)]));
}

function checkRoundTrip(source: string, host: Host): boolean {
  const first = loadText(source, host);
  if (!first.resolved) return false;
  const printed = printResolution(first.resolved);
  reload(printed, host);
  expect(withoutLines(loadText(printed, host).config)).toEqual(withoutLines(first.config));
  return true;
}

test(
  'a printed configuration loads to the same one, and prints the same (as root)',
  () => {
    let loaded = 0;
    fc.assert(
      fc.property(whole, (value) => {
        if (checkRoundTrip(JSON.stringify(value), fakeHost())) loaded++;
      }),
      { numRuns: 300 },
    );
    // The rest has two listeners on one address, or other things that do not go together.
    expect(loaded).toBeGreaterThan(150);
  },
  MINUTE_MS,
);

test(
  'a printed configuration loads to the same one, and prints the same (not as root)',
  () => {
    const host = fakeHost({
      ownerUid: 1000,
      dispatcherUid: undefined,
      hardLimits: new Map([['data', 4096]]),
    });
    let loaded = 0;
    fc.assert(
      fc.property(whole, (value) => {
        if (checkRoundTrip(JSON.stringify(value), host)) loaded++;
      }),
      { numRuns: 200 },
    );
    expect(loaded).toBeGreaterThan(100);
  },
  MINUTE_MS,
);
