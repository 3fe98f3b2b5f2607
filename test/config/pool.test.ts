import { describe, expect, test } from 'vitest';
import { encodeTable } from '../../src/compile/table.ts';
import { printResolution } from '../../src/config/print.ts';
import { codes, loadText } from './load-text.ts';

const pooled = {
  ...{ listen: 'tcp://127.0.0.1:7000', mode: 'extended', server: '/bin/true', user: 'nobody' },
  pool: { workers: 3, max_connections_per_worker: 8, max_requests: 100, max_age: '1h' },
};

function load(changes: object = {}, defaults: object = {}) {
  return loadText(JSON.stringify({ version: 1, defaults, services: { it: { ...pooled, ...changes } } }));
}

describe('pool', () => {
  test('is a number of handlers that are given connections, which have the dispatcher at their socket', () => {
    const [service] = load().config?.services ?? [];
    expect(service?.pool).toEqual({
      ...{ workers: 3, maxConnections: 8, maxRequests: 100, maxAgeMs: 3_600_000 },
    });
    expect(service?.programs).toMatchObject([{ isRelayed: true, listenName: 'pool', stderr: 'log' }]);
  });

  test('has two workers, each with one connection at a time and as many as come, unless it says otherwise', () => {
    const [service] = load({ pool: {} }).config?.services ?? [];
    expect(service?.pool).toEqual({
      ...{ workers: 2, maxConnections: 1, maxRequests: undefined, maxAgeMs: undefined },
    });
  });

  test('is printed so that it loads to the same', () => {
    const { config, resolved } = load();
    const again = loadText(resolved ? printResolution(resolved) : '');
    expect(codes(again)).toEqual([]);
    expect(again.config).toEqual(config);
  });

  test('goes together with programs that decide, which are no workers', () => {
    const { config } = load({ decide: { program: ['/bin/true'] } });
    expect(config?.services[0]?.programs[1]).toMatchObject({ isRelayed: true, listenName: undefined });
    expect(config && encodeTable(config)).toBeInstanceOf(Uint8Array);
  });

  test.each([
    ['in mode inetd', { mode: 'inetd', stderr: 'log' }, 'config/conflict'],
    ['with "wait"', { wait: true }, 'config/conflict'],
    ['for datagrams', { listen: 'udp://127.0.0.1:7000' }, 'config/conflict'],
    ['with standard error to the client', { stderr: 'socket' }, 'config/conflict'],
    ['with a built-in', { server: undefined, builtin: 'echo' }, 'config/conflict'],
    ['with a relay', { server: undefined, redirect: 'tcp://127.0.0.1:80' }, 'config/conflict'],
    ['with a sensor', { server: undefined, sensor: true }, 'config/conflict'],
    ['with what zinetd says of its socket', { env: { LISTEN_FDS: '2' } }, 'config/conflict'],
    [
      'with rules that change a handler',
      { hosts_access: { allow: ['ALL: ALL: nice 5'], deny: [] } },
      'config/conflict',
    ],
    [
      'with more places than may be taken',
      { pool: { workers: 8, max_connections_per_worker: 8 } },
      'config/no-effect',
    ],
    ['without workers', { pool: { workers: 0 } }, 'config/invalid-value'],
    ['with a word that it does not have', { pool: { worker: 1 } }, 'config/unknown-key'],
  ])('is a mistake %s', (_title, changes, code) => {
    const result = load(changes);
    expect(codes(result)).toContain(code);
  });

  test('says what to write instead, at the place', () => {
    const { diagnostics } = load({ mode: 'inetd', stderr: 'log' });
    expect(diagnostics).toMatchObject([
      {
        message:
          'Cannot use "pool" in service "it": in "mode: inetd" each connection has a handler of its own',
        help: 'write "mode: extended"',
      },
    ]);
  });

  test('is nothing that "defaults" could say', () => {
    expect(codes(load({ pool: undefined }, { pool: {} }))).toEqual(['config/unknown-key']);
  });
});
