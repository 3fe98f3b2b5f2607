import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/launch/client.ts';
import { type Endpoint, parseAddress } from '../../src/model/address.ts';
import { unixPeerBytes, vsockBytes } from '../../src/model/local-peer.ts';
import { NOBODY } from '../../src/model/nobody.ts';
import { PEER_ENV_SETS, type PeerEnvSet } from '../../src/model/peer-env.ts';
import { PEER_NAMES, peerNamesOf } from '../../src/model/peer-names.ts';
import { toldOf } from './told-values.ts';

function endpoint(address: string, port: number, scopeId = 0): Endpoint {
  const bytes = parseAddress(address) ?? new Uint8Array(4);
  return { family: bytes.length === 4 ? 4 : 6, bytes, port, scopeId };
}

function told(client: Client, sets: readonly PeerEnvSet[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    toldOf(client, sets).map(([number, text]) => [PEER_NAMES[number] ?? number, text]),
  );
}

const stream = { isDatagram: false, isWaiting: false };
const v4 = { ...stream, peer: endpoint('192.0.2.7', 40_001), local: endpoint('192.0.2.1', 79) };
const v6 = { ...stream, peer: endpoint('2001:db8::7', 40_001), local: endpoint('2001:db8::1', 79) };

describe('what a handler is told of its client', () => {
  test('has the names and spellings of each set', () => {
    expect(told(v4, ['xinetd'])).toEqual({ REMOTE_HOST: '192.0.2.7' });
    expect(told(v6, ['cgi'])).toEqual({ REMOTE_ADDR: '2001:db8::7', REMOTE_PORT: '40001' });
    expect(told(v4, ['ucspi'])).toEqual({
      ...{ PROTO: 'TCP', TCPLOCALIP: '192.0.2.1', TCPLOCALPORT: '79' },
      ...{ TCPREMOTEIP: '192.0.2.7', TCPREMOTEPORT: '40001' },
    });
  });

  test('has the names of TCP beside those of TCP6, as ucspi-tcp6 does', () => {
    const both = ['TCP', 'TCP6'].flatMap((each) => [
      [`${each}LOCALIP`, '2001:db8::1'],
      [`${each}LOCALPORT`, '79'],
      [`${each}REMOTEIP`, '2001:db8::7'],
      [`${each}REMOTEPORT`, '40001'],
    ]);
    expect(told(v6, ['ucspi'])).toEqual({ PROTO: 'TCP6', ...Object.fromEntries(both) });
  });

  test('has the zone of a link-local address, by its number', () => {
    const client = { ...v6, peer: endpoint('fe80::7', 9, 3), local: endpoint('fe80::1', 79, 3) };
    expect(told(client, ['xinetd', 'ucspi'])).toMatchObject({
      REMOTE_HOST: 'fe80::7%3',
      TCPLOCALIP: 'fe80::1%3',
      TCP6REMOTEIP: 'fe80::7%3',
    });
  });

  test('leaves out what is not known, instead of making it empty', () => {
    const waiting = { ...v4, isWaiting: true, peer: NOBODY, local: endpoint('0.0.0.0', 79) };
    expect(told(waiting, PEER_ENV_SETS)).toEqual({
      REMOTE_HOST: '<no address>',
      PROTO: 'TCP',
      TCPLOCALPORT: '79',
    });
    const vsock: Endpoint = { family: 'vsock', bytes: vsockBytes(3), port: 5, scopeId: 0 };
    expect(told({ ...stream, peer: vsock, local: vsock }, PEER_ENV_SETS)).toEqual({});
  });

  test('knows who is at the other end of a unix socket', () => {
    const bytes = unixPeerBytes({ uid: 1000, gid: 100, pid: 4242 });
    const unix: Endpoint = { family: 'unix', bytes, port: 0, scopeId: 0 };
    const known = {
      ...{ PROTO: 'UNIX', UNIXREMOTEEUID: '1000', UNIXREMOTEEGID: '100', UNIXREMOTEPID: '4242' },
      ...{ IPCREMOTEEUID: '1000', IPCREMOTEEGID: '100' },
    };
    const client = { ...stream, peer: unix, local: unix };
    expect(told(client, PEER_ENV_SETS)).toEqual(known);
    const named = { ...client, path: '/run/it', ofSource: 3 };
    expect(told(named, ['ucspi'])).toEqual({ ...known, IPCREMOTEPATH: '/run/it', IPCCONNNUM: '3' });
  });

  test('counts the connections of the source, and tells where the client meant to go', () => {
    const destination = endpoint('198.51.100.4', 8079);
    expect(told({ ...v4, ofSource: 2, destination }, ['ucspi'])).toMatchObject({
      ...{ TCPCONNNUM: '2', TCPORIGDSTADDR: '198.51.100.4', TCPORIGDSTPORT: '8079' },
    });
    expect(told({ ...v4, ofSource: 2, isDatagram: true }, ['ucspi'])).not.toHaveProperty('TCPCONNNUM');
  });

  test('has the number of the connection, and what TLS has of it', () => {
    const tls = {
      ...{ protocol: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', serverName: 'a.example' },
      ...{ certificateHash: undefined, certificateSubject: undefined },
    };
    expect(told({ ...v4, id: 7, tls }, ['zinetd', 'tls'])).toEqual({
      ...{ ZINETD_CONNECTION_ID: '7', SSL_PROTOCOL: 'TLSv1.3', SSL_CIPHER: 'TLS_AES_128_GCM_SHA256' },
      SSL_TLS_SNI_SERVERNAME: 'a.example',
    });
    expect(told(v4, ['zinetd', 'tls'])).toEqual({});
  });

  test.each([...['a\n', 'a\0b', '\x1b[2J', 'caf\u00e9', '\u{1f600}', 'x'.repeat(256)]])(
    'leaves out %j, whoever made it up, rather than tell a part of it (S30)',
    (text) => {
      const tls = {
        ...{ protocol: 'TLSv1.3', cipher: 'x', serverName: text, certificateHash: undefined },
        certificateSubject: text,
      };
      expect(told({ ...v4, tls }, ['tls'])).toEqual({ SSL_PROTOCOL: 'TLSv1.3', SSL_CIPHER: 'x' });
      const peer: Endpoint = {
        family: 'unix',
        bytes: unixPeerBytes({ uid: 1, gid: 2, pid: 3 }),
        port: 0,
        scopeId: 0,
      };
      expect(told({ ...stream, peer, local: peer, path: text }, ['ucspi'])).not.toHaveProperty(
        'IPCREMOTEPATH',
      );
    },
  );

  test('is what the spawner takes, whoever comes: ascending names of the sets, short and printable (S30)', () => {
    const address: fc.Arbitrary<Endpoint> = fc
      .tuple(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.boolean(), fc.nat({ max: 65_535 }), fc.nat())
      .map(([bytes, isV4, port, scopeId]) =>
        isV4
          ? { family: 4, bytes: bytes.slice(0, 4), port, scopeId: 0 }
          : { family: 6, bytes, port, scopeId },
      );
    const sets = fc.uniqueArray(fc.constantFrom(...PEER_ENV_SETS));
    fc.assert(
      fc.property(address, address, fc.boolean(), fc.boolean(), sets, (...given) => {
        const [peer, local, isDatagram, isWaiting, wanted] = given;
        const values = toldOf({ peer, local, isDatagram, isWaiting }, wanted);
        const numbers = values.map(([number]) => number);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        const names = new Set<string>(peerNamesOf(wanted));
        for (const [number, text] of values) {
          expect(names).toContain(PEER_NAMES[number]);
          expect(text).toMatch(/^[ -~]{1,255}$/);
        }
      }),
    );
  });
});
