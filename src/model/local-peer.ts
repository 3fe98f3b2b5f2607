/**
 * Peers without an IP address have 16 bytes as well, so that tables and logs know everybody by an address: ones that
 * begin like multicast, which no packet comes from (RFC 4291, 2.7). The first half is what makes one source.
 */
const UNIX_MARK = [0xff, 0x75, 0x6e, 0x78];
const VSOCK_MARK = [0xff, 0x76, 0x73, 0x6b];

/** SO_PEERCRED of unix(7). */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly pid: number;
}

function marked(mark: readonly number[], words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(mark);
  const view = new DataView(bytes.buffer);
  for (const [index, word] of words.entries()) view.setUint32(4 + 4 * index, word);
  return bytes;
}

function hasMark(bytes: Uint8Array, mark: readonly number[]): boolean {
  return bytes.length === 16 && mark.every((byte, index) => bytes[index] === byte);
}

function word(bytes: Uint8Array, index: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4 + 4 * index);
}

/** The bytes of a peer of a unix socket. */
export function unixPeerBytes({ uid, gid, pid }: Credentials): Uint8Array {
  return marked(UNIX_MARK, [uid, gid, pid]);
}

/** The bytes of an address of vsock(7), whose port is kept beside. */
export function vsockBytes(cid: number): Uint8Array {
  return marked(VSOCK_MARK, [cid]);
}

/** Undefined for any other address. */
export function credentialsOf(bytes: Uint8Array): Credentials | undefined {
  if (!hasMark(bytes, UNIX_MARK)) return undefined;
  return { uid: word(bytes, 0), gid: word(bytes, 1), pid: word(bytes, 2) };
}

/** Undefined for any other address. */
export function cidOf(bytes: Uint8Array): number | undefined {
  return hasMark(bytes, VSOCK_MARK) ? word(bytes, 0) : undefined;
}

/** Whether an address is of a peer without an IP address: no rule about networks or names is about it. */
export function isLocalPeer(bytes: Uint8Array): boolean {
  return hasMark(bytes, UNIX_MARK) || hasMark(bytes, VSOCK_MARK);
}

/** `uid:1000` or `cid:3`; undefined for an IP address. */
export function formatLocalPeer(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0xff) return undefined;
  const uid = credentialsOf(bytes)?.uid;
  if (uid !== undefined) return `uid:${uid}`;
  const cid = cidOf(bytes);
  return cid === undefined ? undefined : `cid:${cid}`;
}
