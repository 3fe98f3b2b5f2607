import type { LiveListener } from '../listeners/live-listener.ts';
import { PeerListener } from '../listeners/peer-listener.ts';
import type { Endpoint } from '../model/address.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { localEndpoint } from '../native/local-endpoint.ts';
import { LocalEndpoints } from '../native/local-endpoints.ts';
import { decide } from './decide.ts';
import { policyOf } from './floor.ts';
import type { ListenerParts, Opening } from './opening.ts';
import { guestOf } from './receive.ts';
import { serve } from './serve.ts';

/** A listener for datagrams with a handler for each of their senders. */
export function openPeers({ descriptor, row, service }: Opening, parts: ListenerParts): LiveListener {
  const { binding, poller, gate, floor, nextId, losses } = parts;
  const own = localEndpoint(binding, descriptor);
  const locals = new LocalEndpoints(binding);
  const name = (): string => policyOf(floor(), service).name;
  const connectionOf = (peer: Endpoint) => ({ id: nextId(), service, peer, isClaimed: true });
  /** Somebody of whom more must be known before the verdict gets a socket, and waits for it there. */
  const mayEnter = (peer: Endpoint): boolean => {
    gate.recovered(listener, name());
    // RFC 768: nobody can be answered.
    if (peer.port === 0) {
      losses.add(service, 1);
      return false;
    }
    const guest = guestOf(floor(), { connection: connectionOf(peer), local: own, descriptor: undefined });
    const verdict = decide(guest, floor());
    if (verdict.kind !== 'refused') return true;
    floor().refusals.refuse(floor().rules, { guest, refusal: verdict });
    return false;
  };
  const onFailed = (peer: Endpoint, code: string): void =>
    floor().failures.tell({ service, peer }, { step: 'open', code });
  const onPeer = (peer: Endpoint, socket: Descriptor): void => {
    const local = locals.of(socket);
    if (typeof local !== 'string') {
      serve(floor(), { connection: connectionOf(peer), local, descriptor: socket });
      return;
    }
    socket.close();
    onFailed(peer, local);
  };
  const listener: PeerListener = new PeerListener({
    ...{ binding, poller, descriptor, service, row },
    handlers: {
      mayEnter,
      onWanted: (peer) => floor().link.send({ type: 'open', listener: row, peer }),
      onPeer,
      onFailed,
      onDropped: (count) => losses.add(service, count),
      onStarved: (code) => gate.starved(listener, { service: name(), code }),
      after: (delayMs, callback) => floor().world.after(delayMs, callback),
    },
  });
  return listener;
}
