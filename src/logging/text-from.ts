import type { Endpoint } from '../model/address.ts';
import { isNobody } from '../model/nobody.ts';
import type { RecordView } from './record-view.ts';

/** ` from=A`, or nothing where the address is left out. */
export function describeFrom(peer: Endpoint, { address }: RecordView): string {
  // As xinetd has it of a service that waits.
  if (isNobody(peer)) return ' from=<no address>';
  const shown = address(peer.bytes);
  return shown === undefined ? '' : ` from=${shown}`;
}
