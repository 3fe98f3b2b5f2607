import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { type UdpClient, type UdpReply, udpClient } from '../harness/udp-client.ts';
import { until } from '../harness/until.ts';
import { freePort } from './free-port.ts';
import { ReloadRun } from './reload-run.ts';

const KINDS = ['echo', 'discard', 'daytime', 'time', 'chargen', 'qotd'] as const;
type Kind = (typeof KINDS)[number];

/** More than any answer but that of chargen, and echo. */
const REQUEST = Buffer.alloc(400, 'x');
/** ReplyBudget has it. */
const BURST = 20;
const MARK = 'still there?';

function qotdFile(): string {
  const path = join(scratch('quotes'), 'quotes');
  writeFileSync(path, 'Well.\n%\nWell, well.\n', { mode: 0o644 });
  return path;
}

function start(kinds: readonly Kind[], listen = 'udp://127.0.0.1:0'): Promise<Zinetd> {
  const of = (builtin: Kind) => ({
    ...{ listen, builtin },
    ...(builtin === 'qotd' ? { qotd_file: qotdFile() } : {}),
  });
  return startZinetd({ config: { services: Object.fromEntries(kinds.map((kind) => [kind, of(kind)])) } });
}

/** Asks echo until it answers, since a socket that is full drops what comes. Answers of before have come then. */
async function flush(zinetd: Zinetd, client: UdpClient): Promise<void> {
  const isAnswered = () => {
    client.send(MARK, { port: zinetd.port('echo') }).catch(() => {});
    return client.replies.some(({ bytes }) => bytes.toString() === MARK);
  };
  await until(isAnswered, { what: 'echo answers', timeoutMs: 5000 });
}

/** By chance a client may have the port of a built-in, to whom nothing is said (S64): the next one has another. */
async function isServed(zinetd: Zinetd, from: string): Promise<void> {
  const first = await udpClient({ from });
  await flush(zinetd, first).catch(async () => flush(zinetd, await udpClient({ from })));
}

/** Replies to anything but `flush`. */
function repliesTo(client: UdpClient): readonly UdpReply[] {
  return client.replies.filter(({ bytes }) => bytes.toString() !== MARK);
}

describe('a built-in over datagrams', () => {
  test('answers as its RFC says, once for each datagram', async () => {
    const zinetd = await start(KINDS);
    const client = await udpClient();
    const ask = async (kind: Kind) => {
      await client.send(REQUEST, { port: zinetd.port(kind) });
      return (await client.reply()).bytes.toString('latin1');
    };
    expect(await ask('echo')).toBe(REQUEST.toString());
    expect(await ask('daytime')).toMatch(
      /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 123]\d \d{2}:\d{2}:\d{2} \d{4}\r\n$/,
    );
    expect(await ask('time')).toHaveLength(4);
    expect(await ask('chargen')).toMatch(/^([ -~]{72}\r\n){5}[ -~]{30}$/);
    expect(['Well.\r\n', 'Well, well.\r\n']).toContain(await ask('qotd'));
    await client.send(REQUEST, { port: zinetd.port('discard') });
    expect(
      await zinetd.event(({ event, service }) => event === 'exited' && service === 'discard'),
    ).toMatchObject({
      end: 'done',
    });
    expect(client.replies).toHaveLength(5);
  });

  test('says no more than it was sent: as many bytes out as in, at most (S65)', async () => {
    const zinetd = await start(KINDS);
    for (const [index, length] of [1, 3, 4, 8, 25, 26, 100, 600, 1400].entries()) {
      const client = await udpClient({ from: `127.0.1.${index}` });
      const { port } = client.socket.address();
      const ended = () =>
        zinetd.log.all.filter(({ event, peer }) => event === 'exited' && peer?.port === port);
      for (const kind of KINDS) await client.send(Buffer.alloc(length), { port: zinetd.port(kind) });
      await until(() => ended().length === KINDS.length, { what: 'all are answered' });
      await flush(zinetd, client);
      const replies = repliesTo(client);
      expect(replies.filter(({ bytes }) => bytes.length > length)).toEqual([]);
      expect(replies.length).toBeGreaterThanOrEqual(2);
    }
  });

  test('answers twenty of a source at once, and others still (S65)', async () => {
    const zinetd = await start(['echo']);
    const client = await udpClient({ from: '127.0.0.5' });
    for (let count = 0; count < 500; count++) await client.send('x', { port: zinetd.port('echo') });
    await isServed(zinetd, '127.0.0.6');
    expect(client.replies.length).toBeGreaterThanOrEqual(BURST);
    expect(client.replies.length).toBeLessThan(2 * BURST);
    expect(await zinetd.event('datagrams-dropped')).toMatchObject({ service: 'echo' });
  });

  test('takes a thousand datagrams without a byte, and goes on (S68)', async () => {
    const zinetd = await start(KINDS);
    for (const kind of KINDS) {
      const client = await udpClient({ from: '127.0.0.7' });
      for (let count = 0; count < 1000; count++) await client.send('', { port: zinetd.port(kind) });
      await isServed(zinetd, '127.0.0.8');
      expect(client.replies.every(({ bytes }) => bytes.length === 0)).toBe(true);
      expect(client.replies.length > 0).toBe(kind === 'echo');
    }
  });

  test.each([
    ['udp://0.0.0.0:0', '127.0.0.1', '127.0.0.2'],
    ['udp46://[::]:0', '127.0.0.1', '127.0.0.2'],
    ['udp46://[::]:0', '::1', '::1'],
    ['udp://[::]:0', '::1', '::1'],
  ])('of %s answers %s from %s, which was asked (S69)', async (listen, from, to) => {
    const zinetd = await start(['echo'], listen);
    const client = await udpClient({ from });
    await client.send('hello', { port: zinetd.port('echo'), host: to });
    expect(await client.reply()).toMatchObject({ address: to, port: zinetd.port('echo') });
  });

  test('has no ban for whoever is written as the sender (S62)', async () => {
    const echo = { listen: 'udp://127.0.0.1:0', builtin: 'echo', no_access: ['127.0.0.9'] };
    const penalties = { address: '1h' };
    const zinetd = await startZinetd({ config: { services: { echo: { ...echo, penalties } } } }).catch(() =>
      startZinetd({ config: { services: { echo } } }),
    );
    const client = await udpClient({ from: '127.0.0.9' });
    await client.send('x', { port: zinetd.port('echo') });
    expect(await zinetd.event('refused')).toMatchObject({ peer: { address: '127.0.0.9' } });
    await isServed(zinetd, '127.0.0.8');
    expect([client.replies, zinetd.log.count('banned')]).toEqual([[], 0]);
  });

  test('ident has no datagrams: a configuration with such is refused', async () => {
    const ident = { listen: 'udp://127.0.0.1:0', builtin: 'ident' };
    const zinetd = await startZinetd({ config: { services: { ident } }, expectFailure: true });
    expect(await zinetd.ended).toBe(1);
    expect(zinetd.stderr).toContain('"ident" does not speak over it');
  });
});

test('a client may have a port that a built-in had until a reload (S64)', async () => {
  const of = (builtin: Kind, port = 0) => ({ listen: `udp://127.0.0.1:${port}`, builtin });
  const echo = of('echo');
  const run = await ReloadRun.of({ echo, gone: of('chargen'), moved: of('time') });
  const { zinetd } = run;
  const ports = [zinetd.port('gone'), zinetd.port('moved')];
  await run.reload({ echo, moved: of('time', await freePort()) });
  for (const port of ports) {
    const client = await udpClient({ from: '127.0.0.78', port });
    await client.send('x', { port: zinetd.port('echo') });
    expect((await client.reply()).bytes.toString()).toBe('x');
  }
  await zinetd.settled();
});

describeWith('datagrams that may be answers', { needs: ['root'] }, () => {
  const PORTS = [7, 9, 13, 17, 19, 37, 53, 69, 111, 123, 137, 161, 389, 1023, 1900, 2049, 11_211];

  test('have none: from ports that answer, and from our own (S64)', async () => {
    const zinetd = await start(['echo', 'chargen']);
    const own = zinetd.port('chargen');
    const clients = await Promise.all([...PORTS, own].map((port) => udpClient({ from: '127.0.0.77', port })));
    for (const client of clients) await client.send('x', { port: zinetd.port('echo') });
    await isServed(zinetd, '127.0.0.77');
    expect(clients.flatMap(({ replies }) => replies)).toEqual([]);
  });
});

describeWith('two daemons that are pointed at each other', { needs: ['a network namespace'] }, () => {
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, { encoding: 'utf8' });

  function makeNamespace(): string {
    const name = `zt-loop-${process.pid}`;
    run('ip', 'netns', 'add', name);
    onTestFinished(() => {
      run('ip', 'netns', 'del', name);
    });
    run('ip', '-n', name, 'link', 'set', 'lo', 'up');
    return name;
  }

  const answered = (zinetd: Zinetd) => zinetd.log.count('started');

  test.each([
    ['the ports of the RFCs', { echo: 7, chargen: 19 }, 0],
    ['ports of their own', { echo: 40_007, chargen: 40_019 }, 2 * BURST + 10],
  ])('fall silent, on %s (S64, CVE-1999-0103)', async (_title, ports, most) => {
    const prefix = ['ip', 'netns', 'exec', makeNamespace()];
    const daemon = (builtin: 'echo' | 'chargen', host: string) => {
      const service = { listen: `udp://${host}:${ports[builtin]}`, builtin };
      return startZinetd({ config: { services: { [builtin]: service } }, prefix });
    };
    const echo = await daemon('echo', '127.0.0.1');
    const chargen = await daemon('chargen', '127.0.0.2');
    const [ip = '', ...enter] = prefix;
    const forge = ['python3', 'test/fixtures/clients/forge.py'];
    run(ip, ...enter, ...forge, '127.0.0.2', String(ports.chargen), '127.0.0.1', String(ports.echo), '64');
    // Whoever drops the datagram that goes to and fro ends it.
    await Promise.race([echo.event('datagrams-dropped'), chargen.event('datagrams-dropped')]);
    expect(answered(echo) + answered(chargen)).toBeLessThanOrEqual(most);
  });
});
