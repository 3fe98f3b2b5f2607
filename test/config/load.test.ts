import { expect, test } from 'vitest';
import { socketOption } from '../../src/model/socket-option.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadService, loadText, oneService, places } from './load-text.ts';

test('a service that writes the least gets every documented default', () => {
  const service = loadService({});
  expect(service).toMatchObject({ mode: 'inetd', rules: { instances: { hard: 50 }, perSource: 25 } });
  const options = [
    socketOption('reuseAddress', true),
    socketOption('keepalive', true),
    socketOption('keepIdle', 60),
    socketOption('keepInterval', 15),
    socketOption('keepCount', 4),
    socketOption('userTimeout', 120_000),
  ];
  expect(service.listeners).toMatchObject([{ backlog: 4096, isMptcp: false, options }]);
  expect(service.programs[0]).toMatchObject({
    path: '/bin/true',
    argv: ['/bin/true'],
    env: [],
    cwd: '/',
    umask: 0o022,
  });
  expect(service.programs[0]?.nice).toBeUndefined();
});

test('the default limits are all written out, so that none comes from zinetd itself (S28)', () => {
  const limits = loadService({}).programs[0]?.rlimits?.map(
    ({ name, soft, hard }) => `${name} ${soft} ${hard}`,
  );
  expect(limits).toEqual([
    'cpu Infinity Infinity',
    'fsize Infinity Infinity',
    'data Infinity Infinity',
    'stack 8388608 Infinity',
    'core 0 0',
    'rss Infinity Infinity',
    'nofile 1024 1024',
    'memlock 8388608 8388608',
    'as Infinity Infinity',
    'locks Infinity Infinity',
    'msgqueue 819200 819200',
    'nice 0 0',
    'rtprio 0 0',
    'rttime Infinity Infinity',
  ]);
});

test('without root a default limit is lowered to the hard limit, and a written one above it is refused', () => {
  const host = fakeHost({ ownerUid: 1000, dispatcherUid: undefined, hardLimits: new Map([['nofile', 512]]) });
  const limits = loadService({ user: 'me' }, host).programs[0]?.rlimits;
  expect(limits?.find(({ name }) => name === 'nofile')).toEqual({ name: 'nofile', soft: 512, hard: 512 });
  expect(codes(loadText(oneService({ user: 'me', rlimits: { nofile: 513 } }), host))).toEqual([
    'config/rlimit-too-high',
  ]);
});

test('limits take numbers, quantities, "unlimited" and pairs, each in the unit of setrlimit(2)', () => {
  const rlimits = {
    cpu: '2m',
    fsize: '64k',
    nofile: { soft: 10, hard: 'unlimited' },
    rttime: '5ms',
    nproc: 7,
  };
  const limits = loadService({ rlimits }).programs[0]?.rlimits;
  const find = (wanted: string): unknown => limits?.find(({ name }) => name === wanted);
  expect(find('cpu')).toMatchObject({ soft: 120, hard: 120 });
  expect(find('fsize')).toMatchObject({ soft: 65_536 });
  expect(find('nofile')).toMatchObject({ soft: 10, hard: Number.POSITIVE_INFINITY });
  expect(find('rttime')).toMatchObject({ soft: 5000 });
  expect(find('nproc')).toMatchObject({ soft: 7 });
});

test('a limit whose soft value is above its hard value, or of another form, is refused at its place', () => {
  const bad = [
    { nofile: { soft: 2, hard: 1 } },
    { cpu: '10' },
    { cpu: '1500ms' },
    { nofile: '1k' },
    { nofile: -1 },
    { nofile: 1.5 },
  ];
  for (const rlimits of bad)
    expect(loadText(oneService({ rlimits })).config, JSON.stringify(rlimits)).toBeUndefined();
});

test('maps of "defaults" are merged with those of the service, everything else is replaced', () => {
  const text = `
version: 1
defaults: {user: nobody, env: {A: "1", B: "1"}, rlimits: {nofile: 5, nproc: 6}, pass_env: [LANG], umask: "077"}
services:
  s: {listen: "tcp://127.0.0.1:0", server: /bin/true, env: {B: "2", C: "2"}, rlimits: {nofile: 7}, pass_env: [HOME]}
`;
  const program = loadText(text).config?.services[0]?.programs[0];
  expect(program?.env).toEqual(['A=1', 'B=2', 'C=2', 'HOME=/root']);
  expect(program?.umask).toBe(0o077);
  const soft = Object.fromEntries(program?.rlimits?.map((limit) => [limit.name, limit.soft]) ?? []);
  expect(soft).toMatchObject({ nofile: 7, nproc: 6 });
});

test('a variable to pass on that is unset stays unset, and "env" wins over it', () => {
  const program = loadService({ env: { LANG: 'de' }, pass_env: ['LANG', 'HOME', 'NOT_SET'] }).programs[0];
  expect(program?.env).toEqual(['LANG=de', 'HOME=/root']);
});

test('argv is what is written, and argv0 changes only its first element', () => {
  expect(loadService({ argv0: 'x', server_args: ['-a', ''] }).programs[0]?.argv).toEqual(['x', '-a', '']);
});

test('a service that is not enabled is left out, but its mistakes are reported', () => {
  expect(loadText(oneService({ enabled: false })).config?.services).toEqual([]);
  expect(codes(loadText(oneService({ enabled: false, nice: 99, user: 'nope' })))).toEqual([
    'config/unknown-user',
    'config/invalid-value',
  ]);
});

test('listeners take IPv4, bracketed IPv6, numbers, port 0 and names of services(5)', () => {
  const listen = ['tcp://127.0.0.1:finger', 'tcp://[2001:db8::1]:0', 'tcp://0.0.0.0:65535'];
  const endpoints = loadService({ listen }).listeners.map(({ address }) =>
    address.family === 'path' ? address.path : `${address.family} ${address.port}`,
  );
  expect(endpoints).toEqual(['4 79', '6 0', '4 65535']);
});

test('an address in an odd spelling is refused, never guessed (S51)', () => {
  const hosts = [
    '010.0.0.1',
    '0x7f.1',
    '127.1',
    '1.2.3.4 ',
    '1.2.3.4/8',
    'a.0x',
    '1.2.3.04',
    '::1',
    '[127.0.0.1]',
    '[::1',
    '1'.repeat(300),
    '',
  ];
  const ports = ['65536', '-1', '+1', '080', '0x50', '', '7 ', 'a b', '1e1'];
  const texts = [
    ...hosts.map((host) => `tcp://${host}:7`),
    ...ports.map((port) => `tcp://127.0.0.1:${port}`),
    '127.0.0.1:7',
    'TCP://127.0.0.1:7',
    'tcp:127.0.0.1:7',
  ];
  for (const listen of texts)
    expect(codes(loadText(oneService({ listen }))), listen).toEqual(['config/invalid-value']);
});

test('what is yet to come is said to be so, not to be unknown', () => {
  const wanted = [
    { listen: 'tls://127.0.0.1:7' },
    { listen: 'tcp://[fe80::1%lo]:7' },
    { listen: 'tcp://[fe80::1]:7' },
  ];
  for (const attributes of wanted)
    expect(codes(loadText(oneService(attributes)))).toEqual(['config/not-supported']);
});

test('one address and port twice, in one service or two, is an error that shows the first place', () => {
  const text = `version: 1
defaults: {user: nobody}
services:
  a:
    listen: ["tcp://127.0.0.1:7", "tcp://127.0.0.1:7"]
    server: /bin/true
  b:
    listen: "tcp://127.0.0.1:7"
    server: /bin/true
  c:
    listen: ["tcp://127.0.0.1:0", "tcp://127.0.0.1:0", "tcp://[::]:7"]
    server: /bin/true
`;
  const result = loadText(text);
  expect(places(result)).toEqual(['5:35 config/duplicate-listener', '8:13 config/duplicate-listener']);
  expect(result.diagnostics[1]?.related[0]?.span.range).toMatchObject({ line: 5, column: 14 });
});

test('a service without limit of instances is taken with a warning', () => {
  const result = loadText(oneService({ instances: 'UNLIMITED' }));
  expect(codes(result)).toEqual(['config/unlimited-instances']);
  expect(result.config?.services[0]?.rules.instances.hard).toBeGreaterThan(65_535);
});

test('the program must be named by an absolute path, since PATH is not searched (S128)', () => {
  for (const server of ['true', './true', 'bin/true', '']) {
    expect(codes(loadText(oneService({ server }))), server).toEqual(['config/server-path']);
  }
});

test('a NUL byte in any text is refused', () => {
  for (const attributes of [
    { argv0: 'a\0b' },
    { server_args: ['\0'] },
    { env: { A: '\0' } },
    { cwd: '/\0' },
    { server: '/bin/true\0' },
  ]) {
    expect(codes(loadText(oneService(attributes)))).toEqual(['config/invalid-text']);
  }
});

test('the configuration is frozen all the way down', () => {
  const config = loadText(oneService({ env: { A: 'b' } })).config;
  const parts = [
    config,
    config?.services,
    config?.services[0],
    config?.services[0]?.programs[0]?.env,
    config?.services[0]?.programs[0]?.rlimits?.[0],
  ];
  expect(parts.map((part) => Object.isFrozen(part))).toEqual([true, true, true, true, true]);
});

test('a configuration without services is taken with a warning', () => {
  const result = loadText('version: 1\n');
  expect(codes(result)).toEqual(['config/no-services']);
  expect(result.config).toMatchObject({ services: [] });
});

test('an empty text, and one that is no map, are refused', () => {
  expect(codes(loadText(''))).toEqual(['config/missing-key']);
  expect(codes(loadText('- 1'))).toEqual(['config/wrong-type']);
});

test('a text that is no file cannot include anything', () => {
  expect(codes(loadText('version: 1\ninclude: [a.yaml]'))).toEqual(['config/include']);
});
