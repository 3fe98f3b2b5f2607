import type { LiveListener } from '../listeners/live-listener.ts';
import { WaitListener } from '../listeners/wait-listener.ts';
import { localEndpoint } from '../native/local-endpoint.ts';
import { policyOf } from './floor.ts';
import type { ListenerParts, Opening } from './opening.ts';
import { WaitHost } from './wait-host.ts';

/** A listener that handlers get, one after the other. */
export function openWait({ descriptor, row, service, scheme }: Opening, parts: ListenerParts): LiveListener {
  const { binding, poller, gate, floor } = parts;
  const name = (): string => policyOf(floor(), service).name;
  const local = localEndpoint(binding, descriptor);
  const host = new WaitHost({ parts, service, local, listener: () => listener });
  const listener: WaitListener = new WaitListener({
    ...{ binding, poller, descriptor, service, row, scheme },
    handlers: {
      onArrival: (sight) => {
        gate.recovered(listener, name());
        host.onArrival(sight);
      },
      onStarved: (code) => gate.starved(listener, { service: name(), code }),
    },
  });
  return listener;
}
