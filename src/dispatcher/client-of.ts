import type { Client } from '../launch/client.ts';
import type { EnvironmentPlan } from '../launch/plan-environment.ts';
import type { Endpoint } from '../model/address.ts';
import type { Binding } from '../native/binding.ts';
import type { OriginalDestinations } from '../native/original-destinations.ts';
import { peerPath } from '../native/peer-path.ts';
import type { Arrived } from './arrived.ts';

/** Undefined where the client is where it meant to go, and where a proxy has said where that is. */
function destinationOf(
  destinations: Pick<OriginalDestinations, 'of'>,
  { descriptor, connection, local }: Arrived,
): Endpoint | undefined {
  const { peer, via } = connection;
  const { family } = peer;
  if (via || (family !== 4 && family !== 6)) return undefined;
  return destinations.of(descriptor, { family, local });
}

/** What there is to tell the handler of one who has come; the kernel is asked for nothing that nobody wants to know. */
export function clientOf(
  arrived: Arrived,
  options: {
    readonly binding: Binding;
    readonly destinations: Pick<OriginalDestinations, 'of'>;
    readonly plan: EnvironmentPlan;
    /** How many handlers the service has for this source. */
    readonly ofSource: () => number | undefined;
  },
): Client {
  const { connection, local, descriptor, tls } = arrived;
  const { id, peer, via, isClaimed: isDatagram = false } = connection;
  const isAsked = options.plan.tellsUcspi && !isDatagram;
  // The socket of one who came by a proxy is the proxy's.
  const hasPath = isAsked && !via && peer.family === 'unix';
  return {
    peer,
    local,
    isDatagram,
    isWaiting: false,
    id,
    ofSource: isAsked ? options.ofSource() : undefined,
    destination: isAsked ? destinationOf(options.destinations, arrived) : undefined,
    path: hasPath ? peerPath(options.binding, descriptor) : undefined,
    tls,
  };
}
