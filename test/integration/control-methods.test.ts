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
  await zinetd.event('started');
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

test('a service that is disabled keeps its port and serves nobody, until it is enabled', async () => {
  const { zinetd, line } = await start({ echo: ECHO });
  const port = zinetd.port('echo');
  const before = await connect(port);
  before.send('still here\n');
  await before.readUntil('still here');
  expect(await line.call('disable', { service: 'echo' })).toEqual({ was: 'serving', running: 1 });
  await (await connect(port)).ended();
  expect(await zinetd.event('refused')).toMatchObject({ service: 'echo', reason: 'disabled' });
  expect(await line.call('status')).toMatchObject({
    services: [{ state: 'disabled', running: 1, counts: { refusedFor: { disabled: 1 } } }],
  });
  before.send('served on\n');
  await before.readUntil('served on');
  expect(await line.call('enable', { service: 'echo' })).toEqual({ was: 'disabled' });
  const after = await connect(port);
  after.send('again\n');
  await after.readUntil('again');
});

test('a service stays disabled when the dispatcher dies, and over a restart', async () => {
  const state = scratch('state');
  const path = join(scratch('control'), 'control');
  const run = (lossy = false) =>
    startZinetd({
      config: { services: { echo: ECHO, other: ECHO } },
      args: ['--control', path, '--state-dir', state],
      lossy,
    });
  const refuses = async (zinetd: Awaited<ReturnType<typeof run>>) => {
    await (await connect(zinetd.port('echo'))).ended();
    expect(await zinetd.event('refused')).toMatchObject({ service: 'echo', reason: 'disabled' });
  };
  const first = await run(true);
  await (await controlLine(path)).call('disable', { service: 'echo' });
  process.kill(first.dispatcherPid ?? 0, 'SIGKILL');
  await first.event('dispatcher-restarted');
  await first.event((record) => record.event === 'disabled' && record.service === 'echo');
  await refuses(first);
  await first.stop();
  const second = await run();
  expect(second.log.all).toContainEqual(expect.objectContaining({ event: 'disabled', service: 'echo' }));
  await refuses(second);
  expect(await (await controlLine(path)).call('enable', { service: 'echo' })).toEqual({ was: 'disabled' });
  await second.stop();
  const third = await run();
  expect(third.log.count('disabled')).toBe(0);
});

test('drain refuses whoever comes, waits for those who are served, and ends them at its deadline', async () => {
  const { zinetd, line, path } = await start({
    cat: { listen: 'tcp://127.0.0.1:0', server: '/bin/cat', user: 'nobody' },
    echo: ECHO,
  });
  const stay = async (service: string) => {
    const client = await connect(zinetd.port(service));
    client.send('hello\n');
    await client.readUntil('hello');
    return client;
  };
  const [waits, killed] = [await stay('cat'), await stay('echo')];
  const id = line.request('drain', { service: 'cat' });
  expect(await line.reply((reply) => reply.id === id)).toMatchObject({ item: { running: 1 } });
  const other = await controlLine(path);
  expect(await other.call('status')).toMatchObject({ services: [{ state: 'draining' }, {}] });
  waits.halfClose();
  expect(await line.reply((reply) => reply.id === id && reply.item === undefined)).toMatchObject({
    result: { ended: 1, killed: 0 },
  });
  expect(await other.call('drain', { service: 'echo', deadlineMs: 0 })).toEqual({ ended: 0, killed: 1 });
  await killed.ended();
  expect(await other.call('status')).toMatchObject({
    services: [{ state: 'disabled' }, { state: 'disabled' }],
  });
});

test('explain tells what would become of a client at this moment, as zinetd explain does of a file', async () => {
  const { line } = await start({ echo: { ...ECHO, no_access: ['192.0.2.66'] } });
  const ask = (from: string) => line.call('explain', { service: 'echo', from });
  expect(await ask('192.0.2.1')).toMatchObject({
    isAdmitted: true,
    text: expect.stringMatching(/^echo: 192\.0\.2\.1 is admitted\n {2}ban +passed +not banned\n/),
    json: { service: 'echo', verdict: 'admitted' },
  });
  expect(await ask('192.0.2.66')).toMatchObject({ isAdmitted: false, json: { reason: 'address' } });
  await line.call('ban', { source: '192.0.2.1' });
  expect(await ask('192.0.2.1')).toMatchObject({ isAdmitted: false, json: { reason: 'banned' } });
  await line.call('disable', { service: 'echo' });
  expect(await ask('192.0.2.2')).toMatchObject({
    text: 'echo: 192.0.2.2 is refused (disabled), policy reject\n  enabled         refused  an operator has disabled the service\n',
  });
  expect(await line.answer('explain', { service: 'ecko', from: '192.0.2.1' })).toMatchObject({
    error: { code: 'not-found', message: 'Cannot explain "ecko": no such service (did you mean "echo"?)' },
  });
  expect(await line.answer('explain', { service: 'echo', from: '192.0.2' })).toMatchObject({
    error: { code: 'invalid-params' },
  });
});

test('logs are followed as they are written, of all or of one service, and as private as they are', async () => {
  const { zinetd, line, path } = await start({
    echo: ECHO,
    quiet: { ...ECHO, log_address: 'omit' },
  });
  const all = line.request('logs', { format: 'json' });
  const one = await controlLine(path);
  const quiet = one.request('logs', { service: 'quiet' });
  await Promise.all([line.call('ping'), one.call('ping')]);
  for (const service of ['echo', 'quiet']) {
    const client = await connect(zinetd.port(service));
    client.halfClose();
    await client.ended();
  }
  const recordOf = async (event: string, service: string) => {
    const found = await line.reply(({ id, item }) => {
      if (id !== all || !item) return false;
      const record = JSON.parse(String(item['line'])) as { event: string; service: string };
      return record.event === event && record.service === service;
    });
    return JSON.parse(String(found.item?.['line'])) as Record<string, unknown>;
  };
  expect(await recordOf('exited', 'echo')).toMatchObject({ peer: { address: '127.0.0.1' } });
  expect(await recordOf('exited', 'quiet')).not.toHaveProperty('peer');
  await one.reply(({ item }) => String(item?.['line']).includes('EXIT: quiet'));
  const lines = one.replies.filter(({ id }) => id === quiet).map(({ item }) => String(item?.['line']));
  expect(lines.map((text) => text.replace(/^.*?: /, '').replace(/ duration.*/, ''))).toEqual([
    'START: quiet pid=0',
    'EXIT: quiet status=0 pid=0',
  ]);
});

test('reload is carried out, and tells what it would do', async () => {
  const { zinetd, line } = await start({ echo: ECHO });
  expect(await line.call('reload', { isDry: true })).toMatchObject({
    outcome: 'planned',
    plan: { services: { added: [], removed: [], changed: [], unchanged: 1 } },
  });
  expect(await line.call('reload')).toMatchObject({ outcome: 'reloaded' });
  await zinetd.event('reloaded');
  expect(await line.call('status')).toMatchObject({ lastReload: { outcome: 'reloaded' }, generation: 2 });
});
