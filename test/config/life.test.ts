import { describe, expect, test } from 'vitest';
import { printResolution } from '../../src/config/print.ts';
import { type SocketOptionName, socketOption } from '../../src/model/socket-option.ts';
import { codes, loadService, loadText, oneService } from './load-text.ts';

test('a service says how long its connections may last; by default they last as long as they like', () => {
  expect(loadService({}).life).toEqual({
    ...{ onReload: 'keep', onStop: 'wait', maxAgeMs: undefined, idleMs: undefined, graceMs: 5000 },
  });
  const times = { max_connection_age: '2h', idle_timeout: '5m', grace: '500ms' };
  expect(loadService({ on_reload: 'terminate', on_stop: 'terminate', ...times }).life).toEqual({
    ...{ onReload: 'terminate', onStop: 'terminate', maxAgeMs: 7_200_000, idleMs: 300_000, graceMs: 500 },
  });
});

test.each([
  { max_connection_age: '0s' },
  { max_connection_age: '366d' },
  { max_connection_age: 60 },
  { idle_timeout: '0s' },
  { idle_timeout: '25d' },
  { grace: '0ms' },
  { grace: 5 },
  { on_reload: 'kill' },
  { on_stop: true },
])('a value that makes no sense is refused: %j', (attributes) => {
  expect(codes(loadText(oneService(attributes))).join()).toMatch(/^config\/(invalid-value|wrong-type)$/);
});

test('with "wait" an age is a mistake where the service says it, and nothing to it where "defaults" do', () => {
  const waiting = { listen: 'udp://127.0.0.1:0', wait: true };
  expect(codes(loadText(oneService({ ...waiting, max_connection_age: '1h' })))).toEqual(['config/conflict']);
  const document = { ...JSON.parse(oneService(waiting)), defaults: { max_connection_age: '1h' } };
  const { config, resolved } = loadText(JSON.stringify(document));
  expect(config?.services[0]?.life.maxAgeMs).toBeUndefined();
  const printed = resolved ? printResolution(resolved) : '';
  expect(printed).not.toContain('max_connection_age');
  expect(codes(loadText(printed))).toEqual([]);
});

const relayed = { server: undefined, user: undefined, redirect: 'tcp://192.0.2.1:80' };

describe('idle_timeout', () => {
  type Named = readonly [SocketOptionName, number];
  const optionsOf = (attributes: Readonly<Record<string, unknown>>) =>
    loadService(attributes).listeners[0]?.options;
  const probes = (idle: number, interval: number, count: number) => {
    const named: readonly Named[] = [
      ['keepalive', 1],
      ['keepIdle', idle],
      ['keepInterval', interval],
      ['keepCount', count],
      ['userTimeout', 1000 * (idle + interval * count)],
    ];
    return named.map(([name, value]) => socketOption(name, value));
  };

  test.each([
    ['2s', probes(1, 1, 1)],
    ['2500ms', probes(1, 1, 1)],
    ['3s', probes(1, 1, 2)],
    ['10s', probes(6, 1, 4)],
    ['60s', probes(32, 7, 4)],
    ['119s', probes(63, 14, 4)],
    ['120s', probes(60, 15, 4)],
    ['24d', probes(60, 15, 4)],
  ])('of %s has the kernel find out within it that a client of a handler is gone (S81)', (idle, options) => {
    expect(optionsOf({ idle_timeout: idle })).toEqual(expect.arrayContaining(options));
  });

  test('leaves the probes of connections alone that zinetd carries or serves', () => {
    for (const ours of [relayed, { server: undefined, user: undefined, builtin: 'echo' }])
      expect(optionsOf({ ...ours, idle_timeout: '1ms' })).toEqual(expect.arrayContaining(probes(60, 15, 4)));
  });

  test('is that of a relay, unless its own is written', () => {
    expect(loadService({ ...relayed, idle_timeout: '5m' }).redirect?.idleMs).toBe(300_000);
    const redirect = { to: 'tcp://192.0.2.1:80', idle_timeout: '7s' };
    expect(loadService({ ...relayed, redirect, idle_timeout: '5m' }).redirect?.idleMs).toBe(7000);
  });

  test.each([
    ['takes less than the kernel needs', { idle_timeout: '1999ms' }],
    ['is less than "keepalive" takes', { idle_timeout: '30s', keepalive: { idle: '60s' } }],
    ['has no "keepalive" to keep it', { idle_timeout: '30s', keepalive: false }],
  ])('of a handler that %s is a mistake', (_title, attributes) => {
    expect(codes(loadText(oneService(attributes)))).toEqual(['config/conflict']);
  });

  test('and "keepalive" go together where the one keeps the other', () => {
    const keepalive = { idle: '10s', interval: '5s', count: 2 };
    const options = optionsOf({ idle_timeout: '20s', keepalive });
    expect(options).toEqual(expect.arrayContaining(probes(10, 5, 2)));
  });

  test('of the service is more particular than "keepalive" of the defaults, and not the other way round', () => {
    const of = (service: object, defaults: object) =>
      codes(loadText(JSON.stringify({ ...JSON.parse(oneService({ ...service })), defaults })));
    expect(of({ idle_timeout: '30s' }, { keepalive: false })).toEqual([]);
    expect(of({ keepalive: false }, { idle_timeout: '30s' })).toEqual(['config/conflict']);
    expect(of({}, { idle_timeout: '30s', keepalive: false })).toEqual(['config/conflict']);
  });

  test.each([
    { listen: 'unix:///run/it' },
    { listen: 'udp://127.0.0.1:0' },
    { listen: 'udp://127.0.0.1:0', server: undefined, user: undefined, builtin: 'echo' },
    { server: undefined, user: undefined, builtin: 'tcpmux' },
    { server: undefined, user: undefined, sensor: true },
  ])('where nobody can tell has no effect, and the service says so or keeps silent: %j', (attributes) => {
    expect(codes(loadText(oneService({ ...attributes, idle_timeout: '1m' })))).toContain('config/no-effect');
    const document = JSON.parse(oneService({ ...attributes }));
    const { config, resolved } = loadText(JSON.stringify({ ...document, defaults: { idle_timeout: '1m' } }));
    expect(config?.services[0]?.life.idleMs).toBeUndefined();
    expect(resolved ? printResolution(resolved) : '').not.toContain('idle_timeout');
  });

  test('is printed so that it loads to the same', () => {
    for (const attributes of [{ idle_timeout: '30s' }, { ...relayed, idle_timeout: '30s' }]) {
      const { config, resolved } = loadText(oneService(attributes));
      const again = loadText(resolved ? printResolution(resolved) : '');
      expect(codes(again)).toEqual([]);
      expect(again.config).toEqual(config);
    }
  });
});
