import { describe, expect, test } from 'vitest';
import { isBounce } from '../../src/builtins/is-bounce.ts';
import { loopSignOf } from '../../src/builtins/loop-guard.ts';
import { endpoint } from '../admission/example-facts.ts';

const HERE = endpoint('198.51.100.1', 0);
const signOf = (address: string, port: number, local = HERE) =>
  loopSignOf(endpoint(address, port), { local, ownPorts: new Set([17_007]) });

describe('a datagram', () => {
  test.each([0, 7, 9, 13, 17, 19, 37, 53, 69, 111, 123, 137, 161, 389, 1023, 1900, 2049, 11_211])(
    'from port %d may be an answer (S64)',
    (port) => {
      expect(signOf('192.0.2.7', port)).toBe('port');
      expect(signOf('2001:db8::7', port, endpoint('2001:db8::1', 0))).toBe('port');
    },
  );

  test('from a port that answers of ours come from may be one (S64)', () => {
    expect(signOf('192.0.2.7', 17_007)).toBe('own-port');
  });

  test.each([
    ...['0.0.0.0', '0.1.2.3', '127.0.0.1', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
    ...['::', 'ff02::1', '::1', '::192.0.2.7', '::ffff:192.0.2.7'],
  ])('from %s is not answered: no client has that address (S64)', (address) => {
    expect(signOf(address, 40_000)).toBe('address');
  });

  test('to an address of many is not answered (S64)', () => {
    expect(signOf('192.0.2.7', 40_000, endpoint('ff02::1', 0))).toBe('address');
    expect(signOf('192.0.2.7', 40_000, endpoint('224.0.0.1', 0))).toBe('address');
  });

  test.each([
    ['192.0.2.7', '198.51.100.1'],
    ['192.0.2.255', '198.51.100.1'],
    ['127.0.0.1', '127.0.0.2'],
    ['::1', '::1'],
    ['2001:db8::7', '2001:db8::1'],
    ['fe80::7', 'fe80::1'],
  ])('from an ordinary port of %s to %s is answered', (from, to) => {
    expect(signOf(from, 40_000, endpoint(to, 0))).toBeUndefined();
    expect(signOf(from, 1024, endpoint(to, 0))).toBeUndefined();
  });
});

test.each(['192.0.2.7', '2001:db8::7'])(
  'a connection from port 20 of %s may be a bounce (S63)',
  (address) => {
    expect(isBounce(endpoint(address, 20))).toBe(true);
    expect(isBounce(endpoint(address, 21))).toBe(false);
  },
);
