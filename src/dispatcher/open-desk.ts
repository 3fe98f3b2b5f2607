import type { LiveListener } from '../listeners/live-listener.ts';
import { StreamListener } from '../listeners/stream-listener.ts';
import type { DeskKind } from '../model/desk.ts';
import { policyOf } from './floor.ts';
import type { ListenerParts, Opening } from './opening.ts';

/** A listener of zinetd's own: whoever comes is no client of any service. */
export function openDesk(
  { descriptor, row, service, desk }: Opening & { readonly desk: DeskKind },
  parts: ListenerParts,
): LiveListener {
  const { binding, poller, gate, floor, desks } = parts;
  const name = (): string => policyOf(floor(), service).name;
  const listener: StreamListener = new StreamListener({
    ...{ binding, poller, descriptor, service, row },
    handlers: {
      onConnection: (connection, peer) => {
        gate.recovered(listener, name());
        desks().receive(desk, { descriptor: connection, peer, row });
        return true;
      },
      onStarved: (code) => gate.starved(listener, { service: name(), code }),
    },
  });
  return listener;
}
