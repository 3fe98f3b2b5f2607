import { expect, test } from 'vitest';
import { ENVIRONMENT_BYTES, encodeEnvironment } from '../../src/launch/encode-environment.ts';
import type { PeerValue } from '../../src/launch/plan-environment.ts';
import { PEER_NAMES } from '../../src/model/peer-names.ts';

test('the environment of a connection is written as in /proc/PID/environ', () => {
  const into = Buffer.alloc(ENVIRONMENT_BYTES);
  const values: readonly PeerValue[] = [
    [PEER_NAMES.indexOf('REMOTE_ADDR'), '192.0.2.7'],
    [PEER_NAMES.indexOf('ZINETD_CONNECTION_ID'), '42'],
  ];
  const length = encodeEnvironment(values, into);
  expect(into.toString('latin1', 0, length)).toBe('REMOTE_ADDR=192.0.2.7\0ZINETD_CONNECTION_ID=42\0');
  expect(encodeEnvironment([], into)).toBe(0);
});

test('more than a packet may have is a bug, and never a part of it', () => {
  const values = PEER_NAMES.map((_, number): PeerValue => [number, 'x'.repeat(255)]);
  expect(() => encodeEnvironment(values, Buffer.alloc(ENVIRONMENT_BYTES))).toThrow('bytes of its client');
});
