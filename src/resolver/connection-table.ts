import type { Endpoint } from '../model/address.ts';

const HEX = 16;
/** TCP_LISTEN of the kernel: such a row is no connection. */
const LISTENING = '0A';
const NO_INODE = '0';

/** Four bytes of an address as /proc has them: as the number that they are in the memory of this machine. */
function hexWord(bytes: Uint8Array, at: number): string {
  // Both machines that zinetd is built for have the least byte first.
  const word = [3, 2, 1, 0].map((index) => (bytes[at + index] ?? 0).toString(HEX).padStart(2, '0'));
  return word.join('').toUpperCase();
}

function hexAddress(bytes: Uint8Array): string {
  return Array.from({ length: bytes.length / 4 }, (_, index) => hexWord(bytes, 4 * index)).join('');
}

function hexEndpoint(bytes: Uint8Array, port: number): string {
  return `${hexAddress(bytes)}:${port.toString(HEX).toUpperCase().padStart(4, '0')}`;
}

/** ::ffff:a.b.c.d, which an IPv6 socket has of an IPv4 connection. */
function mapped(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([...new Uint8Array(10), 0xff, 0xff, ...bytes]);
}

export type ConnectionTable = 'tcp' | 'tcp6';

/** How a row of /proc/net/tcp or tcp6 begins that is about a connection: local end, then the other. */
export function rowKeyOf(
  table: ConnectionTable,
  ends: { local: Endpoint; peer: Endpoint },
): string | undefined {
  const { local, peer } = ends;
  if (local.bytes.length !== peer.bytes.length) return undefined;
  const isV6 = local.bytes.length === HEX;
  if (table === 'tcp' && isV6) return undefined;
  const of = ({ bytes, port }: Endpoint) =>
    hexEndpoint(table === 'tcp6' && !isV6 ? mapped(bytes) : bytes, port);
  return `${of(local)} ${of(peer)}`;
}

/**
 * The uid in a row of /proc/net/tcp, proc_pid_net(5), if the row is about the connection; undefined otherwise, and for
 * what no process has any more: the kernel writes 0 there, which is not root.
 */
export function uidOfRow(row: string, key: string): number | undefined {
  const [, local, peer, state, , , , uid, , inode] = row.trim().split(/\s+/);
  if (`${local} ${peer}` !== key || state === LISTENING || inode === NO_INODE) return undefined;
  return uid !== undefined && /^\d{1,10}$/.test(uid) ? Number(uid) : undefined;
}
