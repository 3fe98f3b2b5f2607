import { type Endpoint, formatAddress } from '../model/address.ts';

/** With the zone of a link-local one by its number (RFC 4007, 11.2): the address alone leads nowhere. */
export function addressOf({ bytes, scopeId }: Endpoint): string {
  return scopeId === 0 ? formatAddress(bytes) : `${formatAddress(bytes)}%${scopeId}`;
}
