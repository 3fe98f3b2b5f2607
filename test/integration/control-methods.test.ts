import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { controlLine } from '../harness/control-line.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

async function start(services: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const path = join(scratch('control'), 'control');
  const zinetd = await startZinetd({ config: { services, ...more }, args: ['--control', path] });
  return { zinetd, path, line: await controlLine(path) };
}

const ECHO = { listen: 'tcp://127.0.0.1:0', builtin: 'echo' };

test('a connection is listed and killed, whoever serves it', async () => {
  const { zinetd, line } = await start({
    echo: ECHO,
    cat: { listen: 'tcp://127.0.0.1:0', server: '/bin/cat', user: 'nobody' },
  });
  const greet = async (service: string) => {
    const client = await connect(zinetd.port(service));
    client.send('hello\n');
    await client.readUntil('hello');
    return client;
  };
  const cat = await greet('cat');
  const echo = await greet('echo');
  const { connections } = (await line.call('connections')) as {
    connections: { id: number; service: string; from: string; pid?: number }[];
  };
  expect(connections).toMatchObject([
    { service: 'cat', from: `127.0.0.1:${cat.localPort}`, state: 'running' },
    { service: 'echo', from: `127.0.0.1:${echo.localPort}`, state: 'running' },
  ]);
  expect(connections[0]?.pid).toBeGreaterThan(1);
  for (const { id } of connections) await line.call('kill', { connection: id });
  await Promise.all([cat.ended(), echo.ended()]);
  expect(await line.answer('kill', { connection: connections[0]?.id })).toMatchObject({
    error: { code: 'not-found' },
  });
  expect(await zinetd.event('controlled')).toMatchObject({ method: 'kill', uid: process.getuid?.() });
});

test('bans are ordered, listed and lifted', async () => {
  const { zinetd, line } = await start({ echo: ECHO });
  expect(await line.call('ban', { source: '127.0.0.1', forMs: 60_000 })).toEqual({ source: '127.0.0.1' });
  const refused = await connect(zinetd.port('echo'));
  await refused.ended();
  expect(await zinetd.event('refused')).toMatchObject({ reason: 'banned' });
  const { bans } = (await line.call('bans')) as { bans: { forMs: number }[] };
  expect(bans).toMatchObject([{ source: '127.0.0.1', reason: 'operator' }]);
  expect(await line.call('unban', { source: '127.0.0.1' })).toEqual({ lifted: 1 });
  const served = await connect(zinetd.port('echo'));
  served.send('again\n');
  await served.readUntil('again');
});

test('stop is answered, and the connection ends with zinetd', async () => {
  const { zinetd, line } = await start({ echo: ECHO });
  expect(await line.call('stop')).toEqual({});
  await line.ended;
  expect(await zinetd.ended).toBe(0);
});
