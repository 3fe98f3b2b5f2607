import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { newcomer } from '../harness/newcomer.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { countFailures } from '../harness/summed-records.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};
const cat = { server: '/bin/cat', ...user };
const GO = '+Go\r\n';
const NOT_AVAILABLE = '-Service not available\r\n';
const DEADLINE_MS = 5000;
const SPARE_MS = 1500;

const mux = { listen: 'tcp://127.0.0.1:0', builtin: 'tcpmux', instances: 200, per_source: 60 };
const services = {
  mux,
  plain: { ...cat, listen: 'tcp://127.0.0.1:0' },
  raw: { ...cat, listen: 'tcpmux://Raw' },
  plus: { ...cat, listen: ['tcpmux://+Plus', 'tcp://127.0.0.1:0'] },
};

function start(more: Readonly<Record<string, unknown>> = {}): Promise<Zinetd> {
  return startZinetd({ config: { services: { ...services, ...more } } });
}

/** Everything that comes back of what is sent. */
async function ask(port: number, text: string | Uint8Array, from?: string): Promise<string> {
  const client = await connect(port, from === undefined ? {} : { from });
  client.send(text);
  client.halfClose();
  const answer = await client.readAll();
  client.socket.destroy();
  return answer;
}

describe('tcpmux (RFC 1078, S139)', () => {
  test('leads to services by name without case, says +Go for those with a plus, and lists all for help', async () => {
    const zinetd = await start();
    const port = zinetd.port('mux');
    expect(await ask(port, 'RAW\r\nhello')).toBe('hello');
    expect(await ask(port, 'raw\nhello')).toBe('hello');
    expect(await ask(port, 'pLus\r\nhello')).toBe(`${GO}hello`);
    expect(await ask(zinetd.port('plus'), 'hello')).toBe('hello');
    expect(await ask(port, 'HELP\r\n')).toBe('raw\r\nplus\r\n');
    const { peer } = await zinetd.event('answered');
    expect(peer?.address).toBe('127.0.0.1');
  });

  test('reaches no service that does not say so (S52)', async () => {
    const zinetd = await start();
    for (const name of ['plain', 'mux', 'zinetd', '+plus', '', ' raw', 'raw ', 'raw\0', 'r\raw']) {
      expect(await ask(zinetd.port('mux'), `${name}\r\nx`, newcomer()), name).toBe(NOT_AVAILABLE);
      expect(await zinetd.event('failed')).toMatchObject({ service: 'mux', reason: 'tcpmux_unknown' });
    }
    expect(zinetd.log.count('started')).toBe(0);
  });

  test('admits by the rules of the target and the true peer, runs as its user and logs its name (S52)', async () => {
    const zinetd = await start({
      closed: { ...cat, listen: 'tcpmux://+closed', only_from: ['127.0.0.9'] },
      few: { ...cat, listen: 'tcpmux://+few', per_source: 1 },
      who: { listen: 'tcpmux://who', ...user, server: '/usr/bin/id', server_args: ['-u'] },
    });
    const port = zinetd.port('mux');
    expect(await ask(port, 'closed\r\nx')).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({
      service: 'closed',
      reason: 'address',
      peer: { address: '127.0.0.1' },
    });
    expect(await ask(port, 'closed\r\nx', '127.0.0.9')).toBe(`${GO}x`);
    const first = await connect(port);
    first.send('few\r\n');
    await first.readUntil(GO);
    expect(await ask(port, 'few\r\n')).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ service: 'few', reason: 'per_source_limit' });
    first.socket.destroy();
    expect(await ask(port, 'who\r\n')).toBe(`${isRoot ? 65534 : process.getuid?.()}\n`);
    const started = await zinetd.event(({ event, service }) => event === 'started' && service === 'who');
    expect(started.peer?.address).toBe('127.0.0.1');
  });

  test('has rules of its own for who may ask', async () => {
    const zinetd = await start({ mux: { ...mux, no_access: ['127.0.0.7'] } });
    const client = await connect(zinetd.port('mux'), { from: '127.0.0.7' });
    await client.ended();
    expect(await zinetd.event('refused')).toMatchObject({ service: 'mux', reason: 'address' });
    expect(await ask(zinetd.port('mux'), 'raw\r\nx', '127.0.0.8')).toBe('x');
  });

  test('gives the end of a handler a record under the name of the target', async () => {
    const zinetd = await start({
      odd: { ...cat, server: handler('exit-status'), server_args: ['3'], listen: 'tcpmux://odd' },
    });
    await ask(zinetd.port('mux'), 'odd\r\n');
    expect(await zinetd.event('exited')).toMatchObject({ service: 'odd', status: 3 });
  });
});

/** Sends in pieces, each after the one before has gone out. */
async function sendInPieces(client: Client, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) await new Promise<void>((done) => client.socket.write(piece, () => done()));
  client.halfClose();
}

function split(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const at = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('what comes behind the name', () => {
  test('reaches the handler, every byte once and in order, wherever it is split (S17, F22)', async () => {
    const zinetd = await start();
    const port = zinetd.port('mux');
    const payload = randomBytes(65_536);
    const cuts = fc.array(fc.oneof(fc.nat(12), fc.nat(65_000)), { maxLength: 6 });
    const line = fc.constantFrom('raw\r\n', 'RAW\n', 'plus\r\n');
    await fc.assert(
      fc.asyncProperty(line, cuts, async (name, places) => {
        const client = await connect(port);
        await sendInPieces(client, split(Buffer.concat([Buffer.from(name), payload]), places));
        await client.ended();
        const answer = client.received.subarray(name.startsWith('plus') ? GO.length : 0);
        client.socket.destroy();
        expect(digest(answer)).toBe(digest(payload));
      }),
      { numRuns: 60 },
    );
  });

  test('changes nothing about names of any length and ending (S139, F22)', async () => {
    const zinetd = await start();
    const port = zinetd.port('mux');
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom('a', '\r', ' ', '+', '\0'), maxLength: 300 }),
      fc.constantFrom('raw', 'plus', 'help', '+raw', 'raw\r', '\rraw'),
    );
    const end = fc.constantFrom('\r\n', '\n', '\r', '', '\n\r\n');
    await fc.assert(
      fc.asyncProperty(name, end, fc.constantFrom('', 'early'), async (text, ending, early) => {
        const sent = `${text.replaceAll('\n', 'n')}${ending}`;
        const answer = await ask(port, `${sent}${early}`);
        const known = /^(raw|plus|help)\r?\n/i
          .exec(Buffer.from(`${sent}${early}`).toString('latin1'))?.[1]
          ?.toLowerCase();
        if (known === 'help') expect(answer).toBe('raw\r\nplus\r\n');
        else if (known !== undefined) expect(answer.startsWith(NOT_AVAILABLE)).toBe(false);
        else expect(['', NOT_AVAILABLE]).toContain(answer);
      }),
      { numRuns: 120 },
    );
    expect(await ask(port, 'raw\r\nstill there')).toBe('still there');
  });
});

describe('clients that say nothing', () => {
  /** 10,000 of S79 would be as many descriptors here; what bounds them is the same for 100. */
  test('are closed after five seconds in all, and leave room for others (S79, S80)', async () => {
    const zinetd = await start();
    const port = zinetd.port('mux');
    const silent = await Promise.all(Array.from({ length: 100 }, () => connect(port, { from: '127.0.0.2' })));
    const startMs = performance.now();
    expect(await ask(port, 'raw\r\nx', '127.0.0.3')).toBe('x');
    expect(performance.now() - startMs).toBeLessThan(1000);
    const slow = silent.at(0);
    const drip = setInterval(() => slow?.send('a'), 500);
    await Promise.all(silent.map((client) => client.ended()));
    clearInterval(drip);
    const tookMs = performance.now() - startMs;
    expect(tookMs).toBeGreaterThan(DEADLINE_MS - SPARE_MS);
    expect(tookMs).toBeLessThan(DEADLINE_MS + SPARE_MS);
    await until(() => countFailures(zinetd.log, 'tcpmux_timeout') === 60, {
      what: 'the deadline of 60 of 100',
      timeoutMs: 20_000,
    });
    expect(zinetd.log.count(({ reason }) => reason === 'per_source_limit')).toBeGreaterThan(0);
    for (const client of silent) client.socket.destroy();
  }, 40_000);

  test('are let go when zinetd stops, each with a record (promise 7)', async () => {
    const zinetd = await start();
    const client = await connect(zinetd.port('mux'));
    client.send('ra');
    expect(await ask(zinetd.port('mux'), 'raw\r\nx')).toBe('x');
    await zinetd.stop();
    expect(await client.ended()).toMatch(/end|reset/);
    const [failed] = zinetd.log.all.filter(({ event }) => event === 'failed');
    expect(failed).toMatchObject({ service: 'mux', reason: 'stopping' });
  });

  test('who go before the end of a line have a record (promise 7)', async () => {
    const zinetd = await start();
    const client = await connect(zinetd.port('mux'));
    client.send('raw');
    client.halfClose();
    await client.ended();
    expect(await zinetd.event('failed')).toMatchObject({ service: 'mux', reason: 'tcpmux_closed' });
  });
});
