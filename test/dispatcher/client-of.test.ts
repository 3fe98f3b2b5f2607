import { describe, expect, test } from 'vitest';
import type { Arrived } from '../../src/dispatcher/arrived.ts';
import { clientOf } from '../../src/dispatcher/client-of.ts';
import { EnvironmentPlan } from '../../src/launch/plan-environment.ts';
import { type Endpoint, parseAddress } from '../../src/model/address.ts';
import type { PeerEnvSet } from '../../src/model/peer-env.ts';
import { viewOf } from '../../src/model/view-of.ts';
import type { Binding } from '../../src/native/binding.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { writeEndpoint } from '../../src/native/endpoint-codec.ts';
import { OriginalDestinations } from '../../src/native/original-destinations.ts';

function endpoint(address: string, port: number): Endpoint {
  const bytes = parseAddress(address) ?? new Uint8Array(4);
  return { family: bytes.length === 4 ? 4 : 6, bytes, port, scopeId: 0 };
}

const AF_INET = 2;
const AF_INET6 = 10;
const ENOENT = 2;
const ENOPROTOOPT = 92;

interface Tracking {
  readonly binding: Binding;
  readonly destinations: OriginalDestinations;
  readonly asked: readonly number[];
  readonly clock: { nowMs: number };
}

/** Whoever asks gets this; `asked` has the families. */
function tracking(destination: Endpoint | undefined, errno = ENOENT): Tracking {
  const asked: number[] = [];
  const originalDestination: Binding['originalDestination'] = (_, family, bytes) => {
    asked.push(family);
    if (destination) writeEndpoint(destination, viewOf(bytes), 0);
    return destination ? 0 : -errno;
  };
  const binding = { originalDestination } as Binding;
  const clock = { nowMs: 1000 };
  const destinations = new OriginalDestinations({ binding, nowMs: () => clock.nowMs });
  return { binding, destinations, asked, clock };
}

function arrived(peer: Endpoint, local: Endpoint, isClaimed = false): Arrived {
  const connection = { id: 7, service: 0, peer, isClaimed };
  return { connection, local, descriptor: new Descriptor({} as Binding, 9) };
}

const local = endpoint('192.0.2.1', 79);
const peer = endpoint('192.0.2.7', 40_001);

const UCSPI = new EnvironmentPlan(['ucspi']);

describe('clientOf', () => {
  test.each([
    [peer, local, endpoint('198.51.100.4', 79), AF_INET],
    [peer, local, endpoint('192.0.2.1', 8079), AF_INET],
    [endpoint('2001:db8::7', 9), endpoint('2001:db8::1', 79), endpoint('2001:db8::2', 79), AF_INET6],
  ])('knows where a client meant to go that was brought here: %#', (from, to, meant, family) => {
    const { asked, ...kernel } = tracking(meant);
    const client = clientOf(arrived(from, to), { ...kernel, plan: UCSPI, ofSource: () => 3 });
    expect(client).toMatchObject({ peer: from, local: to, id: 7, ofSource: 3, destination: meant });
    expect(asked).toEqual([family]);
  });

  test.each([undefined, local])('has nothing to say where nobody was brought anywhere: %j', (meant) => {
    const options = { ...tracking(meant), plan: UCSPI, ofSource: () => 1 };
    expect(clientOf(arrived(peer, local), options).destination).toBeUndefined();
  });

  test('takes nothing of the socket of a proxy for the client behind it', () => {
    const { asked, ...kernel } = tracking(endpoint('198.51.100.4', 79));
    const { connection, ...rest } = arrived(peer, local);
    const behind = { ...rest, connection: { ...connection, via: endpoint('127.0.0.1', 5) } };
    const client = clientOf(behind, { ...kernel, plan: UCSPI, ofSource: () => 1 });
    expect(client).toEqual({ ...{ peer, local, id: 7, ofSource: 1 }, isDatagram: false, isWaiting: false });
    expect(asked).toEqual([]);
  });

  test.each<[readonly PeerEnvSet[], boolean]>([
    [[], false],
    [['xinetd', 'cgi', 'zinetd', 'tls'], false],
    [['ucspi'], true],
  ])('asks the kernel for nothing that nobody is told: %j', (sets, isClaimed) => {
    const { asked, ...kernel } = tracking(local);
    const ofSource = (): number => {
      throw new Error('counted');
    };
    clientOf(arrived(peer, local, isClaimed), { ...kernel, plan: new EnvironmentPlan(sets), ofSource });
    expect(asked).toEqual([]);
  });

  test('asks a kernel that translates no addresses now and then, whether it has learnt it', () => {
    const { asked, clock, ...kernel } = tracking(undefined, ENOPROTOOPT);
    const look = () => clientOf(arrived(peer, local), { ...kernel, plan: UCSPI, ofSource: () => 1 });
    look();
    look();
    expect(asked).toEqual([AF_INET]);
    clock.nowMs += 100;
    look();
    expect(asked).toEqual([AF_INET, AF_INET]);
  });
});
