import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Client, planEnvironment } from '../../src/launch/plan-environment.ts';
import { type Endpoint, parseAddress } from '../../src/model/address.ts';
import { unixPeerBytes, vsockBytes } from '../../src/model/local-peer.ts';
import { NOBODY } from '../../src/model/nobody.ts';
import { PEER_ENV_SETS, type PeerEnvSet } from '../../src/model/peer-env.ts';
import { PEER_NAMES, peerNamesOf } from '../../src/model/peer-names.ts';

function endpoint(address: string, port: number, scopeId = 0): Endpoint {
  const bytes = parseAddress(address) ?? new Uint8Array(4);
  return { family: bytes.length === 4 ? 4 : 6, bytes, port, scopeId };
}

function told(client: Client, sets: readonly PeerEnvSet[]): Readonly<Record<string, string>> {
  const values = planEnvironment(client, sets);
  return Object.fromEntries(values.map(([number, text]) => [PEER_NAMES[number] ?? number, text]));
}

const stream = { isDatagram: false, isWaiting: false };
const v4 = { ...stream, peer: endpoint('192.0.2.7', 40_001), local: endpoint('192.0.2.1', 79) };
const v6 = { ...stream, peer: endpoint('2001:db8::7', 40_001), local: endpoint('2001:db8::1', 79) };

describe('planEnvironment', () => {
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
    expect(told({ ...stream, peer: unix, local: unix }, PEER_ENV_SETS)).toEqual({
      ...{ PROTO: 'UNIX', UNIXREMOTEEUID: '1000', UNIXREMOTEEGID: '100', UNIXREMOTEPID: '4242' },
    });
  });

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
        const values = planEnvironment({ peer, local, isDatagram, isWaiting }, wanted);
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
