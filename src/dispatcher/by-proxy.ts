import { addressKey } from '../model/address.ts';
import type { ProxyHeader } from '../proxy-protocol/header.ts';
import type { Arrived } from './arrived.ts';

/**
 * One who came through a proxy, as the header has it: from here on that is the client for everything (S59). Where the
 * client counts as the same source as the proxy, or is the proxy, what it does is held against neither.
 */
export function byProxy(
  arrived: Arrived,
  header: ProxyHeader,
  sourceOf: (key: Uint8Array) => Uint32Array,
): Arrived {
  const { connection } = arrived;
  if (header.kind === 'own') return { ...arrived, connection: { ...connection, isShared: true } };
  const { source: peer, destination: local } = header;
  const { peer: via } = connection;
  const [source, proxy] = [peer, via].map((end) => sourceOf(addressKey(end)).join());
  return { ...arrived, connection: { ...connection, peer, via, isShared: source === proxy }, local };
}
