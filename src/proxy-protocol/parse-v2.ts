import { clientHeader } from './client-header.ts';
import { findTlvFault } from './find-tlv-fault.ts';
import type { HeaderParse } from './header.ts';
import { malformed } from './malformed.ts';

/** Signature, version and command, family and transport, length. */
const HEAD_BYTES = 16;
/**
 * What may stand behind that. The length has 16 bits; addresses take 216 at the most, a server name 255, a unique id
 * 128, and what is said of a certificate some hundreds, so that nothing honest comes near it (S60).
 */
const MOST_BLOCK_BYTES = 2048;
export const MOST_V2_BYTES: number = HEAD_BYTES + MOST_BLOCK_BYTES;

const VERSION_AT = 12;
const LENGTH_AT = 14;
const VERSION = 2;
const LOCAL = 0;
const PROXY = 1;
const UNSPEC = 0;
const STREAM = 1;
const MOST_TRANSPORT = 2;
/** Bytes of one address, by family: unspecified, IPv4, IPv6, unix. */
const ADDRESS_BYTES = [0, 4, 16, 108] as const;
const UNIX = 3;

/** Faults of the first bytes, as soon as they are there. */
function findHeadFault(bytes: Uint8Array): HeaderParse | undefined {
  const [versionAndCommand, families] = bytes.subarray(VERSION_AT, LENGTH_AT);
  if (versionAndCommand === undefined) return undefined;
  if (versionAndCommand >>> 4 !== VERSION) return malformed('bad_version');
  const command = versionAndCommand & 0xf;
  if (command > PROXY) return malformed('bad_command');
  if (families === undefined || command === LOCAL) return undefined;
  if (families >>> 4 >= ADDRESS_BYTES.length) return malformed('bad_family');
  return (families & 0xf) > MOST_TRANSPORT ? malformed('bad_transport') : undefined;
}

/** Two addresses, then two ports; nobody else's than those of TCP are of use here. */
function parseClient(header: Uint8Array, size: number): HeaderParse {
  const ports = HEAD_BYTES + 2 * size;
  const view = new DataView(header.buffer, header.byteOffset);
  const found = clientHeader(
    { bytes: header.slice(HEAD_BYTES, HEAD_BYTES + size), port: view.getUint16(ports) },
    { bytes: header.slice(HEAD_BYTES + size, ports), port: view.getUint16(ports + 2) },
  );
  return found ? { kind: 'header', header: found, length: header.length } : malformed('bad_address');
}

/**
 * A whole header. LOCAL is followed by what is to be skipped unseen, and so is what has no family or transport; a
 * client of a unix socket, or of datagrams, has no address here either.
 */
function parseWhole(header: Uint8Array): HeaderParse {
  const own: HeaderParse = { kind: 'header', header: { kind: 'own' }, length: header.length };
  const [versionAndCommand = 0, families = 0] = header.subarray(VERSION_AT, LENGTH_AT);
  const family = families >>> 4;
  const transport = families & 0xf;
  if ((versionAndCommand & 0xf) === LOCAL || family === UNSPEC || transport === UNSPEC) return own;
  const size = ADDRESS_BYTES[family] ?? 0;
  const tlvs = HEAD_BYTES + 2 * size + (family === UNIX ? 0 : 4);
  if (header.length < tlvs) return malformed('short_addresses');
  const fault = findTlvFault(header, tlvs);
  if (fault) return malformed(fault);
  return family === UNIX || transport !== STREAM ? own : parseClient(header, size);
}

/** Begins with the signature of version 2. */
export function parseV2(bytes: Uint8Array): HeaderParse {
  const fault = findHeadFault(bytes);
  if (fault) return fault;
  if (bytes.length < HEAD_BYTES) return { kind: 'more' };
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint16(LENGTH_AT);
  if (length > MOST_BLOCK_BYTES) return malformed('too_long');
  const whole = HEAD_BYTES + length;
  return bytes.length < whole ? { kind: 'more' } : parseWhole(bytes.subarray(0, whole));
}
