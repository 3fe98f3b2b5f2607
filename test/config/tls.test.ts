import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { printResolution } from '../../src/config/print.ts';
import { makePair, type Pair } from '../harness/certificates.ts';
import { scratch } from '../harness/scratch.ts';
import { fakeHost } from './fake-host.ts';
import { loadService, loadText, oneService } from './load-text.ts';

const host = fakeHost({ ownerUid: process.getuid?.() ?? 0, findUserById: () => undefined });

let directory: string;
let own: Pair;
let other: Pair;

beforeAll(() => {
  directory = scratch('tls');
  own = makePair(directory, { name: 'own.example' });
  other = makePair(directory, { name: 'other.example' });
});

/** What is said of a service with such a `tls`, and such attributes besides. */
function said(
  tls: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): readonly string[] {
  const { diagnostics } = loadText(oneService({ tls: { ...own, ...tls }, ...more }), host);
  return diagnostics.map(({ code, message }) => `${code}: ${message.replaceAll(directory, 'D')}`);
}

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

describe('tls', () => {
  test('is what is in its files, with defaults for all else; its files are watched', () => {
    const { config } = loadText(oneService({ tls: own }), host);
    const [service] = config?.services ?? [];
    expect(service?.tls).toMatchObject({
      ...{ named: [], client: 'none', clientCa: undefined, minVersion: '1.2', alpn: [] },
      ...{ handshakeMs: 5000, handshakes: 256 },
    });
    expect(service?.tls?.first.key).toContain('PRIVATE KEY');
    expect(service?.programs.map(({ isRelayed }) => isRelayed)).toEqual([true]);
    expect(config?.watched.map(({ path }) => path).sort()).toEqual([own.certificate, own.key].sort());
    expect(loadService({}, host)).toMatchObject({ tls: undefined, programs: [{ isRelayed: false }] });
  });

  test('may have the key in the file of the certificate, and names without regard to case', () => {
    const both = file('both.pem', '');
    copyFileSync(own.key, both);
    writeFileSync(both, `${readFileSync(own.certificate, 'latin1')}${readFileSync(own.key, 'latin1')}`);
    const names = { 'Other.Example': { certificate: other.certificate, key: other.key } };
    const { tls } = loadService({ tls: { certificate: both, names, min_version: '1.3' } }, host);
    expect(tls).toMatchObject({ named: [{ name: 'other.example' }], minVersion: '1.3' });
  });

  test('is printed as it was written, without what is in the files', () => {
    const { resolved } = loadText(oneService({ tls: { ...own, alpn: ['smtp'] } }), host);
    const printed = resolved ? printResolution(resolved) : '';
    expect(printed).toContain(own.key);
    expect(printed).not.toContain('PRIVATE');
  });

  test('says what is wrong with certificates and keys, each at its place', () => {
    const none = file('none.pem', 'nothing\n');
    expect(said({ certificate: none })).toEqual([
      'config/tls-certificate: Cannot find a certificate in "D/none.pem": it has none as PEM',
    ]);
    expect(said({ key: none })).toEqual([
      'config/tls-certificate: Cannot find a key in "D/none.pem": it has none as PEM without a passphrase',
    ]);
    expect(said({ key: other.key })).toEqual([
      'config/tls-certificate: Cannot use the key in "D/other.example.key": it is not that of "D/own.example.pem"',
    ]);
    expect(said({ key: join(directory, 'missing') })[0]).toMatch(/^config\/unreadable: /);
    const text = oneService({ tls: { ...own, key: other.key } });
    const [wrong] = loadText(text, host).diagnostics;
    expect(text.slice((wrong?.span.range?.column ?? 0) - 1)).toMatch(new RegExp(`^"${other.key}"`));
  });

  test('refuses a key that others can read (S40)', () => {
    const exposed = join(directory, 'exposed.key');
    copyFileSync(own.key, exposed);
    chmodSync(exposed, 0o644);
    expect(said({ key: exposed })).toEqual([
      'config/tls-key-exposed: Cannot use the key in "D/exposed.key": others than its owner and group have access',
    ]);
    chmodSync(exposed, 0o640);
    expect(said({ key: exposed })).toEqual([]);
  });

  test('warns of what clients will not take, and serves', () => {
    const soon = makePair(directory, { name: 'soon', days: 3 });
    const names = { 'a.example': other, '*.own.example': own };
    expect(said({ ...soon })).toEqual([expect.stringMatching(/^config\/tls-expiry: .*: it expires on /)]);
    expect(said({ names })).toEqual([
      'config/tls-name: Found a certificate in "D/other.example.pem" that clients will not take: it is not for "a.example"',
      'config/tls-name: Found a certificate in "D/own.example.pem" that clients will not take: it is not for "*.own.example"',
    ]);
    expect(loadService({ tls: soon }, host).tls).toBeDefined();
  });

  test('asks OpenSSL whether it can work with that', () => {
    expect(said({ ciphers: 'NO-SUCH-CIPHER' })).toEqual([
      expect.stringMatching(
        /^config\/tls-certificate: Cannot speak TLS for service "s": OpenSSL says "no cipher match"/,
      ),
    ]);
  });

  test('asks clients for certificates with an authority to ask for, and never without', () => {
    expect(said({ client: 'required' })).toEqual([
      'config/conflict: Cannot ask clients of service "s" for certificates: "client_ca" is missing',
    ]);
    expect(said({ client_ca: own.certificate })).toEqual([
      'config/conflict: Cannot use "client_ca" in service "s": "client" does not ask for certificates',
    ]);
    const { tls } = loadService({ tls: { ...own, client: 'optional', client_ca: other.certificate } }, host);
    expect(tls?.clientCa).toContain('CERTIFICATE');
    expect(said({ client: 'optional', client_ca: file('empty.pem', '') })).toEqual([
      'config/tls-certificate: Cannot find a certificate in "D/empty.pem": it has none as PEM',
    ]);
  });

  test('takes clients by subject, name and fingerprint, each with its place', () => {
    const wanted = { client: 'required', client_ca: other.certificate };
    const clients = ['CN=alice,O=Example', 'san:dns:Host.example', `sha256:${'AB'.repeat(32)}`];
    const { tls } = loadService({ tls: { ...own, ...wanted, clients } }, host);
    expect(tls?.clients?.map(({ text, key, line }) => [text, key.split(':')[0], line])).toEqual([
      [clients[0], 'subject', expect.any(Number)],
      [clients[1], 'dns', expect.any(Number)],
      [clients[2], 'sha256', expect.any(Number)],
    ]);
    expect(loadService({ tls: { ...own, ...wanted } }, host).tls?.clients).toBeUndefined();
  });

  test('says what is wrong with clients, at the place of each', () => {
    const wanted = { client: 'required', client_ca: other.certificate };
    const text = oneService({ tls: { ...own, ...wanted, clients: ['CN=a', '/O=x/CN=b', 'san:dns:*.x'] } });
    const found = loadText(text, host).diagnostics;
    expect(found.map(({ message }) => message)).toEqual([
      'Cannot use "/O=x/CN=b" for "tls.clients" in service "s": it is no subject, "san:" and no "sha256:"',
      'Cannot use "san:dns:*.x" for "tls.clients" in service "s": "san:dns:" takes one host name',
    ]);
    const places = found.map(({ span }) => text.slice((span.range?.column ?? 0) - 1));
    expect(places[0]).toMatch(/^"\/O=x\/CN=b"/);
    expect(places[1]).toMatch(/^"san:dns:\*\.x"/);
    expect(said({ clients: ['CN=a'] })).toEqual([
      'config/conflict: Cannot use "clients" in service "s": "client" does not ask for certificates',
    ]);
    expect(said({ ...wanted, clients: [] })).not.toEqual([]);
  });

  test.each([
    ['a handler that accepts', { wait: true }],
    ['datagrams', { listen: 'udp://127.0.0.1:0', wait: true }],
    ['packets', { listen: 'unix-seqpacket:///run/x' }],
    ['tcpmux', { listen: ['tcp://127.0.0.1:0', 'tcpmux://+x'] }],
    ['a banner in clear', { banner: '/etc/hostname' }],
  ])('does not go with %s', (_what, more) => {
    expect(said({}, more).filter((line) => line.includes('together with "tls"'))).not.toEqual([]);
  });

  test('has no use for a text for whoever is refused', () => {
    const policies = { access: { reject: { text: 'Go away' } } };
    expect(said({}, { policies })).toEqual([
      expect.stringMatching(/^config\/no-effect: .*"policies.access"/),
    ]);
    expect(said({}, { policies: { certificate: policies.access } })).toEqual([]);
  });

  test.each([
    [{ min_version: 1.3 }],
    [{ handshakes: 0 }],
    [{ client: 'maybe' }],
    [{ ciphers: 'a b' }],
    [{ names: { 'a..b': {} } }],
    [{ handshake_timeout: '0s' }],
  ])('refuses %o', (tls) => {
    expect(said(tls)).not.toEqual([]);
  });
});
