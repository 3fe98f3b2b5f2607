import { type Endpoint, formatAddress } from '../model/address.ts';

/** ` via=A`: a proxy is nobody's client, so that its address is told as it is. */
export function describeVia(via: Endpoint | undefined): string {
  return via === undefined ? '' : ` via=${formatAddress(via.bytes)}`;
}
