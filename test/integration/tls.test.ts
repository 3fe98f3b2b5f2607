import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { connect as connectOver } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makePair, type Pair, secretLinesOf } from '../harness/certificates.ts';
import { ask, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { descriptorCountOf } from '../harness/processes.ts';
import { runProgram } from '../harness/run-program.ts';
import { startTarget } from '../harness/target.ts';
import { askTls, connectTls, readAll } from '../harness/tls-client.ts';
import { until } from '../harness/until.ts';
import { openDescriptors } from './open-descriptors.ts';
import { echo, hear, say } from './relay-ends.ts';
import { Secured } from './secured.ts';

/** Of each odd hello; a thousand are ten thousand. */
const ROUNDS = Number(process.env['ZINETD_TEST_HELLOS'] ?? 5);

const PYTHON = '/usr/bin/python3';

/** Says nothing, waits for the gate to open, and fails unless it hears as much as it was promised. */
const LATE_READER = `
import socket, sys
client = socket.socket(fileno=0)
client.shutdown(socket.SHUT_WR)
open(sys.argv[1], 'rb', buffering=0).read(1)
heard = client.makefile('rb').read()
sys.exit(len(heard) != int(heard.split()[0]))
`;

function shell(script: string): Readonly<Record<string, unknown>> {
  return { server: '/bin/sh', server_args: ['-c', script] };
}

describe('a service with TLS', () => {
  test('gives its handler a socket that carries what the client says and hears, in clear', async () => {
    const secured = new Secured();
    const zinetd = await secured.start();
    expect(await askTls(zinetd.port('it'), 'hello', { ca: secured.ca })).toBe('hello');
    expect(await zinetd.event('started')).toMatchObject({ service: 'it', peer: { address: '127.0.0.1' } });
    expect(await zinetd.event('exited')).toMatchObject({ status: 0 });
  });

  test('is a server to openssl and curl, by TLS 1.2 and 1.3', async () => {
    const secured = new Secured();
    const answer = 'printf "HTTP/1.0 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nyes"';
    const zinetd = await secured.start({}, shell(answer));
    for (const version of ['1.2', '1.3']) {
      const said = await secured.client(zinetd, `-tls${version.replace('.', '_')}`, '-ign_eof');
      expect(said).toMatch(new RegExp(`Protocol *: TLSv${version}|New, TLSv${version}`));
      expect(said).toContain('Verify return code: 0 (ok)');
      const url = [
        '--resolve',
        `localhost:${zinetd.port('it')}:127.0.0.1`,
        `https://localhost:${zinetd.port('it')}/`,
      ];
      const got = await runProgram(['curl', '-s', '--cacert', secured.ca, '--tls-max', version, ...url]);
      expect(got.stdout).toBe('yes');
    }
  });

  test('may be built in or relayed', async () => {
    const secured = new Secured();
    const target = await startTarget(echo);
    const relayed = await secured.start({}, { redirect: target.url });
    expect(await askTls(relayed.port('it'), 'far', { ca: secured.ca })).toBe('far');
    expect(await relayed.event('exited')).toMatchObject({ end: 'done', in_bytes: 3, out_bytes: 3 });
    const builtin = await secured.start({}, { builtin: 'echo' });
    expect(await askTls(builtin.port('it'), 'near', { ca: secured.ca })).toBe('near');
  });

  test('tells a banner behind the handshake, ahead of its handler', async () => {
    const secured = new Secured();
    const banner = join(secured.directory, 'banner');
    writeFileSync(banner, 'Welcome\n');
    const zinetd = await secured.start({}, { server: handler('echo'), banner_success: banner });
    expect(await askTls(zinetd.port('it'), 'hello', { ca: secured.ca })).toBe('Welcome\nhello');
  });

  test('ends a session in which nothing is said for too long', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({}, { server: handler('echo'), idle_timeout: '300ms' });
    const client = await connectTls(zinetd.port('it'), { ca: secured.ca });
    client.resume();
    await once(client, 'end');
    expect(await zinetd.event('exited')).toMatchObject({ service: 'it' });
  });

  test('passes the end of each side on, and the other side goes on', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({}, shell('cat >/dev/null; printf late'));
    expect(await askTls(zinetd.port('it'), 'early', { ca: secured.ca })).toBe('late');
    const target = await startTarget();
    const relayed = await secured.start({}, { redirect: target.url });
    const [client, far] = await Promise.all([
      connectTls(relayed.port('it'), { ca: secured.ca }),
      target.next(),
    ]);
    far.end('first');
    expect(await readAll(client)).toBe('first');
    client.end('second');
    const heard: Buffer[] = [];
    for await (const piece of far.iterator({ destroyOnReturn: false })) heard.push(piece);
    expect(Buffer.concat(heard).toString()).toBe('second');
  });

  test('carries 10 MB both ways at once, unchanged, with slow readers', async () => {
    const secured = new Secured();
    const target = await startTarget();
    const zinetd = await secured.start({}, { redirect: target.url });
    const [client, far] = await Promise.all([
      connectTls(zinetd.port('it'), { ca: secured.ca }),
      target.next(),
    ]);
    const bytes = 10 * 1024 * 1024;
    const [said, answered, heard, received] = await Promise.all([
      ...[say(client, bytes), say(far, bytes)],
      ...[hear(far, 1024 * 1024), hear(client, 1024 * 1024)],
    ]);
    expect([heard, received]).toEqual([said, answered]);
    expect(await zinetd.event('exited')).toMatchObject({ end: 'done' });
  });

  test('keeps what a client said before it went, wherever it waits, for a handler that reads late', async () => {
    const secured = new Secured();
    const gate = join(secured.directory, 'gate');
    execFileSync('mkfifo', ['-m', '666', gate]);
    const opener = openSync(gate, 'r+');
    onTestFinished(() => closeSync(opener));
    const zinetd = await secured.start({}, { server: PYTHON, server_args: ['-c', LATE_READER, gate] });
    const sizes = Array.from({ length: 16 }, (_, nth) => 160_000 + nth * 8192);
    const clients = sizes.map(async (size) => {
      const client = await connectTls(zinetd.port('it'), { ca: secured.ca });
      await readAll(client);
      client.end(String(size).padEnd(size));
      await once(client, 'close');
    });
    const ends = Promise.all(sizes.map(() => zinetd.event('exited')));
    // What has come is read in the turns that these take.
    for (let turn = 0; turn < 16; turn++) await ask(zinetd.port('it'), 'no TLS');
    writeSync(opener, 'x'.repeat(sizes.length));
    await Promise.all(clients);
    expect((await ends).map(({ status }) => status)).toEqual(sizes.map(() => 0));
  });

  test('ends the session when the handler ends, and a client that stays is not held for ever', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({}, shell('printf bye'));
    const client = await connectTls(zinetd.port('it'), { ca: secured.ca });
    expect(await readAll(client)).toBe('bye');
    await zinetd.checkBars();
    expect(client.destroyed).toBe(false);
  });

  test('refuses ahead of the handshake, and tells nothing in clear', async () => {
    const secured = new Secured();
    const policies = { access: { reject: { text: 'Go away' } } };
    const zinetd = await secured.start({}, { server: handler('echo'), no_access: ['127.0.0.1'], policies });
    expect(await ask(zinetd.port('it'), 'hello')).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'address' });
  });
});

describe('the version and the ciphers', () => {
  test('have a floor', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({ min_version: '1.3' });
    expect(await secured.client(zinetd, '-tls1_2')).toContain('alert protocol version');
    expect(await zinetd.event('failed')).toMatchObject({ reason: 'tls', error: 'unsupported_protocol' });
    expect(await secured.client(zinetd, '-tls1_3')).toContain('New, TLSv1.3');
    const other = await secured.start();
    expect(await secured.client(other, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')).toContain(
      'alert protocol version',
    );
    expect(
      await secured.client(other, '-tls1_2', '-cipher', 'AES256-SHA256:ECDHE-ECDSA-AES128-SHA256'),
    ).toContain('handshake failure');
  });

  test('that are written are those that there are', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({ ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305' });
    expect(await secured.client(zinetd, '-tls1_2')).toContain('ECDHE-ECDSA-CHACHA20-POLY1305');
    expect(await secured.client(zinetd, '-tls1_3')).toContain('TLS_AES_256_GCM_SHA384');
  });

  test('the application protocol is one of ours, or none', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({ alpn: ['smtp', 'http/1.1'] });
    expect(await secured.client(zinetd, '-alpn', 'h2,http/1.1')).toContain('ALPN protocol: http/1.1');
    expect(await secured.client(zinetd)).toContain('No ALPN negotiated');
    expect(await secured.client(zinetd, '-alpn', 'h2')).toContain('no application protocol');
  });

  test('a session is not negotiated again (S142)', async () => {
    const secured = new Secured();
    const zinetd = await secured.start();
    const client = await connectTls(zinetd.port('it'), { ca: secured.ca, maxVersion: 'TLSv1.2' });
    const failed = new Promise((resolve) => client.renegotiate({}, resolve));
    const closed = once(client, 'error').then(([error]) => error);
    expect(String(await Promise.race([failed, closed]))).toMatch(/renegotiation|reset|hang up/i);
    expect(await askTls(zinetd.port('it'), 'still', { ca: secured.ca })).toBe('still');
  });
});

describe('certificates', () => {
  test('are chosen by the host that a client asks for: itself, any below a domain, or the first', async () => {
    const secured = new Secured();
    const a = makePair(secured.directory, { name: 'a.example' });
    const b = makePair(secured.directory, { name: 'b.example', names: ['*.b.example'] });
    const zinetd = await secured.start({ names: { 'A.example': a, '*.b.example': b } });
    const subjects = { 'a.example': 'a.example', 'A.EXAMPLE': 'a.example', 'x.b.example': 'b.example' };
    const others = { 'b.example': 'localhost', 'y.x.b.example': 'localhost', other: 'localhost' };
    for (const [host, subject] of Object.entries({ ...subjects, ...others })) {
      const said = await secured.client(zinetd, '-servername', host);
      expect(said, host).toContain(`subject=O = Test, CN = ${subject}`);
    }
    expect(await secured.client(zinetd, '-noservername')).toContain('CN = localhost');
  });

  test('their keys are nowhere in what a handler has, and no path that its user can read (S40)', async () => {
    const secured = new Secured();
    const look = 'cat /proc/self/environ /proc/self/maps /proc/$$/maps; ls -l /proc/$$/fd; cat "$0" 2>&1';
    const zinetd = await secured.start({}, { server: '/bin/sh', server_args: ['-c', look, secured.own.key] });
    const seen = await askTls(zinetd.port('it'), '', { ca: secured.ca });
    expect(seen).toContain('/bin/dash');
    expect(seen).not.toContain('memfd');
    expect([...seen.matchAll(/ (\d+) -> socket:/g)].map(([, fd]) => fd)).toEqual(['0', '1', '2']);
    for (const secret of isRoot ? secretLinesOf(secured.own) : []) expect(seen).not.toContain(secret);
    if (isRoot) expect(seen).toContain('Permission denied');
  });
});

describe('certificates of clients', () => {
  /** An authority with a client of its own, and another of somebody else. */
  function people(secured: Secured): { authority: Pair; client: Pair; stranger: Pair } {
    const authority = makePair(secured.directory, { name: 'authority' });
    const client = makePair(secured.directory, { name: 'client', by: authority });
    return { authority, client, stranger: makePair(secured.directory, { name: 'stranger' }) };
  }

  /** By TLS 1.3 a client hears of a refusal only when it reads. */
  async function outcome(port: number, secured: Secured, pair?: Pair): Promise<string> {
    const shown = pair ? { cert: pair.certificate, key: pair.key } : {};
    return askTls(port, 'hello', { ca: secured.ca, ...shown }).catch(
      ({ code }: NodeJS.ErrnoException) => code ?? '',
    );
  }

  test('that are required: who shows none, or one of somebody else, is not served', async () => {
    const secured = new Secured();
    const { authority, client, stranger } = people(secured);
    const zinetd = await secured.start({ client: 'required', client_ca: authority.certificate });
    expect(await outcome(zinetd.port('it'), secured, client)).toBe('hello');
    expect(await outcome(zinetd.port('it'), secured)).not.toBe('hello');
    expect(await zinetd.event('failed')).toMatchObject({ error: 'peer_did_not_return_a_certificate' });
    expect(await outcome(zinetd.port('it'), secured, stranger)).not.toBe('hello');
    expect(await zinetd.event('failed')).toMatchObject({
      reason: 'tls',
      error: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  test('are told to the handler, with what else the handshake has brought', async () => {
    const secured = new Secured();
    const { authority, client } = people(secured);
    const tls = { client: 'optional', client_ca: authority.certificate };
    const zinetd = await secured.start(tls, { server: '/usr/bin/env', peer_env: ['tls'] });
    const shown = { ca: secured.ca, cert: client.certificate, key: client.key };
    const told = await askTls(zinetd.port('it'), '', { ...shown, servername: 'localhost' });
    const { stdout } = await runProgram([
      'openssl',
      'x509',
      '-noout',
      '-fingerprint',
      '-sha256',
      '-in',
      client.certificate,
    ]);
    const hash = stdout.trim().replace(/^.*=/, '').replaceAll(':', '').toLowerCase();
    expect(told.trim().split('\n').sort()).toEqual([
      'SSL_CIPHER=TLS_AES_256_GCM_SHA384',
      `SSL_PEER_CERT_HASH=SHA256:${hash}`,
      'SSL_PEER_CERT_SUBJECT=CN=client,O=Test',
      'SSL_PROTOCOL=TLSv1.3',
      'SSL_TLS_SNI_SERVERNAME=localhost',
    ]);
    expect(await askTls(zinetd.port('it'), '', { ca: secured.ca })).not.toContain('PEER_CERT');
  });

  test('that are optional: who shows none is served, who shows that of somebody else is not', async () => {
    const secured = new Secured();
    const { authority, client, stranger } = people(secured);
    const zinetd = await secured.start({ client: 'optional', client_ca: authority.certificate });
    expect(await outcome(zinetd.port('it'), secured, client)).toBe('hello');
    expect(await outcome(zinetd.port('it'), secured)).toBe('hello');
    expect(await outcome(zinetd.port('it'), secured, stranger)).not.toBe('hello');
    expect(await zinetd.event('failed')).toMatchObject({ error: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });
});

/** The first bytes of somebody who speaks TLS. */
function clientHello(options: { readonly alpn?: readonly string[] } = {}): Buffer {
  const said: Buffer[] = [];
  const wire = new Duplex({
    read() {},
    write(bytes: Buffer, _encoding, done) {
      said.push(bytes);
      done();
    },
  });
  connectOver({ socket: wire, servername: 'localhost', ALPNProtocols: [...(options.alpn ?? [])] })
    .on('error', () => {})
    .destroy();
  return Buffer.concat(said);
}

describe('a handshake', () => {
  test('that does not come to its end in time ends, however slowly its bytes come (S79, S80, S142)', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({ handshake_timeout: '300ms' });
    const silent = await connect(zinetd.port('it'));
    const slow = await connect(zinetd.port('it'));
    const hello = Buffer.from([22, 3, 1, 0x3f, 0xff, 1, 0, 0x3f, 0xfb]);
    slow.socket.on('error', () => {}).write(hello);
    const timer = setInterval(() => slow.socket.write(hello.subarray(0, 1)), 20);
    onTestFinished(() => clearInterval(timer));
    await Promise.all([silent.ended(), slow.ended()]);
    for (let count = 0; count < 2; count++)
      expect(await zinetd.event('failed')).toMatchObject({
        reason: 'tls',
        step: 'tls',
        error: 'handshake_timeout',
      });
    expect(await askTls(zinetd.port('it'), 'on time', { ca: secured.ca })).toBe('on time');
  });

  test('of a client that says no more does not keep its place until the deadline (S79)', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({ handshake_timeout: '1h', handshakes: 2 });
    const socket = connectTcp({ port: zinetd.port('it'), host: '127.0.0.1', allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    const closed = once(socket.on('error', () => {}).resume(), 'end');
    socket.end(clientHello().subarray(0, 100));
    expect(await zinetd.event('failed')).toMatchObject({ reason: 'tls', error: 'ECONNRESET' });
    await closed;
    socket.destroy();
    expect(await askTls(zinetd.port('it'), 'next', { ca: secured.ca })).toBe('next');
  });

  test('has one of a number of places; one source has half of them at the most (S79)', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({ handshakes: 4 }, { server: handler('echo'), instances: 100 });
    const port = zinetd.port('it');
    const silent = await Promise.all([1, 2].map(() => connect(port)));
    expect(await ask(port)).toBe('');
    expect(await zinetd.event('failed')).toMatchObject({ reason: 'tls', error: 'busy' });
    expect(await askTls(port, 'other', { ca: secured.ca, from: '127.0.0.2' })).toBe('other');
    for (const client of silent) client.reset();
    await zinetd.event('failed');
    await zinetd.event('failed');
    expect(await askTls(port, 'again', { ca: secured.ca })).toBe('again');
  });

  test('of whatever bytes is a failure with a reason, and no crash (S142)', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({}, { server: handler('echo'), instances: 200, per_source: 200 });
    const dispatcher = zinetd.dispatcherPid;
    const garbage = [
      Buffer.from('GET / HTTP/1.0\r\n\r\n'),
      Buffer.alloc(100),
      Buffer.from([22, 3, 1, 0xff, 0xff, ...randomBytes(70_000)]),
      Buffer.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 0]),
      Buffer.from([0x80, 0x2e, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10]),
      ...Array.from({ length: 20 }, () => randomBytes(500)),
    ];
    for (const bytes of garbage) {
      const client = await connect(zinetd.port('it'));
      client.socket.on('error', () => {}).end(bytes);
      await client.ended();
    }
    const failures = zinetd.log.all.filter(({ event }) => event === 'failed');
    expect(failures.length).toBeGreaterThan(0);
    for (const { error } of failures) expect(error).toMatch(/^[A-Za-z0-9_]+$/);
    expect(await askTls(zinetd.port('it'), 'alive', { ca: secured.ca })).toBe('alive');
    expect(zinetd.dispatcherPid).toBe(dispatcher);
  });

  test('that comes to nothing is let go of, though the client stays (S8)', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({ alpn: ['echo'] }, { server: handler('echo') });
    const isWatching = () =>
      openDescriptors(zinetd.dispatcherPid ?? 0).some(({ target }) => target === 'anon_inode:inotify');
    await until(isWatching, { what: 'the files of the certificate are watched' });
    const before = descriptorCountOf(zinetd.dispatcherPid ?? 0);
    for (let round = 0; round < 3; round++) {
      const client = await connect(zinetd.port('it'));
      client.socket.on('error', () => {}).write(clientHello({ alpn: ['none'] }));
      await client.ended();
      expect(await zinetd.event('failed')).toMatchObject({ service: 'it' });
    }
    // No client has closed its side.
    const isBack = () => descriptorCountOf(zinetd.dispatcherPid ?? 0) === before;
    await until(isBack, { what: 'their descriptors are closed' });
  });

  test('with a name or a protocol that is none is answered or failed, and costs no descriptor (S8)', async () => {
    const secured = new Secured();
    const other = makePair(secured.directory, { name: 'other.example' });
    const tls = { names: { 'other.example': other }, alpn: ['echo'] };
    const zinetd = await secured.start(tls, { server: handler('echo'), instances: 300, per_source: 300 });
    const dispatcher = zinetd.dispatcherPid;
    const hello = clientHello({ alpn: ['echo', 'unknown'] });
    const put = (text: string, bytes: Buffer): Buffer => {
      const changed = Buffer.from(hello);
      const at = hello.indexOf(text);
      expect(at).toBeGreaterThan(0);
      bytes.copy(changed, at);
      return changed;
    };
    const texts = [
      '\0'.repeat(9),
      'local\0ost',
      '\xff\xfe\x80localh',
      '*.localho',
      '..host...',
      '[::1]:443',
      'a'.repeat(9),
    ];
    const hellos = [
      ...texts.map((text) => put('localhost', Buffer.from(text, 'latin1'))),
      ...['\0\0\0\0', '\xff\xff\xff\xff', '\x04\x04\x04\x04'].map((text) =>
        put('echo', Buffer.from(text, 'latin1')),
      ),
      // The length of a name in the list, and so of all behind it.
      ...[0, 1, 255].map((length) => put('\x04echo', Buffer.from([length]))),
    ];
    for (let round = 0; round < ROUNDS; round++)
      for (const bytes of hellos) {
        const socket = connectTcp(zinetd.port('it'), '127.0.0.1').on('error', () => {});
        const closed = once(socket, 'close');
        socket.write(bytes);
        await Promise.race([once(socket, 'data').catch(() => {}), closed]);
        socket.resetAndDestroy();
        await closed;
      }
    expect(await askTls(zinetd.port('it'), 'alive', { ca: secured.ca })).toBe('alive');
    expect(zinetd.dispatcherPid).toBe(dispatcher);
  });

  test('that ends after any byte of it leaves nothing behind (S142)', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({}, { server: handler('echo'), instances: 300, per_source: 300 });
    const hello = clientHello();
    expect(hello.length).toBeGreaterThan(200);
    const closed: Promise<unknown>[] = [];
    for (let length = 0; length <= hello.length; length += 3) {
      const socket: Socket = connectTcp(zinetd.port('it'), '127.0.0.1').on('error', () => {});
      closed.push(once(socket, 'close').catch(() => {}));
      socket.resume().end(hello.subarray(0, length));
    }
    await Promise.all(closed);
    expect(await askTls(zinetd.port('it'), 'alive', { ca: secured.ca })).toBe('alive');
  });
});
