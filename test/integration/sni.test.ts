import { once } from 'node:events';
import { connect as connectOver } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { makePair, type Pair } from '../harness/certificates.ts';
import { connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { startTarget } from '../harness/target.ts';
import { connectTls, readAll } from '../harness/tls-client.ts';
import { echo } from './relay-ends.ts';
import { warmUp } from './secured.ts';

type Settings = Readonly<Record<string, unknown>>;

const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};

/** Says who it is, and then what it hears. */
function named(name: string): Settings {
  return { ...user, server: '/bin/sh', server_args: ['-c', `echo ${name}; exec cat`] };
}

/** A door `it`, and what else is behind it. */
class Houses {
  readonly directory: string = scratch('sni');
  readonly authority: Pair = makePair(this.directory, { name: 'authority' });

  pair(name: string, names: readonly string[] = [name]): Pair {
    return makePair(this.directory, { name, names, by: this.authority });
  }

  door(more: Settings = {}, tls: Settings = {}): Settings {
    return { listen, ...named('door'), tls: { ...this.pair('localhost'), ...tls }, ...more };
  }

  /** Reached by a name alone, unless it listens. */
  house(name: string, more: Settings = {}, tls: Settings = {}): Settings {
    const host = `${name}.example`;
    const own = {
      listen: `sni://it/${host}`,
      ...('builtin' in more || 'redirect' in more ? {} : named(name)),
    };
    return { ...own, tls: { ...('certificate' in tls ? {} : this.pair(host)), ...tls }, ...more };
  }

  async start(services: Settings): Promise<Zinetd> {
    const zinetd = await startZinetd({ config: { services } });
    await warmUp(zinetd);
    return zinetd;
  }

  /** What is heard by who asks for a host, after a word. */
  async ask(zinetd: Zinetd, servername: string, more: object = {}): Promise<string> {
    const port = zinetd.port('it');
    const client = await connectTls(port, { ca: this.authority.certificate, servername, ...more });
    client.end('hello');
    return readAll(client);
  }

  /** The same for who shows a certificate. */
  askAs(zinetd: Zinetd, servername: string, { certificate: cert, key }: Pair): Promise<string> {
    return this.ask(zinetd, servername, { cert, key });
  }
}

/** What does not verify names of hosts. */
const anyName = { checkServerIdentity: () => undefined };

describe('a service that is chosen by SNI', () => {
  test('has its own program, certificate and records; whoever names no such host has the service as written', async () => {
    const houses = new Houses();
    const target = await startTarget(echo);
    const zinetd = await houses.start({
      it: houses.door(),
      a: houses.house('a'),
      b: houses.house(
        'b',
        { listen: ['sni://it/B.example', 'sni://it/*.b.example'] },
        {
          ...houses.pair('b.example', ['b.example', '*.b.example']),
        },
      ),
      near: houses.house('near', { builtin: 'echo' }),
      far: houses.house('far', { redirect: target.url }),
    });
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
      expect(await houses.ask(zinetd, 'a.example', { maxVersion })).toBe('a\nhello');
      expect(await houses.ask(zinetd, 'A.EXAMPLE', { maxVersion })).toBe('a\nhello');
      expect(await houses.ask(zinetd, 'b.example', { maxVersion })).toBe('b\nhello');
      expect(await houses.ask(zinetd, 'x.b.example', { maxVersion })).toBe('b\nhello');
      expect(await houses.ask(zinetd, 'near.example', { maxVersion })).toBe('hello');
      expect(await houses.ask(zinetd, 'far.example', { maxVersion })).toBe('hello');
      expect(await houses.ask(zinetd, 'localhost', { maxVersion })).toBe('door\nhello');
    }
    const others = { ...anyName, maxVersion: 'TLSv1.3' };
    for (const host of ['y.x.b.example', 'c.example', 'a.example.', 'aexample', ''])
      expect(await houses.ask(zinetd, host, others), host).toBe('door\nhello');
    const names = zinetd.log.all.filter(({ event }) => event === 'started').map(({ service }) => service);
    expect([...new Set(names)].sort()).toEqual(['a', 'b', 'far', 'it', 'near']);
  });

  test('may have a listener of its own as well', async () => {
    const houses = new Houses();
    const zinetd = await houses.start({
      it: houses.door(),
      a: houses.house('a', { listen: [listen, 'sni://it/a.example'] }),
    });
    const options = { ca: houses.authority.certificate, servername: 'a.example' };
    for (const service of ['it', 'a']) {
      const client = await connectTls(zinetd.port(service), options);
      client.end();
      expect(await readAll(client)).toBe('a\n');
    }
  });

  test('has its own lists, limits and times, and the door has its own ahead of them (S52)', async () => {
    const houses = new Houses();
    const zinetd = await houses.start({
      it: houses.door({ no_access: ['127.0.0.9'] }),
      closed: houses.house('closed', { no_access: ['127.0.0.1'] }),
      small: houses.house('small', { instances: 1, per_source: 1 }),
      quick: houses.house('quick', { idle_timeout: '200ms' }),
    });
    expect(await houses.ask(zinetd, 'closed.example')).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ service: 'closed', reason: 'address' });
    expect(await houses.ask(zinetd, 'closed.example', { from: '127.0.0.2' })).toBe('closed\nhello');
    await expect(houses.ask(zinetd, 'closed.example', { from: '127.0.0.9' })).rejects.toThrow();
    expect(await zinetd.event('refused')).toMatchObject({ service: 'it', reason: 'address' });
    const ca = houses.authority.certificate;
    const first = await connectTls(zinetd.port('it'), { ca, servername: 'small.example' });
    await once(first, 'data');
    expect(await houses.ask(zinetd, 'small.example')).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ service: 'small' });
    expect(await houses.ask(zinetd, 'localhost')).toBe('door\nhello');
    first.end();
    const idle = await connectTls(zinetd.port('it'), { ca, servername: 'quick.example' });
    expect(await readAll(idle)).toBe('quick\n');
  });

  test('knows where its client came to, and what it asked for', async () => {
    const houses = new Houses();
    const told = {
      peer_env: ['ucspi', 'tls'],
      server_args: ['-c', 'echo $TCPLOCALIP $SSL_TLS_SNI_SERVERNAME'],
    };
    const zinetd = await houses.start({
      it: houses.door({ listen: 'tcp4://0.0.0.0:0' }),
      a: houses.house('a', told),
    });
    expect(await houses.ask(zinetd, 'a.example')).toBe('127.0.0.1 a.example\n');
  });

  test('gives the place at the door back once it is chosen', async () => {
    const houses = new Houses();
    const zinetd = await houses.start({
      it: houses.door({ instances: 1, per_source: 1 }),
      a: houses.house('a'),
    });
    const ca = houses.authority.certificate;
    const clients = [];
    for (let count = 0; count < 3; count++) {
      const client = await connectTls(zinetd.port('it'), { ca, servername: 'a.example' });
      await once(client, 'data');
      clients.push(client);
    }
    for (const client of clients) client.end();
    expect(await houses.ask(zinetd, 'localhost')).toBe('door\nhello');
  });
});

describe('certificates of clients and SNI', () => {
  const of = (houses: Houses, client: string) => ({ client, client_ca: houses.authority.certificate });

  test('a service has only those that it takes, whatever others of that door take', async () => {
    const houses = new Houses();
    const [alice, bob] = [houses.pair('alice'), houses.pair('bob')];
    const optional = of(houses, 'optional');
    const zinetd = await houses.start({
      it: houses.door({}, optional),
      open: houses.house('open'),
      vault: houses.house('vault', {}, { ...optional, clients: ['CN=alice,O=Test'] }),
    });
    for (const host of ['localhost', 'open.example'])
      expect(await houses.ask(zinetd, host)).toMatch(/hello$/);
    expect(await houses.ask(zinetd, 'vault.example')).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ service: 'vault', reason: 'certificate' });
    expect(await houses.askAs(zinetd, 'vault.example', bob)).toBe('');
    expect(await houses.askAs(zinetd, 'open.example', bob)).toBe('open\nhello');
    expect(await houses.askAs(zinetd, 'vault.example', alice)).toBe('vault\nhello');
  });

  test('a session that is resumed, for the same host or another, is under the rules of whom it comes to', async () => {
    const houses = new Houses();
    const bob = houses.pair('bob');
    const optional = of(houses, 'optional');
    const zinetd = await houses.start({
      it: houses.door({}, optional),
      open: houses.house('open', { peer_env: ['tls'], server_args: ['-c', 'echo $SSL_PEER_CERT_SUBJECT'] }),
      vault: houses.house('vault', {}, { ...optional, clients: ['CN=alice,O=Test'] }),
    });
    const ca = houses.authority.certificate;
    const port = zinetd.port('it');
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const shown = { cert: bob.certificate, key: bob.key };
      const first = await connectTls(port, { ca, servername: 'open.example', maxVersion, ...shown });
      const early = maxVersion === 'TLSv1.2' ? first.getSession() : undefined;
      const ticket = once(first, 'session').then(([found]) => found as Buffer);
      expect(await readAll(first)).toBe('CN=bob,O=Test\n');
      const session = early ?? (await ticket);
      const again = async (servername: string): Promise<string> => {
        const client = await connectTls(port, { ca, servername, maxVersion, session, ...anyName });
        expect(client.isSessionReused(), `${maxVersion} for ${servername}`).toBe(true);
        client.end();
        return readAll(client);
      };
      expect(await again('open.example'), maxVersion).toBe('CN=bob,O=Test\n');
      expect(await again('vault.example'), maxVersion).not.toContain('vault');
    }
    expect(zinetd.log.all.some(({ event, service }) => event === 'started' && service === 'vault')).toBe(
      false,
    );
  });
});

describe('a reload', () => {
  test('changes names and certificates, and takes nobody away', async () => {
    const houses = new Houses();
    const it = houses.door();
    const [a, b] = [houses.house('a'), houses.house('b')];
    const file = new ServicesFile({ it, a });
    const zinetd = await startZinetd({ config: file.config });
    await warmUp(zinetd);
    const ca = houses.authority.certificate;
    const held = await connectTls(zinetd.port('it'), { ca, servername: 'a.example' });
    const reload = async (services: Readonly<Record<string, Settings>>): Promise<void> => {
      file.write(services);
      zinetd.signal('SIGHUP');
      await zinetd.event('reloaded');
    };
    await reload({
      it,
      a: { ...a, listen: 'sni://it/c.example' },
      b: { ...b, listen: 'sni://it/a.example' },
    });
    expect(await houses.ask(zinetd, 'a.example', anyName)).toBe('b\nhello');
    expect(await houses.ask(zinetd, 'c.example', anyName)).toBe('a\nhello');
    await reload({ it, b });
    expect(await houses.ask(zinetd, 'a.example', anyName)).toBe('door\nhello');
    expect(await houses.ask(zinetd, 'b.example')).toBe('b\nhello');
    held.end('still here');
    expect(await readAll(held)).toBe('a\nstill here');
  });

  test('that asks for more lets in nobody whose handshake asked for less', async () => {
    const houses = new Houses();
    const file = new ServicesFile({ it: houses.door(), a: houses.house('a') });
    const zinetd = await startZinetd({ config: file.config });
    await warmUp(zinetd);
    const ca = houses.authority.certificate;
    // Accepted and admitted before the one that comes after them is served.
    const early = [await connect(zinetd.port('it')), await connect(zinetd.port('it'))];
    expect(await houses.ask(zinetd, 'a.example')).toBe('a\nhello');
    const tls = { client: 'required', client_ca: ca };
    file.write({ it: houses.door({}, tls), a: houses.house('a', {}, tls) });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    for (const [index, servername] of ['a.example', 'localhost'].entries()) {
      const late = connectOver({ socket: early[index]?.socket, servername, rejectUnauthorized: false });
      late.on('error', () => {});
      expect(await readAll(late).catch(() => '')).toBe('');
      expect(await zinetd.event('failed')).toMatchObject({ reason: 'tls', error: 'reloaded' });
    }
    expect(zinetd.log.count('started')).toBe(1);
    expect(await houses.askAs(zinetd, 'a.example', houses.pair('bob'))).toBe('a\nhello');
  });
});

test('a built-in handler of a door is no obstacle to those behind it', async () => {
  const houses = new Houses();
  const {
    server: _server,
    server_args: _args,
    user: _user,
    ...door
  } = houses.door() as Record<string, unknown>;
  const zinetd = await houses.start({
    it: { ...door, builtin: 'echo' },
    a: houses.house('a', { server: handler('echo'), server_args: [] }),
  });
  expect(await houses.ask(zinetd, 'a.example')).toBe('hello');
  expect(await houses.ask(zinetd, 'localhost')).toBe('hello');
});
