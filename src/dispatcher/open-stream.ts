import type { LiveListener } from '../listeners/live-listener.ts';
import { StreamListener } from '../listeners/stream-listener.ts';
import { localEndpoint } from '../native/local-endpoint.ts';
import { LocalEndpoints } from '../native/local-endpoints.ts';
import { policyOf } from './floor.ts';
import type { ListenerParts, Opening } from './opening.ts';
import { rulesOf } from './rules.ts';
import { serve } from './serve.ts';
import { unknownAddress } from './unknown-address.ts';

/** A listener whose connections are accepted, and served one by one. */
export function openStream({ descriptor, row, service }: Opening, parts: ListenerParts): LiveListener {
  const { binding, poller, gate, floor, nextId } = parts;
  const own = localEndpoint(binding, descriptor);
  const locals = new LocalEndpoints(binding);
  const name = (): string => policyOf(floor(), service).name;
  const listener: StreamListener = new StreamListener({
    ...{ binding, poller, descriptor, service, row },
    handlers: {
      onConnection: (connection, peer) => {
        gate.recovered(listener, name());
        // Of the connection where somebody asks for it; that of a listener may be a wildcard.
        const { needsLocal } = rulesOf(floor().rules, service);
        const local = needsLocal ? locals.of(connection) : own;
        const come = { connection: { id: nextId(), service, peer }, descriptor: connection };
        if (typeof local === 'string') {
          unknownAddress(floor(), come, local);
          return true;
        }
        const arrived = { ...come, local };
        const { proxyDoor } = floor();
        if (proxyDoor.isFor(arrived.connection)) proxyDoor.receive(arrived);
        else serve(floor(), arrived);
        return true;
      },
      onStarved: (code) => gate.starved(listener, { service: name(), code }),
    },
  });
  return listener;
}
