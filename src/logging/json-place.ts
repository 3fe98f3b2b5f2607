import { type Endpoint, formatAddress } from '../model/address.ts';
import type { ListenPlace } from '../model/listen-address.ts';
import { credentialsOf } from '../model/local-peer.ts';
import { isNobody } from '../model/nobody.ts';
import type { JsonObject } from './json-object.ts';
import type { RecordView } from './record-view.ts';

/** An address with its port, or who is at the other end of a unix socket. */
export function endpointOf(endpoint: Endpoint): JsonObject {
  const { port, scopeId } = endpoint;
  const credentials = credentialsOf(endpoint.bytes);
  if (credentials) return { ...credentials };
  return { address: formatAddress(endpoint.bytes), port, scope_id: scopeId === 0 ? undefined : scopeId };
}

/** Where something listens. */
export function localOf({ scheme, address }: ListenPlace): JsonObject {
  return { scheme, ...(address.family === 'path' ? { path: address.path } : endpointOf(address)) };
}

/** The client, as far as the view lets it be known. */
export function peerOf(peer: Endpoint, view: RecordView): JsonObject | undefined {
  if (isNobody(peer)) return undefined;
  if (view.isOpen) return endpointOf(peer);
  const address = view.address(peer.bytes);
  return address === undefined ? undefined : { address };
}

/** A proxy is nobody's client, so that its address is told as it is; its port leads to one. */
export function viaOf(via: Endpoint | undefined, { isOpen }: RecordView): JsonObject | undefined {
  if (via === undefined) return undefined;
  return isOpen ? endpointOf(via) : { address: formatAddress(via.bytes) };
}
