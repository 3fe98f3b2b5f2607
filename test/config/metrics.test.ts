import { describe, expect, test } from 'vitest';
import { codes, loadText } from './load-text.ts';

const SERVICES = { s: { listen: 'tcp://127.0.0.1:7000', server: '/bin/true', user: 'nobody' } };

function load(listen: string, control: unknown = 'none') {
  return loadText(JSON.stringify({ version: 1, metrics: { listen }, control, services: SERVICES }));
}

describe('metrics', () => {
  test.each(['tcp://127.0.0.1:9797', 'tcp://[::1]:9797', 'unix:///run/metrics', 'unix://@metrics'])(
    'on %s are read by this machine alone',
    (listen) => {
      const result = load(listen);
      expect(codes(result)).toEqual([]);
      expect(result.config?.desks.map(({ desk }) => desk)).toEqual(['metrics']);
    },
  );

  test.each(['tcp://0.0.0.0:9797', 'tcp://[::]:9797', 'tcp://192.0.2.1:9797'])(
    'on %s can be read by everybody, which is worth a warning',
    (listen) => {
      const result = load(listen);
      expect(codes(result)).toEqual(['config/metrics-exposed']);
      expect(result.config?.desks).toHaveLength(1);
    },
  );

  test('cannot be where a service is', () => {
    const result = load('tcp://127.0.0.1:7000');
    expect(codes(result)).toEqual(['config/duplicate-listener']);
    expect(result.config).toBeUndefined();
  });

  test.each(['udp://127.0.0.1:9797', 'unix-dgram:///run/m', 'tcpmux://metrics', 'nonsense'])(
    'cannot be on %s',
    (listen) => expect(codes(load(listen))[0]).toMatch(/^config\/(invalid-value|not-supported)$/),
  );

  test('are there beside the control socket', () => {
    const desks = load('tcp://127.0.0.1:9797', { socket: '/run/z' }).config?.desks;
    expect(desks?.map(({ desk }) => desk)).toEqual(['control', 'metrics']);
  });
});
