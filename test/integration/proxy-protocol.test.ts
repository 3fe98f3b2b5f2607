import { createHash, randomBytes } from 'node:crypto';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Client, connect } from '../harness/client.ts';
import { controlLine } from '../harness/control-line.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import {
  encodeRaw,
  encodeSummed,
  encodeV1,
  encodeV2,
  type TestEnd,
} from '../proxy-protocol/encode-header.ts';

const user = isRoot ? { user: 'nobody' } : {};
const PROXY = '127.0.0.2';
const OTHER_PROXY = '127.0.0.3';
const STRANGER = '127.0.0.9';
const TRUST = { from: [PROXY, OTHER_PROXY, '::1'] };
/** Prints what it was told of its client, then what the client sends. */
const TELLER = {
  ...user,
  server: '/bin/sh',
  server_args: ['-c', 'env | grep -E "^(PROTO|REMOTE|TCP)" | sort; echo --; exec cat'],
  peer_env: ['ucspi', 'cgi'],
};
const TO: TestEnd = { address: '198.51.100.1', port: 25 };
const LOCAL = encodeRaw([0x20, 0x00], Buffer.alloc(0));
const listen = 'tcp://127.0.0.1:0';
const cat = { ...user, listen, server: '/bin/cat', proxy_protocol: TRUST };

function client(address: string, port = 40_001): TestEnd {
  return { address, port };
}

function start(services: Readonly<Record<string, object>>): Promise<Zinetd> {
  return startZinetd({ config: { services } });
}

/** Everything that comes back of what is sent. */
async function bring(
  port: number,
  bytes: string | Uint8Array,
  options: { readonly from?: string; readonly host?: string } = { from: PROXY },
): Promise<string> {
  const one = await connect(port, options);
  one.send(bytes);
  one.halfClose();
  const answer = await one.readAll();
  one.socket.destroy();
  return answer;
}

const join2 = (header: Uint8Array, text: string) => Buffer.concat([header, Buffer.from(text)]);

describe('the client that a trusted proxy names', () => {
  const FROM = client('192.0.2.7');
  const FROM6 = client('2001:db8:0:0:0:0:0:7');
  const TO6 = { address: '2001:db8:0:0:0:0:0:1', port: 25 };
  const told4 =
    'PROTO=TCP\nREMOTE_ADDR=192.0.2.7\nREMOTE_PORT=40001\nTCPCONNNUM=1\nTCPLOCALIP=198.51.100.1\nTCPLOCALPORT=25\n';
  const remote4 = 'TCPREMOTEIP=192.0.2.7\nTCPREMOTEPORT=40001\n';
  const told6 = [
    'PROTO=TCP6\nREMOTE_ADDR=2001:db8::7\nREMOTE_PORT=40001\n',
    'TCP6LOCALIP=2001:db8::1\nTCP6LOCALPORT=25\nTCP6REMOTEIP=2001:db8::7\nTCP6REMOTEPORT=40001\n',
    'TCPCONNNUM=1\nTCPLOCALIP=2001:db8::1\nTCPLOCALPORT=25\nTCPREMOTEIP=2001:db8::7\nTCPREMOTEPORT=40001\n',
  ].join('');

  test.each([
    ['v1, IPv4', encodeV1(FROM, TO), told4 + remote4, '192.0.2.7'],
    ['v2, IPv4', encodeV2(FROM, TO), told4 + remote4, '192.0.2.7'],
    [
      'v2 with a checksum and more',
      encodeSummed(FROM, TO, [{ type: 2, value: Buffer.from('-froot') }]),
      told4 + remote4,
      '192.0.2.7',
    ],
    ['v1, IPv6', encodeV1(FROM6, TO6), told6, '2001:db8::7'],
    ['v2, IPv6', encodeV2(FROM6, TO6), told6, '2001:db8::7'],
  ])(
    'is the one of environment and log, and the proxy is beside it: %s (S59)',
    async (_, header, told, address) => {
      const zinetd = await start({
        it: { ...TELLER, listen: [listen, 'tcp://[::1]:0'], proxy_protocol: TRUST },
      });
      expect(await bring(zinetd.port('it'), join2(header, 'hello'))).toBe(`${told}--\nhello`);
      const who = { service: 'it', peer: { address, port: 40_001 }, via: { address: PROXY } };
      expect(await zinetd.event('started')).toMatchObject(who);
      expect(await zinetd.event('exited')).toMatchObject(who);
      const [, second] = zinetd.log.all.filter(({ event }) => event === 'listening');
      expect(await bring(second?.local?.port ?? 0, join2(header, 'hello'), { host: '::1' })).toBe(
        `${told}--\nhello`,
      );
      expect(await zinetd.event('started')).toMatchObject({ ...who, via: { address: '::1' } });
    },
  );

  test('is served as any other by what zinetd gives itself, and by tcpmux', async () => {
    const target = await start({ target: { ...user, listen, server: '/bin/cat' } });
    const zinetd = await start({
      echo: { listen, builtin: 'echo', proxy_protocol: TRUST },
      relay: { listen, redirect: `tcp://127.0.0.1:${target.port('target')}`, proxy_protocol: TRUST },
      mux: { listen, builtin: 'tcpmux', proxy_protocol: TRUST },
      muxed: { ...TELLER, listen: 'tcpmux://+muxed', only_from: ['192.0.2.7'] },
    });
    const header = encodeV2(FROM, TO);
    const who = { peer: { address: '192.0.2.7' }, via: { address: PROXY } };
    for (const service of ['echo', 'relay']) {
      expect(await bring(zinetd.port(service), join2(header, 'hello'))).toBe('hello');
      expect(await zinetd.event('started')).toMatchObject({ service, ...who });
      expect(await zinetd.event('exited')).toMatchObject({ service, ...who });
    }
    const answer = await bring(zinetd.port('mux'), join2(header, 'muxed\r\nhello'));
    expect(answer).toBe(`+Go\r\n${told4}${remote4}--\nhello`);
    expect(await zinetd.event('started')).toMatchObject({ service: 'muxed', ...who });
    expect(await bring(zinetd.port('mux'), join2(encodeV1(client('192.0.2.8'), TO), 'muxed\r\nx'))).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ service: 'muxed', peer: { address: '192.0.2.8' } });
  });

  test('comes over a unix socket, too, from a user that is trusted', async () => {
    const path = join(scratch('socket'), 'it');
    const zinetd = await start({
      it: { ...TELLER, listen: `unix://${path}`, proxy_protocol: { from: [`uid:${process.getuid?.()}`] } },
    });
    const socket = createConnection({ path, allowHalfOpen: true });
    const one = new Client(socket);
    one.send(join2(encodeV1(FROM, TO), 'hello'));
    one.halfClose();
    expect(await one.readAll()).toBe(`${told4}${remote4}--\nhello`);
    socket.destroy();
    expect(await zinetd.event('started')).toMatchObject({
      peer: { address: '192.0.2.7' },
      via: { uid: process.getuid?.() },
    });
  });

  test('is whom lists, limits and refusals are about (S59)', async () => {
    const zinetd = await start({
      it: { ...cat, only_from: ['192.0.2.0/24', PROXY], no_access: ['192.0.2.66'], per_source: 1 },
    });
    const port = zinetd.port('it');
    expect(await bring(port, join2(encodeV2(client('192.0.2.66'), TO), 'x'))).toBe('');
    const via = { address: PROXY };
    expect(await zinetd.event('refused')).toMatchObject({
      reason: 'address',
      peer: { address: '192.0.2.66' },
      via,
    });
    expect(await bring(port, join2(encodeV2(client('203.0.113.1'), TO), 'x'))).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({
      reason: 'address',
      peer: { address: '203.0.113.1' },
      via,
    });
    const first = await connect(port, { from: PROXY });
    first.send(join2(encodeV2(client('192.0.2.7'), TO), 'x'));
    await first.readUntil('x');
    expect(await bring(port, join2(encodeV1(client('192.0.2.7', 2), TO), 'x'))).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({
      reason: 'per_source_limit',
      peer: { address: '192.0.2.7' },
      via,
    });
    expect(await bring(port, join2(encodeV1(client('192.0.2.8'), TO), 'x'))).toBe('x');
    first.socket.destroy();
  });

  test('is not mixed up with another, however many come at once (S58)', async () => {
    const zinetd = await start({
      it: { ...TELLER, listen, proxy_protocol: TRUST, instances: 400, per_source: 100 },
    });
    const port = zinetd.port('it');
    const ask = async (number: number): Promise<void> => {
      const address = `192.0.${number % 7}.${1 + (number % 200)}`;
      const header = (number % 2 === 0 ? encodeV1 : encodeV2)(client(address, 1000 + number), TO);
      const one = await connect(port, { from: number % 3 === 0 ? OTHER_PROXY : PROXY });
      const cut = 1 + (number % (header.length - 1));
      await new Promise<void>((done) => one.socket.write(header.subarray(0, cut), () => done()));
      one.send(join2(header.subarray(cut), `I am ${number}`));
      one.halfClose();
      const answer = await one.readAll();
      one.socket.destroy();
      expect(answer, zinetd.log.describe()).toContain(
        `TCPREMOTEIP=${address}\nTCPREMOTEPORT=${1000 + number}\n`,
      );
      expect(answer.endsWith(`--\nI am ${number}`)).toBe(true);
    };
    for (let round = 0; round < 5; round++)
      await Promise.all(Array.from({ length: 40 }, (_, index) => ask(round * 40 + index)));
    await until(() => zinetd.log.count('exited') === 200, { what: 'all of them' });
  });
});

describe('what is no header of a trusted proxy', () => {
  test('is what the client says, if it is from anybody else (S57)', async () => {
    const zinetd = await start({
      it: { ...TELLER, listen, proxy_protocol: TRUST, no_access: ['192.0.2.66'] },
    });
    for (const header of [encodeV1(client('192.0.2.7'), TO), encodeV2(client('192.0.2.66'), TO)]) {
      const answer = await bring(zinetd.port('it'), header, { from: STRANGER });
      expect(answer).toContain(`REMOTE_ADDR=${STRANGER}\n`);
      expect(answer.endsWith(`--\n${header.toString('utf8')}`)).toBe(true);
      const started = await zinetd.event('started');
      expect(started.peer?.address).toBe(STRANGER);
      expect(started['via']).toBeUndefined();
    }
  });

  test('is what the client says behind a first header (S58)', async () => {
    const zinetd = await start({ it: cat });
    const first = encodeV2(client('192.0.2.7'), TO);
    const second = encodeV1(client('192.0.2.8'), TO);
    expect(await bring(zinetd.port('it'), Buffer.concat([first, second]))).toBe(second.toString());
    expect(await zinetd.event('started')).toMatchObject({ peer: { address: '192.0.2.7' } });
  });

  test.each([
    ['GET / HTTP/1.1\r\n\r\n', 'bad_signature'],
    ['PROXY TCP4 192.0.2.7 198.51.100.1 1 2\n', 'bad_line'],
    ['PROXY TCP4 0.0.0.0 198.51.100.1 0 2\r\n', 'bad_address'],
    [`PROXY UNKNOWN ${'x'.repeat(200)}`, 'too_long'],
    [encodeRaw([0x21, 0x11], Buffer.alloc(11)), 'short_addresses'],
    [encodeRaw([0x21, 0x11], Buffer.alloc(0), 0xffff), 'too_long'],
    [encodeV2(client('192.0.2.7'), TO, [{ type: 3, value: Buffer.alloc(4) }]), 'bad_checksum'],
    ['PROXY TCP4 192.0.2', 'ECONNRESET'],
    ['', 'ECONNRESET'],
  ])('starts no handler, and the log says of which proxy it was: %j is %s (S60)', async (bytes, error) => {
    const zinetd = await start({ it: cat });
    expect(await bring(zinetd.port('it'), bytes)).toBe('');
    const failed = await zinetd.event('failed');
    expect(failed).toMatchObject({ service: 'it', reason: 'proxy_protocol', error, via: { address: PROXY } });
    expect(failed.peer).toBeUndefined();
    expect(zinetd.log.count('started')).toBe(0);
  });

  test('ends with a reset as well (S134)', async () => {
    const zinetd = await start({ it: cat });
    for (let count = 0; count < 20; count++) {
      const one = await connect(zinetd.port('it'), { from: PROXY });
      one.send(encodeV2(client('192.0.2.7'), TO).subarray(0, count));
      one.reset();
      expect(await zinetd.event('failed')).toMatchObject({ reason: 'proxy_protocol', error: 'ECONNRESET' });
    }
    expect(await bring(zinetd.port('it'), join2(LOCAL, 'x'))).toBe('x');
  });
});

describe('what comes behind the header', () => {
  test('reaches the handler, every byte once and in order, wherever it is split (S17)', async () => {
    const zinetd = await start({ it: cat });
    const port = zinetd.port('it');
    const payload = randomBytes(65_536);
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const noise = { type: 4, value: Buffer.alloc(900, 0x0a) };
    const headers = fc.constantFrom(
      encodeV1(client('192.0.2.7'), TO),
      encodeV2(client('192.0.2.7'), TO),
      encodeSummed(client('192.0.2.7'), TO, [noise]),
      Buffer.from('PROXY UNKNOWN\r\n'),
    );
    const cuts = fc.array(fc.oneof(fc.nat(120), fc.nat(65_000)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(headers, cuts, async (header, places) => {
        const one = await connect(port, { from: PROXY });
        const bytes = Buffer.concat([header, payload]);
        const at = [0, ...[...places].sort((a, b) => a - b), bytes.length];
        for (const [index, end] of at.slice(1).entries())
          await new Promise<void>((done) => one.socket.write(bytes.subarray(at[index], end), () => done()));
        one.halfClose();
        await one.ended();
        one.socket.destroy();
        expect(digest(one.received)).toBe(digest(payload));
      }),
      { numRuns: 50 },
    );
  });

  test('stays there while a header comes byte by byte (S17)', async () => {
    const zinetd = await start({ it: cat });
    const one = await connect(zinetd.port('it'), { from: PROXY });
    one.socket.setNoDelay(true);
    for (const byte of encodeV2(client('192.0.2.7'), TO)) {
      await new Promise<void>((done) => one.socket.write(Uint8Array.of(byte), () => done()));
      await new Promise(setImmediate);
    }
    one.send('hello');
    expect(await one.readUntil('hello')).toBe('hello');
    one.socket.destroy();
  });
});

describe('a proxy', () => {
  test.each([
    ['LOCAL', LOCAL],
    ['UNKNOWN', Buffer.from('PROXY UNKNOWN\r\n')],
    ['of a unix socket', encodeRaw([0x21, 0x31], Buffer.alloc(216))],
  ])('that speaks for itself is who it is: %s', async (_, header) => {
    const zinetd = await start({ it: { ...cat, only_from: [PROXY] } });
    expect(await bring(zinetd.port('it'), join2(header, 'x'))).toBe('x');
    expect(await zinetd.event('started')).toMatchObject({ peer: { address: PROXY } });
    expect(await bring(zinetd.port('it'), join2(header, 'x'), { from: OTHER_PROXY })).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ peer: { address: OTHER_PROXY } });
  });

  test('is never banned for what its clients do, nor for what they say that they are (S59)', async () => {
    const penalties = { exit_status: [{ status: 3, penalty: '1h' }], threshold: '1s' };
    const failing = { ...user, listen, server: '/bin/sh', server_args: ['-c', 'exit 3'], penalties };
    const zinetd = await start({
      it: { ...failing, proxy_protocol: TRUST },
      trap: { listen, sensor: true, proxy_protocol: TRUST },
      plain: { ...user, listen, server: '/bin/cat' },
    });
    const heads = [LOCAL, encodeV2(client(PROXY), TO), Buffer.from('PROXY UNKNOWN\r\n')];
    for (const service of ['it', 'trap'])
      for (const header of heads) expect(await bring(zinetd.port(service), header)).toBe('');
    await until(() => zinetd.log.count('exited') === heads.length, { what: 'their ends' });
    expect(await bring(zinetd.port('plain'), 'x')).toBe('x');
    expect(zinetd.log.count('banned')).toBe(0);
    await bring(zinetd.port('it'), encodeV2(client('192.0.2.7'), TO));
    expect(await zinetd.event('banned')).toMatchObject({ peer: { address: '192.0.2.7' } });
    await bring(zinetd.port('trap'), encodeV1(client('192.0.2.8'), TO));
    expect(await zinetd.event('banned')).toMatchObject({ peer: { address: '192.0.2.8' } });
    expect(await bring(zinetd.port('plain'), 'x')).toBe('x');
    await bring(zinetd.port('it'), encodeV2(client('192.0.2.8'), TO));
    expect(await zinetd.event(({ reason }) => reason === 'banned')).toMatchObject({
      via: { address: PROXY },
    });
  });

  test('that says nothing, or little by little, is closed at the deadline, and leaves room for others and itself (S79, S80)', async () => {
    const zinetd = await start({ it: { ...cat, proxy_protocol: { ...TRUST, timeout: '4s' } } });
    const port = zinetd.port('it');
    const silent = await Promise.all(Array.from({ length: 100 }, () => connect(port, { from: PROXY })));
    const startMs = performance.now();
    const header = encodeV2(client('192.0.2.7'), TO);
    const drip = setInterval(() => silent.at(-1)?.send(header.subarray(0, 1)), 300);
    silent
      .at(-1)
      ?.send(encodeV2(client('192.0.2.7'), TO, [{ type: 4, value: Buffer.alloc(500) }]).subarray(0, 40));
    expect(await bring(port, join2(header, 'x'))).toBe('x');
    expect(await bring(port, join2(header, 'x'), { from: OTHER_PROXY })).toBe('x');
    expect(performance.now() - startMs).toBeLessThan(3500);
    await Promise.all(silent.map((one) => one.ended()));
    clearInterval(drip);
    expect(performance.now() - startMs).toBeLessThan(9000);
    const ends = (error: string) =>
      zinetd.log.count((it) => it.reason === 'proxy_protocol' && it.error === error);
    await until(() => ends('EBUSY') + ends('ETIMEDOUT') === 100, { what: 'all ends' });
    // One of its own that was served may have taken a place for a moment.
    expect([36, 37]).toContain(ends('EBUSY'));
    for (const one of silent) one.socket.destroy();
  }, 30_000);

  test('that has said nothing yet is let go when zinetd stops, with a record (promise 7)', async () => {
    const zinetd = await start({ it: cat });
    const one = await connect(zinetd.port('it'), { from: PROXY });
    one.send('PROXY TCP4');
    expect(await bring(zinetd.port('it'), join2(LOCAL, 'x'))).toBe('x');
    await zinetd.stop();
    expect(await one.ended()).toMatch(/end|reset/);
    const [failed] = zinetd.log.all.filter(({ event }) => event === 'failed');
    expect(failed).toMatchObject({ service: 'it', reason: 'stopping', via: { address: PROXY } });
  });

  test('is trusted, or not any more, from a reload on', async () => {
    const it = { ...TELLER, listen, proxy_protocol: TRUST };
    const file = new ServicesFile({ it });
    const zinetd = await startZinetd({ config: file.config });
    const port = zinetd.port('it');
    const header = encodeV1(client('192.0.2.7'), TO);
    const late = await connect(port, { from: PROXY });
    late.send(header.subarray(0, 9));
    expect(await bring(port, join2(header, 'x'))).toContain('REMOTE_ADDR=192.0.2.7\n');
    file.write({ it: { ...it, proxy_protocol: { from: [STRANGER] } } });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    late.send(header.subarray(9));
    expect(await late.readAll()).toBe('');
    expect(await zinetd.event('failed')).toMatchObject({
      reason: 'proxy_protocol',
      error: 'EPERM',
      via: { address: PROXY },
    });
    expect(await bring(port, join2(header, 'x'))).toContain(`REMOTE_ADDR=${PROXY}\n`);
    expect(await bring(port, join2(header, 'x'), { from: STRANGER })).toContain('REMOTE_ADDR=192.0.2.7\n');
    file.write({ it: { ...it, proxy_protocol: false } });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    expect(await bring(port, join2(header, 'x'), { from: STRANGER })).toContain(`REMOTE_ADDR=${STRANGER}\n`);
  });
});

describe('a service behind a proxy', () => {
  /** One that has come while there was room, and says who it is afterwards. */
  async function comes(port: number, address: string): Promise<{ readonly one: Client; tell(): void }> {
    const one = await connect(port, { from: PROXY });
    const header = encodeV2(client(address), TO);
    one.send(header.subarray(0, 20));
    return { one, tell: () => one.send(join2(header.subarray(20), address)) };
  }

  test('that queues lets clients wait, whenever they say who they are', async () => {
    const zinetd = await start({
      it: { ...cat, instances: 1, policies: { instances: 'queue' }, on_stop: 'terminate' },
    });
    const port = zinetd.port('it');
    const first = await comes(port, '192.0.2.1');
    const second = await comes(port, '192.0.2.2');
    const third = await comes(port, '192.0.2.3');
    // Whoever is served now was accepted after them.
    expect(await bring(port, join2(LOCAL, 'x'))).toBe('x');
    await zinetd.event('exited');
    first.tell();
    await first.one.readUntil('192.0.2.1');
    second.tell();
    third.tell();
    // The end of one is the turn of the next.
    first.one.socket.destroy();
    await second.one.readUntil('192.0.2.2');
    expect(third.one.received).toHaveLength(0);
    expect(zinetd.log.count('refused')).toBe(0);
    await zinetd.stop();
    const failed = zinetd.log.all.filter(({ event }) => event === 'failed');
    expect(failed, zinetd.log.describe()).toMatchObject([
      { reason: 'stopping', peer: { address: '192.0.2.3' }, via: { address: PROXY } },
    ]);
  });

  test('asks no host of a client who the client is, since that has no connection with us', async () => {
    const zinetd = await start({ it: { ...cat, log_on_success: ['pid', 'host', 'exit', 'userid'] } });
    await bring(zinetd.port('it'), encodeV2(client('127.0.0.8'), TO));
    await bring(zinetd.port('it'), '', { from: STRANGER });
    expect(await zinetd.event('unidentified')).toMatchObject({ peer: { address: STRANGER } });
    expect(zinetd.log.count(({ event }) => event === 'unidentified')).toBe(1);
  });

  test('shows an operator both ends of the way', async () => {
    const path = join(scratch('control'), 'control');
    const zinetd = await startZinetd({ config: { services: { it: cat } }, args: ['--control', path] });
    const { one, tell } = await comes(zinetd.port('it'), '192.0.2.1');
    tell();
    await one.readUntil('192.0.2.1');
    const line = await controlLine(path);
    const { connections } = await line.call('connections');
    expect(connections).toMatchObject([{ service: 'it', from: '192.0.2.1:40001', via: PROXY }]);
    one.socket.destroy();
    line.socket.destroy();
    await zinetd.event('exited');
  });
});
