import type { Netid } from './rpc.ts';
import type { Listener } from './service.ts';
import { SOCKET_OPTIONS } from './socket-option.ts';

function isDual({ options }: Listener): boolean {
  const [level, name] = SOCKET_OPTIONS.v6only;
  return options.some((it) => it.level === level && it.name === name && it.value === 0);
}

/**
 * The transports that rpcbind can tell a client for a socket: two where an IPv6 socket takes IPv4 as well, none of
 * sockets that have no IP address.
 */
export function rpcNetids(listener: Listener): readonly Netid[] {
  const { scheme, address } = listener;
  if (scheme !== 'tcp' && scheme !== 'udp') return [];
  if (address.family === 4) return [scheme];
  if (address.family !== 6) return [];
  const isWildcard = address.bytes.every((byte) => byte === 0);
  return isWildcard && isDual(listener) ? [scheme, `${scheme}6`] : [`${scheme}6`];
}
