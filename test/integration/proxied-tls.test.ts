import { connect as connectTcp } from 'node:net';
import { connect as connectOver } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { readAll } from '../harness/tls-client.ts';
import { encodeV2 } from '../proxy-protocol/encode-header.ts';
import { Secured } from './secured.ts';

const PROXY = '127.0.0.2';

test('the header of a proxy comes in clear ahead of TLS, and the handler is told of both (FEATURES 4.5)', async () => {
  const zinetd = await new Secured().start(
    {},
    {
      ...{ server: '/bin/sh', server_args: ['-c', 'echo "$REMOTE_ADDR $SSL_PROTOCOL"; exec cat'] },
      ...{ peer_env: ['cgi', 'tls'], proxy_protocol: { from: [PROXY] } },
    },
  );
  const raw = connectTcp({ port: zinetd.port('it'), host: '127.0.0.1', localAddress: PROXY });
  onTestFinished(() => void raw.destroy());
  raw.write(encodeV2({ address: '192.0.2.7', port: 40_001 }, { address: '198.51.100.1', port: 443 }));
  const socket = connectOver({ socket: raw, rejectUnauthorized: false });
  socket.end('hello');
  expect(await readAll(socket)).toBe('192.0.2.7 TLSv1.3\nhello');
  expect(await zinetd.event('started')).toMatchObject({
    peer: { address: '192.0.2.7', port: 40_001 },
    via: { address: PROXY },
  });
});
