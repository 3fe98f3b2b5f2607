import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chargenBytes } from '../../src/builtins/chargen.ts';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { limitDescriptors } from '../harness/limit-descriptors.ts';
import { steadyDescriptorCountOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const KINDS = ['echo', 'discard', 'daytime', 'time', 'chargen', 'qotd', 'ident'] as const;
type Kind = (typeof KINDS)[number];

const CHARGEN_BYTES = 1024 * 1024;
const EPOCH_1900_SECONDS = 2_208_988_800;

function qotdFile(text = 'Well.\n%\nWell, well.\n'): string {
  const path = join(scratch('quotes'), 'quotes');
  writeFileSync(path, text, { mode: 0o644 });
  return path;
}

function start(
  kinds: readonly Kind[],
  options: { readonly service?: Readonly<Record<string, unknown>> } = {},
) {
  const { service } = options;
  const of = (builtin: Kind) => ({
    ...{ listen: 'tcp://127.0.0.1:0', builtin, ...service },
    ...(builtin === 'qotd' ? { qotd_file: qotdFile() } : {}),
  });
  const services = Object.fromEntries(kinds.map((kind) => [kind, of(kind)]));
  return startZinetd({ config: { services } });
}

describe('a built-in over a stream', () => {
  test('echo says what its client says, all of it, and ends when the client does (RFC 862)', async () => {
    const zinetd = await start(['echo']);
    const text = Array.from({ length: 40_000 }, (_, index) => `line ${index}\n`).join('');
    expect(await ask(zinetd.port('echo'), text)).toBe(text);
  });

  test('echo reads no more while its client does not, and goes on when it does', async () => {
    const zinetd = await start(['echo']);
    const client = await connect(zinetd.port('echo'));
    client.socket.pause();
    const text = 'x'.repeat(7_000_000);
    client.send(text);
    client.halfClose();
    await until(() => client.socket.writableLength > 0, { what: 'nobody takes more', timeoutMs: 5000 });
    client.socket.resume();
    expect((await client.readAll()).length).toBe(text.length);
  });

  test('discard takes everything and says nothing (RFC 863)', async () => {
    const zinetd = await start(['discard']);
    expect(await ask(zinetd.port('discard'), 'x'.repeat(1_000_000))).toBe('');
  });

  test('daytime says a line of ctime(3) (RFC 867), time 32 bits (RFC 868), qotd a quotation (RFC 865)', async () => {
    const zinetd = await start(['daytime', 'time', 'qotd']);
    const daytime = await ask(zinetd.port('daytime'));
    expect(daytime).toMatch(
      /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 123]\d \d{2}:\d{2}:\d{2} \d{4}\r\n$/,
    );
    const client = await connect(zinetd.port('time'));
    await client.ended();
    expect(client.received).toHaveLength(4);
    const seconds = Date.now() / 1000 + EPOCH_1900_SECONDS - client.received.readUInt32BE();
    expect(Math.abs(seconds)).toBeLessThan(60);
    expect(['Well.\r\n', 'Well, well.\r\n']).toContain(await ask(zinetd.port('qotd')));
  });

  test('chargen says its pattern until a megabyte is said, and ends (RFC 864)', async () => {
    const zinetd = await start(['chargen']);
    const said = await ask(zinetd.port('chargen'));
    expect(said.length).toBe(CHARGEN_BYTES);
    expect(said.startsWith(Buffer.from(chargenBytes(0, 50_000)).toString('latin1'))).toBe(true);
    expect(await zinetd.event('exited')).toMatchObject({ service: 'chargen', end: 'bytes' });
  });

  test('is in the log as a handler is, without a pid (promise 7)', async () => {
    const zinetd = await start(['daytime']);
    await ask(zinetd.port('daytime'));
    const started = await zinetd.event('started');
    expect(started).toMatchObject({ service: 'daytime', peer: { address: '127.0.0.1' } });
    expect(started.pid).toBeUndefined();
    const exited = await zinetd.event('exited');
    expect(exited).toMatchObject({ service: 'daytime', end: 'done' });
    expect(exited.duration_ms).toBeGreaterThanOrEqual(0);
  });

  test('works over a unix socket', async () => {
    const path = join(scratch('unix'), 'echo');
    const zinetd = await start(['echo'], { service: { listen: `unix://${path}`, socket_mode: '0666' } });
    const { createConnection } = await import('node:net');
    const socket = createConnection({ path, allowHalfOpen: true });
    socket.end('over a path');
    let said = '';
    for await (const chunk of socket) said += String(chunk);
    expect(said).toBe('over a path');
    await zinetd.event('exited');
  });

  test('has the limits of any service: instances and its access list', async () => {
    const zinetd = await start(['echo'], {
      service: { instances: 2, per_source: 2, no_access: ['127.0.0.9'] },
    });
    const port = zinetd.port('echo');
    const first = await connect(port);
    const second = await connect(port);
    first.send('a');
    second.send('b');
    await Promise.all([first.readUntil('a'), second.readUntil('b')]);
    await (await connect(port)).ended();
    expect(await zinetd.event('refused')).toMatchObject({ service: 'echo', peer: { address: '127.0.0.1' } });
    await (await connect(port, { from: '127.0.0.9' })).ended();
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'address' });
    first.halfClose();
    await first.ended();
    await zinetd.event('exited');
    expect(await ask(port, 'again')).toBe('again');
    second.halfClose();
  });

  test('ends with zinetd, at once', async () => {
    const zinetd = await start(['echo']);
    const client = await connect(zinetd.port('echo'));
    client.send('a');
    await client.readUntil('a');
    const stopped = zinetd.stop();
    await client.ended();
    await stopped;
    expect(zinetd.log.all.filter(({ event }) => event === 'exited')).toMatchObject([{ end: 'stopping' }]);
  });

  test('goes when its client resets, whatever is under way (S3)', async () => {
    const zinetd = await start(['chargen', 'echo']);
    for (const kind of ['chargen', 'echo'] as const) {
      const client = await connect(zinetd.port(kind));
      client.send('x');
      await client.readUntil(kind === 'echo' ? 'x' : '!');
      client.reset();
      expect(await zinetd.event('exited')).toMatchObject({ service: kind });
    }
  });
});

describe('5,000 connections to each built-in at 128 descriptors (S3)', () => {
  const ALL = 5000;
  const AT_ONCE = 20;

  test.each(KINDS)(
    '%s serves them all, and has no more open than before',
    async (kind) => {
      const zinetd = await start([kind], {
        service: { instances: 100, per_source: 100 },
      });
      const port = zinetd.port(kind);
      const dispatcher = zinetd.dispatcherPid ?? 0;
      // Once it runs: Node has more open than this while it loads.
      limitDescriptors(dispatcher, 128);
      const before = steadyDescriptorCountOf(dispatcher);
      let left = ALL;
      const work = async (): Promise<void> => {
        while (left-- > 0) await visit(port, kind);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      await until(() => zinetd.log.count('exited') === ALL, { what: 'all have ended', timeoutMs: 20_000 });
      expect(zinetd.log.count('started')).toBe(ALL);
      expect(steadyDescriptorCountOf(dispatcher)).toBe(before);
    },
    60_000,
  );
});

/** Connects, sees the service work, and goes: with a reset from chargen, which would go on for long. */
async function visit(port: number, kind: Kind): Promise<void> {
  const { createConnection } = await import('node:net');
  await new Promise<void>((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('connect', () => (kind === 'chargen' ? undefined : socket.end('1, 2\r\n')));
    socket.on('data', () => kind === 'chargen' && socket.resetAndDestroy());
    socket.on('end', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => resolve());
  });
}

describeWith('a connection from port 20', { needs: ['root'] }, () => {
  test('is none of a client: a built-in says nothing to it (S63)', async () => {
    const zinetd = await start(['daytime']);
    const { createConnection } = await import('node:net');
    const socket = createConnection({ port: zinetd.port('daytime'), host: '127.0.0.1', localPort: 20 });
    let said = '';
    socket.on('data', (chunk) => {
      said += String(chunk);
    });
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('close', resolve));
    expect(said).toBe('');
    expect(await zinetd.event('failed')).toMatchObject({ service: 'daytime', reason: 'source_port' });
  });
});

describe('qotd', () => {
  test.each([
    ['', 'there is none in it'],
    [`${'x'.repeat(600)}\n`, 'the one in line 1 has 512 characters or more'],
    ['x\n%\n'.repeat(20_000), 'it is larger than 64 KiB'],
  ])('does not start with a file that it cannot say (%#)', async (text, reason) => {
    const qotd = { listen: 'tcp://127.0.0.1:0', builtin: 'qotd', qotd_file: qotdFile(text) };
    const zinetd = await startZinetd({ config: { services: { qotd } }, expectFailure: true });
    expect(await zinetd.ended).toBe(1);
    expect(zinetd.stderr).toContain(reason);
  });
});
