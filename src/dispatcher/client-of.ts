import type { Client } from '../launch/client.ts';
import type { Endpoint } from '../model/address.ts';
import type { PeerEnvSet } from '../model/peer-env.ts';
import type { Binding } from '../native/binding.ts';
import { originalDestination } from '../native/original-destination.ts';
import { peerPath } from '../native/peer-path.ts';
import type { Arrived } from './arrived.ts';

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && Buffer.compare(a.bytes, b.bytes) === 0;
}

/** Undefined where the client is where it meant to go, and where a proxy has said where that is. */
function destinationOf(binding: Binding, { descriptor, connection, local }: Arrived): Endpoint | undefined {
  const { peer, via } = connection;
  const { family } = peer;
  if (via || (family !== 4 && family !== 6)) return undefined;
  const destination = originalDestination(binding, { descriptor, family });
  return destination && !isSame(destination, local) ? destination : undefined;
}

/** What there is to tell the handler of one who has come; the kernel is asked for nothing that nobody wants to know. */
export function clientOf(
  arrived: Arrived,
  options: {
    readonly binding: Binding;
    readonly sets: readonly PeerEnvSet[];
    /** How many handlers the service has for this source. */
    readonly ofSource: () => number | undefined;
  },
): Client {
  const { connection, local, descriptor, tls } = arrived;
  const { id, peer, via, isClaimed: isDatagram = false } = connection;
  const client = { peer, local, isDatagram, isWaiting: false, id, tls };
  if (!options.sets.includes('ucspi') || isDatagram) return client;
  const ofSource = options.ofSource();
  // The socket is the proxy's.
  if (via) return { ...client, ofSource };
  const path = peer.family === 'unix' ? peerPath(options.binding, descriptor) : undefined;
  return { ...client, ofSource, destination: destinationOf(options.binding, arrived), path };
}
