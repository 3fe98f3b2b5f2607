import type { Endpoint } from '../model/address.ts';
import { isLoopback } from '../model/is-loopback.ts';

/** Whoever answers at these answers an answer, too (S64): beyond the reserved ones, ssdp, nfs and memcached. */
const ANSWERING: ReadonlySet<number> = new Set([1900, 2049, 11_211]);

/** As OpenBSD has it: echo, chargen, domain, ntp, snmp and the others are all here, and no client is. Port 0 is nobody's. */
const RESERVED_BELOW = 1024;

export type LoopSign = 'port' | 'own-port' | 'address';

/** RFC 1122, 3.2.1.3, and RFC 5771: no answer can go to net 0, to many at once, or to class E. */
function isNobody4([first = 0]: Uint8Array): boolean {
  return first === 0 || first >= 224;
}

/** ::, multicast, and the forms of IPv4 addresses, of which a socket would make the real one: ::/96 and ::ffff:0:0/96. */
function isNobody6(bytes: Uint8Array): boolean {
  if (bytes[0] === 0xff) return true;
  const isZero = bytes.subarray(0, 10).every((byte) => byte === 0);
  const [a, b] = [bytes[10], bytes[11]];
  const isV4 = isZero && ((a === 0 && b === 0) || (a === 0xff && b === 0xff));
  return isV4 && !isLoopback(bytes);
}

function isBadAddress(bytes: Uint8Array): boolean {
  return bytes.length === 4 ? isNobody4(bytes) : isNobody6(bytes);
}

/**
 * Why a datagram may be an answer, or have a sender that is not who sent it: whoever answers it may begin an
 * exchange without an end (S64, CVE-1999-0103, CVE-2024-2169). `local` is where it was sent to, `ownPorts` are those
 * that answers of ours come from.
 */
export function loopSignOf(
  peer: Endpoint,
  { local, ownPorts }: { readonly local: Endpoint; readonly ownPorts: Pick<ReadonlySet<number>, 'has'> },
): LoopSign | undefined {
  if (peer.port < RESERVED_BELOW || ANSWERING.has(peer.port)) return 'port';
  if (ownPorts.has(peer.port)) return 'own-port';
  if (isBadAddress(peer.bytes) || isBadAddress(local.bytes)) return 'address';
  return isLoopback(peer.bytes) && !isLoopback(local.bytes) ? 'address' : undefined;
}
