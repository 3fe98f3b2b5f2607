import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { datagramClient } from '../harness/datagram-client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};
const ok = { server: handler('raw'), instances: 10, ...user };
const other = { listen: 'tcp://127.0.0.1:0', ...ok };

/** Somebody else's TCP listener: its port, and what ends it. */
async function occupyTcp(): Promise<{ readonly port: number; readonly leave: () => Promise<unknown> }> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  const leave = (): Promise<unknown> => {
    const closed = once(server, 'close');
    server.close();
    return closed;
  };
  return { port: typeof address === 'object' && address ? address.port : 0, leave };
}

async function occupyUdp(): Promise<{ readonly port: number; readonly leave: () => Promise<unknown> }> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const leave = (): Promise<unknown> => {
    const closed = once(socket, 'close');
    socket.close();
    return closed;
  };
  return { port: socket.address().port, leave };
}

describe('a listener whose port somebody else has', () => {
  test('is tried again until it is free, and the rest runs', async () => {
    const { port, leave } = await occupyTcp();
    const zinetd = await startZinetd({
      config: { services: { taken: { listen: `tcp://127.0.0.1:${port}`, ...ok }, other } },
      lossy: true,
    });
    const failed = await zinetd.event('listen-failed');
    expect(failed).toMatchObject({ service: 'taken', error: 'EADDRINUSE', retry_ms: 1000, local: { port } });
    expect(await ask(zinetd.port('other'), '')).toBe('ok\n');
    expect(await zinetd.event('listen-failed')).toMatchObject({ retry_ms: 2000 });
    await leave();
    await zinetd.event((record) => record.event === 'listening' && record.service === 'taken');
    expect(await ask(port, '')).toBe('ok\n');
    await zinetd.stop();
  });

  test('is tried again by the next dispatcher, too, and for datagrams as for connections', async () => {
    const { port, leave } = await occupyUdp();
    const taken = { listen: `udp://127.0.0.1:${port}`, wait: true, server: handler('datagrams'), ...user };
    const zinetd = await startZinetd({ config: { services: { taken, other } }, lossy: true });
    await zinetd.event('listen-failed');
    process.kill(zinetd.dispatcherPid ?? 0, 'SIGKILL');
    await zinetd.event('dispatcher-restarted');
    expect(await zinetd.event('listen-failed')).toMatchObject({ error: 'EADDRINUSE', retry_ms: 1000 });
    await leave();
    await zinetd.event((record) => record.event === 'listening' && record.service === 'taken');
    const client = await datagramClient(port);
    await client.send('x');
    expect(await client.answer()).toMatch(/ x$/);
    await zinetd.stop();
  });
});
