import type { ServiceEntry } from './service-entry.ts';

/** Whom a handler that waits will serve is not known before it accepts (S67), or ever, on unix sockets. */
export function knowsPeers({
  wait,
  socketType,
  transport,
}: Pick<ServiceEntry, 'wait' | 'socketType' | 'transport'>): boolean {
  return !wait || (socketType === 'dgram' && transport.kind !== 'unix');
}
