import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { printResolution } from '../../src/config/print.ts';
import { makePair, type Pair } from '../harness/certificates.ts';
import { scratch } from '../harness/scratch.ts';
import { fakeHost } from './fake-host.ts';
import { loadText } from './load-text.ts';

type Settings = Readonly<Record<string, unknown>>;

const host = fakeHost({ ownerUid: process.getuid?.() ?? 0, findUserById: () => undefined });
const base = { server: '/bin/true', user: 'nobody' };

let pairs: Readonly<Record<'door' | 'a' | 'b' | 'ca' | 'other', Pair>>;

beforeAll(() => {
  const directory = scratch('sni');
  const pair = (name: string, names?: readonly string[]): Pair =>
    makePair(directory, { name, ...(names && { names }) });
  pairs = {
    ...{ door: pair('door.example'), a: pair('a.example'), ca: pair('ca'), other: pair('other') },
    b: pair('b.example', ['b.example', '*.b.example']),
  };
});

function door(tls: Settings = {}, more: Settings = {}): Settings {
  return { ...base, listen: 'tcp://127.0.0.1:0', tls: { ...pairs.door, ...tls }, ...more };
}

function house(listen: unknown = 'sni://web/a.example', tls: Settings = {}, more: Settings = {}): Settings {
  return { ...base, listen, tls: { ...pairs.a, ...tls }, ...more };
}

function load(services: Readonly<Record<string, Settings>>) {
  return loadText(JSON.stringify({ version: 1, services }, null, 1), host);
}

function said(services: Readonly<Record<string, Settings>>): readonly string[] {
  return load(services).diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

/** As if the whole of a line were the place. */
function lineOf(services: Readonly<Record<string, Settings>>): string | undefined {
  const text = JSON.stringify({ version: 1, services }, null, 1);
  const line = loadText(text, host).diagnostics[0]?.span.range?.line;
  return text.split('\n')[(line ?? 0) - 1]?.trim();
}

const required = () => ({ client: 'required', client_ca: pairs.ca.certificate });

describe('sni://', () => {
  test('leads to a service, with its certificate, from the one that listens', () => {
    const b = house(['sni://web/B.example', 'sni://web/*.b.example'], { ...pairs.b });
    const { config, resolved, diagnostics } = load({ web: door(), a: house(), b });
    expect(diagnostics).toEqual([]);
    const [web, first] = config?.services ?? [];
    expect(web?.tls?.named.map(({ name, service }) => `${name} ${service}`)).toEqual([
      ...['a.example a', 'b.example b', '*.b.example b'],
    ]);
    expect(web?.tls?.named[0]?.certificate).toBe(readFileSync(pairs.a.certificate, 'latin1'));
    expect(first).toMatchObject({ listeners: [], sni: [{ door: 'web', name: 'a.example' }] });
    const printed = resolved ? printResolution(resolved) : '';
    expect(loadText(printed, host).config).toEqual(config);
  });

  test('of a domain leads to all below it with the certificates of that service', () => {
    const names = { 'x.b.example': pairs.b, 'c.example': pairs.b, 'y.x.b.example': pairs.b };
    const b = house('sni://web/*.b.example', { ...pairs.other, names });
    const { config } = load({ web: door({ names: { 'own.b.example': pairs.door } }), b });
    const named = config?.services[0]?.tls?.named ?? [];
    expect(named.map(({ name, service }) => [name, service])).toEqual([
      ['own.b.example', undefined],
      ['*.b.example', 'b'],
      ['x.b.example', 'b'],
    ]);
    expect(named[2]?.certificate).toBe(readFileSync(pairs.b.certificate, 'latin1'));
  });

  test('may demand as much of clients as the one that listens, or less', () => {
    const optional = { ...required(), client: 'optional' };
    const services = (tls: Settings) => ({ web: door(required()), a: house(undefined, tls) });
    for (const tls of [{}, optional, required(), { ...optional, clients: ['CN=x'] }])
      expect(said(services(tls))).toEqual([]);
    expect(said({ web: door({ min_version: '1.3' }), a: house() })).toEqual([]);
  });

  const SUBJECT = 'config/sni: Cannot choose service "a" by SNI at';

  test.each([
    [
      'nobody',
      { web: () => door(), a: () => house('sni://wep/a.example') },
      '"wep": there is no such service',
    ],
    ['itself', { a: () => house('sni://a/a.example') }, '"a": that is the service itself'],
    [
      'one that is not enabled',
      { web: () => door({}, { enabled: false }), a: () => house() },
      '"web": it is not enabled',
    ],
    [
      'one without TLS',
      { web: () => ({ ...base, listen: 'tcp://127.0.0.1:0' }), a: () => house() },
      '"web": it has no "tls"',
    ],
    [
      'one that is chosen itself',
      { top: () => door(), web: () => house('sni://top/b.example', { ...pairs.b }), a: () => house() },
      '"web": it has no listener of its own, so that it chooses for nobody',
    ],
    [
      'one that asks for no certificates',
      { web: () => door(), a: () => house(undefined, required()) },
      '"web": "a" asks for more by "client"',
    ],
    [
      'one that can do without',
      { web: () => door({ ...required(), client: 'optional' }), a: () => house(undefined, required()) },
      '"web": "a" asks for more by "client"',
    ],
    [
      'one that takes others',
      {
        web: () => door(required()),
        a: () => house(undefined, { ...required(), client_ca: pairs.other.certificate }),
      },
      '"web": "a" has another "client_ca"',
    ],
    [
      'one that speaks what is older',
      { web: () => door(), a: () => house(undefined, { min_version: '1.3' }) },
      '"web": "a" has a higher "min_version"',
    ],
  ] as const)('cannot lead from %s, which is said at its place', (_what, made, text) => {
    const services = Object.fromEntries(Object.entries(made).map(([name, make]) => [name, make()]));
    expect(said(services)).toEqual([`${SUBJECT} ${text}`]);
    expect(lineOf(services)).toMatch(/^"listen": "sni:.*a\.example"/);
  });

  test('is of a service that speaks TLS, and a connection', () => {
    const { tls: _, ...bare } = house();
    expect(said({ web: door(), a: bare })).toEqual([
      'config/sni: Cannot use "sni://" in service "a" without "tls": who comes by it speaks TLS',
    ]);
    expect(said({ web: door(), a: house(undefined, {}, { wait: true }) })[0]).toContain(
      'together with "tls"',
    );
    const proxied = house(undefined, {}, { proxy_protocol: { from: ['192.0.2.1'] } });
    expect(said({ web: door(), a: proxied })[0]).toContain('by tcpmux or SNI is known already');
  });

  test('leads to one service for each name', () => {
    expect(said({ web: door(), a: house(), b: house('sni://web/A.example') })).toEqual([
      'config/duplicate-listener: Cannot use "a.example" at "web" twice: it leads to one service',
    ]);
    expect(said({ web: door({ names: { 'a.example': pairs.a } }), a: house() })).toEqual([
      'config/duplicate-listener: Cannot use "a.example" at "web" twice: that has a certificate for it under "names"',
    ]);
    const other = door({}, { listen: 'tcp://127.0.0.2:0' });
    const both = house(['sni://web/a.example', 'sni://other/a.example']);
    expect(said({ web: door(), other, a: both })).toEqual([]);
  });

  test('warns of a certificate that is not for the name', () => {
    expect(said({ web: door(), a: house('sni://web/c.example') })).toEqual([
      'config/tls-name: Found a certificate that clients will not take: it is not for "c.example"',
    ]);
  });

  test('says nothing more of a service that is faulty itself', () => {
    const faulty = door({ key: pairs.a.key });
    expect(said({ web: faulty, a: house() }).map((line) => line.split(':')[0])).toEqual([
      'config/tls-certificate',
    ]);
    expect(said({ web: door(), a: house(undefined, {}, { enabled: false }) })).toEqual([]);
  });

  test.each([
    'sni://',
    'sni://web',
    'sni://web/',
    'sni:///a',
    'sni://web/a..b',
    'sni://web/*',
    'sni://web/a/b',
  ])('is not written as %s', (listen) => {
    expect(said({ web: door(), a: house(listen) })[0]).toMatch(/must be written as sni:\/\//);
  });
});
