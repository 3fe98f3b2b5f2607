import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { peerOf } from '../../src/handler/peer-of.ts';

const socket = { remoteAddress: '::ffff:192.0.2.1', remotePort: 9 } as Socket;

test.each([
  [{}, { address: '192.0.2.1', port: 9 }],
  [
    { REMOTE_ADDR: '198.51.100.7', REMOTE_PORT: '1' },
    { address: '198.51.100.7', port: 1 },
  ],
  [
    { TCPREMOTEIP: '198.51.100.7', TCPREMOTEPORT: '1' },
    { address: '198.51.100.7', port: 1 },
  ],
  [
    { TCP6REMOTEIP: '2001:db8::1', TCP6REMOTEPORT: '1' },
    { address: '2001:db8::1', port: 1 },
  ],
  // xinetd tells no port: that of the socket is the client's only if the address is.
  [{ REMOTE_HOST: '::ffff:192.0.2.1' }, { address: '192.0.2.1', port: 9 }],
  [{ REMOTE_HOST: '198.51.100.7' }, { address: '198.51.100.7', port: undefined }],
  [{ REMOTE_HOST: '<no address>' }, { address: '192.0.2.1', port: 9 }],
  [{ REMOTE_HOST: 'client.example.net' }, { address: '192.0.2.1', port: 9 }],
])('a connection whose environment has %j is from %j', (variables, peer) => {
  expect(peerOf(socket, new Map(Object.entries(variables)))).toEqual(peer);
});

test('what is told of no connection in particular is not looked at', () => {
  expect(peerOf(socket, undefined)).toEqual({ address: '192.0.2.1', port: 9 });
  expect(peerOf({ remoteAddress: undefined } as Socket, undefined)).toBeUndefined();
});
