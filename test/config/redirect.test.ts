import { describe, expect, test } from 'vitest';
import { printResolution } from '../../src/config/print.ts';
import { codes, loadText, oneService } from './load-text.ts';

const listen = 'tcp://127.0.0.1:7000';

/** A service without a program. */
function relayed(attributes: Readonly<Record<string, unknown>>, defaults: object = {}): string {
  return JSON.stringify({ version: 1, defaults, services: { web: { listen, ...attributes } } });
}

function codesOf(attributes: Readonly<Record<string, unknown>>, defaults: object = {}): readonly string[] {
  return codes(loadText(relayed(attributes, defaults)));
}

/** Services that are relayed, by where they listen and lead to. */
function chain(services: Readonly<Record<string, readonly [listen: string, to: string]>>): readonly string[] {
  const entries = Object.entries(services).map(([name, [from, to]]) => [
    name,
    { listen: from, redirect: to },
  ]);
  const result = loadText(JSON.stringify({ version: 1, services: Object.fromEntries(entries) }));
  return result.diagnostics.map(({ code, message }) => `${code} ${/"(.*)"/.exec(message)?.[1]}`);
}

describe('redirect', () => {
  test('leads to an address, by name as well, in time and for as long as it says', () => {
    const { config } = loadText(
      relayed({ redirect: { to: 'tcp://localhost:http', connect_timeout: '3s', idle_timeout: '5m' } }),
    );
    expect(config?.services[0]?.redirect).toEqual({
      ...{ outlet: 0, to: 'tcp://127.0.0.1:80', connectMs: 3000, idleMs: 300_000 },
      idleStopMs: undefined,
    });
    expect(config?.outlets).toMatchObject([{ kind: 'socket', scheme: 'tcp', address: { port: 80 } }]);
    expect(config?.services[0]?.programs).toEqual([]);
  });

  test('has ten seconds to connect and no end of its own unless that is written, and shares targets', () => {
    const { config } = loadText(
      JSON.stringify({
        version: 1,
        services: {
          a: { listen, redirect: 'tcp6://localhost:80' },
          b: { listen: 'unix://@b', redirect: 'tcp://[::1]:80' },
        },
      }),
    );
    expect(config?.services.map(({ redirect }) => redirect)).toMatchObject([
      { outlet: 0, to: 'tcp://[::1]:80', connectMs: 10_000, idleMs: undefined },
      { outlet: 0 },
    ]);
    expect(config?.outlets).toHaveLength(1);
  });

  test('is printed as what it was resolved to', () => {
    const { resolved } = loadText(relayed({ redirect: { to: 'tcp://localhost:80', idle_timeout: '5m' } }));
    const text = resolved && printResolution(resolved);
    expect(text).toContain('to: "tcp://127.0.0.1:80"');
    expect(loadText(text ?? '').config?.services[0]?.redirect).toEqual(
      resolved?.config.services[0]?.redirect,
    );
  });

  test.each([
    ['udp://127.0.0.1:80', 'config/invalid-value'],
    ['unix:///run/x.sock', 'config/invalid-value'],
    ['tcp46://127.0.0.1:80', 'config/invalid-value'],
    ['tcp://*:80', 'config/invalid-value'],
    ['tcp://127.0.0.1:0', 'config/invalid-value'],
    ['tcp://127.0.0.1:65536', 'config/invalid-value'],
    ['tcp://0x7f.1:80', 'config/invalid-value'],
    ['127.0.0.1:80', 'config/invalid-value'],
    ['tcp://nowhere.example:80', 'config/unknown-host'],
    ['tcp://127.0.0.1:nothing', 'config/unknown-port'],
    ['tcp6://127.0.0.1:80', 'config/invalid-value'],
  ])('to %s is an error', (to, code) => {
    expect(codesOf({ redirect: to })).toEqual([code]);
    expect(codesOf({ redirect: { to } })).toEqual([code]);
  });

  test.each([
    ['connect_timeout', '0s'],
    ['idle_timeout', '25d'],
    ['idle_timeout', 5],
  ])('with %s %s is an error', (name, value) => {
    expect(codesOf({ redirect: { to: 'tcp://127.0.0.1:80', [name]: value } })).toHaveLength(1);
  });

  test.each([
    ['server', '/bin/true'],
    ['server_args', ['x']],
    ['argv0', 'x'],
    ['builtin', 'echo'],
    ['sensor', true],
    ['wait', true],
    ['rpc', { program: 'rstatd', versions: 3 }],
    ['decide', { socket: '/run/x.sock' }],
  ])('contradicts %s', (name, value) => {
    expect(codesOf({ redirect: 'tcp://127.0.0.1:80', [name]: value })).toContain('config/conflict');
  });

  test.each([
    ['user', 'nobody'],
    ['umask', '077'],
    ['env', { A: 'b' }],
    ['peer_env', ['xinetd']],
    ['rlimits', { nofile: 5 }],
  ])(
    'has no use for %s, of which it warns where the service says it, and not for that of defaults',
    (name, value) => {
      const redirect = 'tcp://127.0.0.1:80';
      expect(codesOf({ redirect, [name]: value })).toEqual(['config/no-effect']);
      expect(codesOf({ redirect }, { [name]: value })).toEqual([]);
    },
  );

  test.each(['udp://127.0.0.1:7000', 'unix-dgram://@x', 'unix-seqpacket://@x'])('is not for %s', (other) => {
    expect(codesOf({ listen: other, redirect: 'tcp://127.0.0.1:80' })).toContain('config/conflict');
  });

  test('that is wrong does not make a program missing', () => {
    expect(codesOf({ redirect: 'nonsense' })).toEqual(['config/invalid-value']);
  });
});

describe('a service that leads back to itself', () => {
  test.each([
    ['tcp://127.0.0.1:7', 'tcp://127.0.0.1:7'],
    ['tcp://*:7', 'tcp://127.0.0.5:7'],
    ['tcp://[::]:7', 'tcp://[::1]:7'],
    ['tcp46://[::]:7', 'tcp://127.0.0.1:7'],
    ['tcp://127.0.0.1:7', 'tcp://0.0.0.0:7'],
    ['tcp://0.0.0.0:7', 'tcp://0.0.0.0:7'],
  ])('from %s to %s is an error', (from, to) => {
    expect(chain({ a: [from, to] })).toEqual(['config/redirect-loop a']);
  });

  test.each([
    ['tcp://127.0.0.1:7', 'tcp://127.0.0.2:7'],
    ['tcp://[::]:7', 'tcp://127.0.0.1:7'],
    ['tcp://*:7', 'tcp://127.0.0.1:8'],
    ['tcp://0.0.0.0:7', 'tcp://192.0.2.1:7'],
    ['tcp://127.0.0.1:0', 'tcp://127.0.0.1:7'],
    ['unix://@x', 'tcp://127.0.0.1:7'],
  ])('from %s to %s, there is none', (from, to) => {
    expect(chain({ a: [from, to] })).toEqual([]);
  });

  test('is found by way of others, and told of once', () => {
    const services = {
      a: ['tcp://127.0.0.1:1', 'tcp://127.0.0.1:2'],
      b: ['tcp://127.0.0.1:2', 'tcp://127.0.0.1:3'],
      d: ['tcp://127.0.0.1:9', 'tcp://127.0.0.1:2'],
    } as const;
    expect(chain(services)).toEqual([]);
    expect(chain({ ...services, c: ['tcp://127.0.0.1:3', 'tcp://127.0.0.1:1'] })).toEqual([
      'config/redirect-loop c',
    ]);
  });

  test('is none if it is not enabled', () => {
    const redirect = 'tcp://127.0.0.1:7000';
    expect(codesOf({ redirect, enabled: false })).toEqual([]);
  });
});

test('a service with neither program nor redirect says so', () => {
  const { server: _, ...rest } = (JSON.parse(oneService({})) as { services: { s: object } }).services.s as {
    server: string;
  };
  expect(codes(loadText(JSON.stringify({ version: 1, services: { s: rest } })))).toEqual([
    'config/missing-key',
  ]);
});

describe('idle_stop', () => {
  const daemon = { redirect: 'tcp://127.0.0.1:80', server: '/bin/true', user: 'nobody', idle_stop: '5m' };

  test('gives a relayed service a program, which meets no client', () => {
    const { config } = loadText(relayed({ ...daemon, server_args: ['-x'], peer_env: undefined }));
    const [service] = config?.services ?? [];
    expect(service?.redirect).toMatchObject({ to: 'tcp://127.0.0.1:80', idleStopMs: 300_000 });
    expect(service?.programs).toMatchObject([
      { path: '/bin/true', argv: ['/bin/true', '-x'], isRelayed: true, peerEnv: [], stderr: 'log' },
    ]);
    const silent = loadText(relayed({ ...daemon, stderr: 'none' })).config;
    expect(silent?.services[0]?.programs).toMatchObject([{ stderr: 'none' }]);
  });

  test('has neither names of clients in its environment in extended mode, nor variants of hosts.allow', () => {
    const { config } = loadText(relayed({ ...daemon, mode: 'extended' }));
    expect(config?.services[0]?.programs).toMatchObject([{ peerEnv: [] }]);
  });

  test('is printed so that it loads to the same', () => {
    const { config, resolved } = loadText(relayed(daemon));
    const again = loadText(resolved ? printResolution(resolved) : '');
    expect(codes(again)).toEqual([]);
    expect(again.config).toEqual(config);
  });

  test.each([
    ['without a relay', { redirect: undefined }, 'config/conflict'],
    ['without a program', { server: undefined, user: undefined }, 'config/conflict'],
    ['with "wait"', { wait: true }, 'config/conflict'],
    ['with a built-in', { builtin: 'echo' }, 'config/conflict'],
    ['in a network of its own', { private_network: true }, 'config/conflict'],
    ['for no time', { idle_stop: '0s' }, 'config/invalid-value'],
    ['with names of a client for a program that has many', { peer_env: ['ucspi'] }, 'config/no-effect'],
  ])('is a mistake %s', (_title, changes, code) => {
    expect(codesOf({ ...daemon, ...changes })).toContain(code);
  });

  test('is nothing that "defaults" could say', () => {
    expect(codesOf({ redirect: 'tcp://127.0.0.1:80' }, { idle_stop: '5m' })).toEqual(['config/unknown-key']);
  });
});
