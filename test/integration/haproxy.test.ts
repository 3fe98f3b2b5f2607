import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { isRoot } from '../harness/identity.ts';
import { startHaproxy } from '../harness/start-haproxy.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { connectTls, readAll } from '../harness/tls-client.ts';
import { MEGABYTE } from './relay-ends.ts';
import { Secured } from './secured.ts';

const user = isRoot ? { user: 'nobody' } : {};
const PROXY = '127.0.0.1';
const CLIENT = '127.0.0.5';
const SERVERS = {
  v1: 'send-proxy',
  v2: 'send-proxy-v2',
  'v2 with a checksum': 'send-proxy-v2 proxy-v2-options crc32c,unique-id,authority',
} as const;

function start(): Promise<Zinetd> {
  const it = {
    ...user,
    listen: 'tcp://127.0.0.1:0',
    server: '/bin/sh',
    server_args: ['-c', 'env | grep -E "^(PROTO|REMOTE|TCP)" | sort; echo --; exec cat'],
    peer_env: ['xinetd', 'ucspi', 'cgi'],
    proxy_protocol: { from: [PROXY] },
    no_access: ['127.0.0.66'],
  };
  return startZinetd({ config: { services: { it } } });
}

async function exchange(port: number, options: { readonly host?: string; readonly from?: string }) {
  const client = await connect(port, options);
  const { localPort } = client;
  client.send('hello');
  client.halfClose();
  const answer = await client.readAll();
  client.socket.destroy();
  return { answer, localPort };
}

/** What the handler is told, by name and value, as env(1) prints it. */
function environment(
  prefixes: readonly string[],
  ends: { address: string; local: string; from: number; to: number },
) {
  const { address, local, from, to } = ends;
  const lines = [
    'TCPCONNNUM=1',
    `PROTO=${prefixes[0]}`,
    `REMOTE_ADDR=${address}`,
    `REMOTE_HOST=${address}`,
    `REMOTE_PORT=${from}`,
  ];
  for (const prefix of prefixes) {
    lines.push(`${prefix}LOCALIP=${local}`, `${prefix}LOCALPORT=${to}`);
    lines.push(`${prefix}REMOTEIP=${address}`, `${prefix}REMOTEPORT=${from}`);
  }
  return lines.sort();
}

describeWith('haproxy in front', { needs: [{ program: 'haproxy' }] }, () => {
  test.each(Object.entries(SERVERS))(
    'names the real client to environment and log, of IPv4 and IPv6: %s (S59)',
    async (_, server) => {
      const zinetd = await start();
      const [front = 0] = await startHaproxy([{ port: zinetd.port('it'), server }]);
      const v4 = await exchange(front, { from: CLIENT });
      const [told = '', said] = v4.answer.split('--\n');
      const ends = { address: CLIENT, local: '127.0.0.1', from: v4.localPort, to: front };
      expect(told.trimEnd().split('\n').sort()).toEqual(environment(['TCP'], ends));
      expect(said).toBe('hello');
      const who = { peer: { address: CLIENT, port: v4.localPort }, via: { address: PROXY } };
      expect(await zinetd.event('started')).toMatchObject(who);
      expect(await zinetd.event('exited')).toMatchObject(who);
      const v6 = await exchange(front, { host: '::1' });
      const ends6 = { address: '::1', local: '::1', from: v6.localPort, to: front };
      const told6 = v6.answer.split('--\n').at(0) ?? '';
      expect(told6.trimEnd().split('\n').sort()).toEqual(environment(['TCP6', 'TCP'], ends6));
      expect(await zinetd.event('started')).toMatchObject({
        peer: { address: '::1', port: v6.localPort },
        via: { address: PROXY },
      });
      expect((await exchange(front, { from: '127.0.0.66' })).answer).toBe('');
      expect(await zinetd.event('refused')).toMatchObject({
        reason: 'address',
        peer: { address: '127.0.0.66' },
      });
    },
  );

  test('passes TLS through, and names the real client of the session (S59)', async () => {
    const secured = new Secured();
    const answer = 'env | grep -E "^(TCPREMOTE|SSL_PROTOCOL)" | sort; echo --; exec cat';
    const zinetd = await secured.start(
      {},
      {
        ...{ server: '/bin/sh', server_args: ['-c', answer], peer_env: ['ucspi', 'tls'] },
        ...{ proxy_protocol: { from: [PROXY] }, no_access: ['127.0.0.66'] },
      },
    );
    const [front = 0] = await startHaproxy([{ port: zinetd.port('it'), server: SERVERS.v2 }]);
    expect((await exchange(front, { from: CLIENT })).answer).toBe('');
    expect(await zinetd.event(({ event, reason }) => event === 'failed' && reason === 'tls')).toMatchObject({
      peer: { address: CLIENT },
    });
    await zinetd.settled();
    const text = randomBytes(MEGABYTE).toString('latin1');
    const client = await connectTls(front, { ca: secured.ca, from: CLIENT });
    const { localPort } = client;
    client.end(text, 'latin1');
    const heard = await readAll(client);
    const [told = ''] = heard.split('--\n', 1);
    expect(told.trimEnd().split('\n')).toEqual([
      'SSL_PROTOCOL=TLSv1.3',
      `TCPREMOTEIP=${CLIENT}`,
      `TCPREMOTEPORT=${localPort}`,
    ]);
    expect(heard.slice(told.length + 3) === text).toBe(true);
    const who = { peer: { address: CLIENT, port: localPort }, via: { address: PROXY } };
    expect(await zinetd.event('started')).toMatchObject(who);
    expect(await zinetd.event('exited')).toMatchObject({ ...who, status: 0 });
    expect((await exchange(front, { from: '127.0.0.66' })).answer).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ peer: { address: '127.0.0.66' } });
  });

  test('is not believed where it is not trusted, and the header is for the handler (S57)', async () => {
    const zinetd = await startZinetd({
      config: {
        services: {
          it: {
            ...user,
            listen: 'tcp://127.0.0.1:0',
            server: '/bin/cat',
            proxy_protocol: { from: ['192.0.2.1'] },
          },
        },
      },
    });
    const [front = 0] = await startHaproxy([{ port: zinetd.port('it'), server: 'send-proxy' }]);
    const { answer, localPort } = await exchange(front, { from: CLIENT });
    expect(answer).toBe(`PROXY TCP4 ${CLIENT} 127.0.0.1 ${localPort} ${front}\r\nhello`);
    expect((await zinetd.event('started')).peer?.address).toBe(PROXY);
  });

  test('speaks for itself when it looks after a service', async () => {
    const zinetd = await start();
    await startHaproxy([{ port: zinetd.port('it'), server: 'send-proxy-v2 check inter 200ms' }]);
    const started = await zinetd.event('started');
    expect(started.peer?.address).toBe(PROXY);
    expect(started['via']).toBeUndefined();
  });
});
