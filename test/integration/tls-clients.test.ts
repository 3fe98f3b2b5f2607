import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectOver } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { makePair, type Pair } from '../harness/certificates.ts';
import { connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scrape, seriesOf } from '../harness/scrape.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { askTls, connectTls, readAll } from '../harness/tls-client.ts';
import { Secured, warmUp } from './secured.ts';

const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};
const echo = { server: handler('echo') };

/** What the files hold. */
function filesOf(files: Readonly<Record<string, string>>): Readonly<Record<string, Buffer>> {
  return Object.fromEntries(Object.entries(files).map(([name, path]) => [name, readFileSync(path)]));
}

/** An authority, and clients of it. */
class People {
  readonly secured: Secured = new Secured();
  readonly authority: Pair = this.make('authority');

  make(name: string, options: { readonly sections?: string; readonly by?: Pair } = {}): Pair {
    return makePair(this.secured.directory, { name, ...options });
  }

  client(name: string, sections?: string): Pair {
    return this.make(name, { by: this.authority, ...(sections !== undefined && { sections }) });
  }

  start(
    clients: readonly string[],
    { client = 'required', ...service }: Readonly<Record<string, unknown>> = {},
  ): Promise<Zinetd> {
    return this.secured.start(
      { client, client_ca: this.authority.certificate, clients },
      { ...echo, ...service },
    );
  }

  shows(pair?: Pair): { ca: string; cert?: string; key?: string } {
    return { ca: this.secured.ca, ...(pair && { cert: pair.certificate, key: pair.key }) };
  }

  /** What is heard after something is said. */
  ask(zinetd: Zinetd, pair?: Pair, options: object = {}): Promise<string> {
    return askTls(zinetd.port('it'), 'hello', { ...this.shows(pair), ...options });
  }
}

describe('clients of a service with TLS', () => {
  test.each([
    ['subject', () => 'CN=alice,O=Test'],
    ['name', () => 'san:dns:Alice'],
    [
      'fingerprint',
      ({ certificate }: Pair) =>
        `sha256:${new X509Certificate(readFileSync(certificate)).fingerprint256.toLowerCase()}`,
    ],
  ])('are served by %s, and nobody else is, by TLS 1.2 and 1.3', async (_what, notation) => {
    const people = new People();
    const [alice, bob] = [people.client('alice'), people.client('bob')];
    const zinetd = await people.start([notation(alice)]);
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
      expect(await people.ask(zinetd, alice, { maxVersion })).toBe('hello');
      await zinetd.event('exited');
      expect(await people.ask(zinetd, bob, { maxVersion })).toBe('');
      expect(await zinetd.event('refused')).toMatchObject({
        ...{ service: 'it', reason: 'certificate', policy: 'reject', peer: { address: '127.0.0.1' } },
        check: { name: 'certificate', note: 'CN=bob,O=Test' },
      });
    }
    expect(zinetd.log.count('started')).toBe(2);
  });

  test('one that looks like another is not served', async () => {
    const people = new People();
    const san = '[san]\nDNS.1="evil, DNS:alice"\nURI.1="http://x/, DNS:alice"\n';
    const forged = people.client('forged', `[dn]\nCN=alice/O=Test\nOU="x,CN=alice,O=Test"\n${san}`);
    const zinetd = await people.start(['CN=alice,O=Test', 'CN=alice', 'san:dns:alice']);
    expect(await people.ask(zinetd, forged)).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'certificate' });
    expect(await people.ask(zinetd, people.client('alice'))).toBe('hello');
  });

  test('with the name of another, by an authority that nobody trusts, does not get so far', async () => {
    const people = new People();
    const forged = people.make('alice', { by: people.make('stranger') });
    const zinetd = await people.start(['CN=alice,O=Test'], { client: 'optional' });
    expect(await people.ask(zinetd, forged).catch(() => 'failed')).not.toBe('hello');
    expect(await zinetd.event('failed')).toMatchObject({ reason: 'tls' });
    expect(zinetd.log.count('started')).toBe(0);
  });

  test('without a certificate are none of them, with "client: optional" as well', async () => {
    const people = new People();
    const zinetd = await people.start(['CN=alice,O=Test'], { client: 'optional' });
    expect(await people.ask(zinetd)).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({
      reason: 'certificate',
      check: { note: 'none', detail: 'it shows no certificate' },
    });
    expect(await people.ask(zinetd, people.client('alice'))).toBe('hello');
  });

  test('are looked at again where they resume a session', async () => {
    const people = new People();
    const bob = people.client('bob');
    const zinetd = await people.start(['CN=alice,O=Test']);
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const first = await connectTls(zinetd.port('it'), { ...people.shows(bob), maxVersion });
      // The ticket of TLS 1.2 is part of the handshake.
      const session = maxVersion === 'TLSv1.2' ? first.getSession() : undefined;
      const ticket = once(first, 'session').then(([found]) => found as Buffer);
      expect(await readAll(first)).toBe('');
      const again = await connectTls(zinetd.port('it'), {
        ...{ ca: people.secured.ca, maxVersion },
        session: session ?? (await ticket),
      });
      expect(again.isSessionReused()).toBe(true);
      expect(await readAll(again)).toBe('');
      for (let count = 0; count < 2; count++)
        expect(await zinetd.event('refused')).toMatchObject({ check: { note: 'CN=bob,O=Test' } });
    }
    expect(zinetd.log.count('started')).toBe(0);
  });

  test('are told why, where a text is written, behind the handshake; a tarpit holds them', async () => {
    const people = new People();
    const bob = people.client('bob');
    const text = { policies: { certificate: { reject: { text: 'Not you, %a\n' } } } };
    const zinetd = await people.start(['CN=alice'], text);
    expect(await people.ask(zinetd, bob)).toBe('Not you, 127.0.0.1\n');
    const slow = { policies: { certificate: { tarpit: { bytes_per_second: 100, slots: 5, text: 'Slow' } } } };
    const pit = await people.start(['CN=alice'], slow);
    const held = await connectTls(pit.port('it'), people.shows(bob));
    const [told] = await once(held, 'data');
    expect(String(told)).toBe('Slow'.repeat(25));
    held.destroy();
    expect(await pit.event('refused')).toMatchObject({ reason: 'certificate', policy: 'tarpit' });
  });

  test('follow a reload, and so does whoever is in the handshake meanwhile', async () => {
    const people = new People();
    const [alice, bob] = [people.client('alice'), people.client('bob')];
    const tls = { ...people.secured.own, client: 'required', client_ca: people.authority.certificate };
    const services = (name: string) => ({
      it: { listen, ...user, ...echo, tls: { ...tls, clients: [`CN=${name},O=Test`] } },
    });
    const file = new ServicesFile(services('alice'));
    const zinetd = await startZinetd({ config: file.config });
    await warmUp(zinetd);
    // Has been accepted and admitted, under the rules of before, once the next one has got so far.
    const raw = await connect(zinetd.port('it'));
    expect(await people.ask(zinetd, alice)).toBe('hello');
    file.write(services('bob'));
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    const late = connectOver({ socket: raw.socket, ...filesOf(people.shows(alice)) });
    expect(await readAll(late)).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'certificate' });
    expect(await people.ask(zinetd, alice)).toBe('');
    expect(await people.ask(zinetd, bob)).toBe('hello');
  });

  test('that are refused leave nothing behind, take no place, and are counted (S2)', async () => {
    const people = new People();
    const [alice, bob] = [people.client('alice'), people.client('bob')];
    const zinetd = await people.start(['CN=alice,O=Test'], { instances: 2 });
    for (let count = 0; count < 30; count++) expect(await people.ask(zinetd, bob)).toBe('');
    await zinetd.checkBars();
    expect(await people.ask(zinetd, alice)).toBe('hello');
  });

  test('that are refused are counted by the metrics, and have a price (penalties)', async () => {
    const people = new People();
    const tls = { ...people.secured.own, client: 'required', client_ca: people.authority.certificate };
    const penalties = { refused: '1m', threshold: '90s', max: '1h' };
    const it = { listen, ...user, ...echo, tls: { ...tls, clients: ['CN=alice'] }, penalties };
    const zinetd = await startZinetd({ config: { metrics: { listen }, services: { it } } });
    const bob = people.client('bob');
    for (let count = 0; count < 2; count++) expect(await people.ask(zinetd, bob)).toBe('');
    expect(await zinetd.event('banned')).toMatchObject({ peer: { address: '127.0.0.1' } });
    await zinetd.settled();
    const series = seriesOf(await scrape(zinetd.port('@metrics')));
    expect(series.get('zinetd_refused_total{service="it",reason="certificate"}')).toBe(2);
  });
});
