import { type Endpoint, formatAddress } from './address.ts';

/** An endpoint as rpcbind writes it (RFC 5665, 5.2.3): the address, then both bytes of the port. */
export function universalAddress({ bytes, port }: Endpoint): string {
  return `${formatAddress(bytes)}.${port >> 8}.${port & 0xff}`;
}
