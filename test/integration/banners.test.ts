import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runZinetd } from '../cli/run-zinetd.ts';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { startTarget } from '../harness/target.ts';
import { udpClient } from '../harness/udp-client.ts';
import { until } from '../harness/until.ts';

const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};
const cat = { server: '/bin/cat', ...user };
const DEADLINE_MS = 5000;
const SPARE_MS = 1500;

function banner(text: string | Uint8Array, name = 'banner'): string {
  const path = join(scratch('banners'), name);
  writeFileSync(path, text, { mode: 0o644 });
  return path;
}

function banners(): Readonly<Record<string, string>> {
  return {
    banner: banner('always\n'),
    banner_success: banner('welcome\n'),
    banner_fail: banner('go away\n'),
  };
}

function start(services: Readonly<Record<string, unknown>>): Promise<Zinetd> {
  return startZinetd({ config: { services } });
}

describe('banners', () => {
  test('come ahead of the checks, behind them, and with a no, for whoever serves', async () => {
    const target = await startTarget((socket) => socket.pipe(socket));
    const texts = { ...banners(), no_access: ['127.0.0.9'] };
    const zinetd = await start({
      program: { listen, ...cat, ...texts },
      builtin: { listen, builtin: 'echo', ...texts },
      relay: { listen, redirect: target.url, ...texts },
    });
    for (const service of ['program', 'builtin', 'relay']) {
      expect(await ask(zinetd.port(service), 'x'), service).toBe('always\nwelcome\nx');
      expect(await ask(zinetd.port(service), 'x', { from: '127.0.0.9' }), service).toBe('always\ngo away\n');
    }
  });

  test('come behind the reply line of tcpmux, and before a refusal the text of the limit wins', async () => {
    const zinetd = await start({
      mux: { listen, builtin: 'tcpmux' },
      plus: { listen: 'tcpmux://+plus', ...cat, ...banners() },
      closed: {
        ...{ listen, ...cat, banner_fail: banner('go away\n'), no_access: ['0.0.0.0/0'] },
        policies: { access: { reject: { text: 'not for you\n' } } },
      },
    });
    expect(await ask(zinetd.port('mux'), 'plus\r\nx')).toBe('+Go\r\nalways\nwelcome\nx');
    expect(await ask(zinetd.port('closed'), 'x')).toBe('not for you\n');
  });

  test('are not for whoever sends a datagram (S65)', async () => {
    const texts = banners();
    const zinetd = await startZinetd({
      config: { defaults: texts, services: { echo: { listen: 'udp://127.0.0.1:0', builtin: 'echo' } } },
    });
    const client = await udpClient();
    await client.send('hello', { port: zinetd.port('echo') });
    expect((await client.reply(1)).bytes.toString()).toBe('hello');
  });

  test('change with their files', async () => {
    const path = banner('old\n');
    const zinetd = await start({ echo: { listen, ...cat, banner: path } });
    expect(await ask(zinetd.port('echo'))).toBe('old\n');
    writeFileSync(path, 'new\n');
    await zinetd.event('reloaded');
    expect(await ask(zinetd.port('echo'))).toBe('new\n');
  });

  test('of a file of 1 MiB are refused by check, with a place (S96)', async () => {
    const path = banner(Buffer.alloc(1024 * 1024));
    const config = banner(
      JSON.stringify({ version: 1, services: { echo: { listen, ...cat, banner: path } } }),
      'zinetd.yaml',
    );
    const { code, stdout, stderr } = runZinetd(['check', '-c', config]);
    expect(code).toBe(1);
    expect(`${stdout}${stderr}`).toMatch(/zinetd\.yaml:1:\d+: error\[config\/too-large\]: .*64 KiB/);
  });
});

/** It connects and reads nothing, with as little room as the kernel allows. It says its port, and lives until its input ends. */
const DEAF = `
import socket, sys
clients = []
for _ in range(int(sys.argv[2])):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    s.connect(('127.0.0.1', int(sys.argv[1])))
    clients.append(s)
print('connected', flush=True)
sys.stdin.read()
`;

async function startDeaf(port: number, count = 1): Promise<{ end(): void }> {
  const child = spawn('python3', ['-c', DEAF, String(port), String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return { end: () => child.stdin.end() };
}

describeWith('a client that takes no banner', { needs: [{ program: 'python3' }] }, () => {
  /** So that the kernel does not take all of it in its place. */
  const small = { send_buffer: 4096 };
  const long = (): string => banner(Buffer.alloc(65_536, 'x'));

  test.each(['banner', 'banner_success'])(
    'of %s is let go after five seconds, and others are served meanwhile (S96)',
    async (name) => {
      const zinetd = await start({ slow: { listen, ...cat, ...small, [name]: long() } });
      const startMs = performance.now();
      await startDeaf(zinetd.port('slow'));
      const other = await ask(zinetd.port('slow'), 'still served');
      expect([other.length, other.slice(-12)]).toEqual([65_536 + 12, 'still served']);
      expect(performance.now() - startMs).toBeLessThan(DEADLINE_MS - SPARE_MS);
      const failed = await zinetd.event('failed');
      expect(failed).toMatchObject({ service: 'slow', reason: 'banner_timeout', error: 'ETIMEDOUT' });
      const tookMs = performance.now() - startMs;
      expect(tookMs).toBeGreaterThan(DEADLINE_MS - SPARE_MS);
      expect(tookMs).toBeLessThan(DEADLINE_MS + SPARE_MS);
      expect(zinetd.log.count('started')).toBe(1);
    },
  );

  test('of banner_fail is let go as well, and has one record from the beginning', async () => {
    const zinetd = await start({
      slow: { listen, ...cat, ...small, banner_fail: long(), no_access: ['127.0.0.1'] },
    });
    await startDeaf(zinetd.port('slow'));
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'address' });
    expect((await ask(zinetd.port('slow'))).length).toBe(65_536);
    // That all its descriptors are back is what follows every test.
  });

  test('is one of sixteen of its source at the most (promise 5)', async () => {
    const zinetd = await start({ slow: { listen, ...cat, ...small, banner: long(), instances: 100 } });
    await startDeaf(zinetd.port('slow'), 20);
    const busy = () => zinetd.log.all.filter(({ reason }) => reason === 'banner_busy').length;
    await until(() => busy() === 4, { what: 'four are turned away' });
    expect((await ask(zinetd.port('slow'), '', { from: '127.0.0.2' })).length).toBe(65_536);
    const late = () => zinetd.log.all.filter(({ reason }) => reason === 'banner_timeout').length;
    await until(() => late() === 16, { what: 'sixteen are let go', timeoutMs: 2 * DEADLINE_MS });
  });

  test('is let go when it resets, and when zinetd stops (promise 7)', async () => {
    const zinetd = await start({ slow: { listen, ...cat, ...small, banner_success: long() } });
    const deaf = await startDeaf(zinetd.port('slow'));
    expect((await ask(zinetd.port('slow'))).length).toBe(65_536);
    deaf.end();
    expect(await zinetd.event('failed')).toMatchObject({ reason: 'client_gone' });
    await startDeaf(zinetd.port('slow'));
    expect((await ask(zinetd.port('slow'))).length).toBe(65_536);
    await zinetd.stop();
    const failed = zinetd.log.all.filter(({ event }) => event === 'failed');
    expect(failed.at(-1)).toMatchObject({ service: 'slow', reason: 'stopping' });
  });
});

/** As DEAF, but once it is told to, it takes everything, and says how much that was. */
const SLOW = `
import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
s.connect(('127.0.0.1', int(sys.argv[1])))
s.shutdown(socket.SHUT_WR)
print('connected', flush=True)
sys.stdin.readline()
total = 0
try:
    while part := s.recv(65536):
        total += len(part)
except ConnectionResetError:
    pass
sys.stdout.write(f'{total}\\n')
`;

describeWith('a reload while a client takes its banner', { needs: [{ program: 'python3' }] }, () => {
  test.each([
    ['that shuts it out has it refused', '127.0.0.0/8\n', 'refused'],
    ['that is about others has it served', '192.0.2.1\n', 'started'],
  ])('%s, once, and its place is free again (promises 4 and 7)', async (_, list, outcome) => {
    const path = banner('192.0.2.7\n', 'list');
    const zinetd = await start({
      slow: {
        ...{ listen, ...cat, instances: 1, send_buffer: 4096 },
        banner_success: banner(Buffer.alloc(65_536, 'x')),
        no_access: [`file:${path}`],
      },
    });
    const child = spawn('python3', ['-c', SLOW, String(zinetd.port('slow'))], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    writeFileSync(path, list);
    await zinetd.event('reloaded');
    const taken = once(child.stdout, 'data');
    child.stdin.write('\n');
    expect(await zinetd.event(outcome)).toMatchObject({ service: 'slow' });
    expect(String(await taken)).toBe('65536\n');
    const ends = zinetd.log.all.filter(({ event }) =>
      ['refused', 'failed', 'started'].includes(String(event)),
    );
    expect(ends).toHaveLength(1);
  });
});

test('a service without banners tells nothing', async () => {
  const zinetd = await start({ echo: { listen, ...cat } });
  const client = await connect(zinetd.port('echo'));
  client.send('x');
  client.halfClose();
  expect(await client.readAll()).toBe('x');
});
