import type { Subscriber } from '../events/bus.ts';
import type { ZinetdEvent } from '../events/event.ts';
import type { LogPolicy } from '../model/log-policy.ts';
import { isConnectionRecord } from './connection-record.ts';
import type { EventLog } from './logger.ts';
import { type RecordView, recordView } from './record-view.ts';

export interface Routes {
  /** The first one takes what the daemon says of itself. */
  readonly destinations: readonly Pick<EventLog, 'write'>[];
  /** By the names of services; nothing is known of any other. */
  readonly policies: ReadonlyMap<string, LogPolicy>;
  /** What addresses are hashed with. */
  readonly key: Uint8Array;
  /** Gets whatever any destination gets. */
  readonly follow: (event: ZinetdEvent, view: RecordView | undefined) => void;
}

interface Route {
  readonly destination: number | undefined;
  readonly view: RecordView;
}

/** `answered` is the end of a connection, too (promise 7). */
function isOfService(event: ZinetdEvent): boolean {
  return isConnectionRecord(event) || event.type === 'answered';
}

/**
 * Gives each event to the destination of its service. What the daemon says of itself goes to the first, but shows no
 * more of the clients of a service than the service's own records do.
 */
export function routeRecords({ destinations, policies, key, follow }: Routes): Subscriber {
  const routes = new Map<string, Route>(
    Array.from(policies, ([service, policy]) => [
      service,
      { destination: policy.destination, view: recordView(policy, key) },
    ]),
  );
  return (event) => {
    if (event.type === 'failed' && event.isUntold) return;
    const route = 'service' in event ? routes.get(event.service) : undefined;
    const destination = route && isOfService(event) ? route.destination : 0;
    if (destination === undefined) return;
    destinations[destination]?.write(event, route?.view);
    follow(event, route?.view);
  };
}
