import { crc32c } from '../../src/proxy-protocol/crc32c.ts';

export interface TestEnd {
  readonly address: string;
  readonly port: number;
}

export interface TestTlv {
  readonly type: number;
  readonly value: Uint8Array;
}

export const SIGNATURE: Uint8Array = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

/** The line that a proxy writes. */
export function encodeV1(from: TestEnd, to: TestEnd): Buffer {
  const protocol = from.address.includes(':') ? 'TCP6' : 'TCP4';
  return Buffer.from(`PROXY ${protocol} ${from.address} ${to.address} ${from.port} ${to.port}\r\n`);
}

/** Groups of an address in full, or four octets: a spelling that needs no parser. */
function addressBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const groups = address.split(':').map((group) => Number.parseInt(group, 16));
  return Buffer.from(groups.flatMap((group) => [group >>> 8, group & 0xff]));
}

export function port16(port: number): Buffer {
  return Buffer.from([port >>> 8, port & 0xff]);
}

export function tlvBytes({ type, value }: TestTlv): Buffer {
  return Buffer.concat([Buffer.from([type]), port16(value.length), value]);
}

/** Whatever head and block are given, with the length that they have unless another is wanted. */
export function encodeRaw(
  [versionAndCommand, families]: readonly [number, number],
  block: Uint8Array,
  length: number = block.length,
): Buffer {
  return Buffer.concat([SIGNATURE, Buffer.from([versionAndCommand, families]), port16(length), block]);
}

/** An address of IPv6 has all of its eight groups. */
export function encodeV2(from: TestEnd, to: TestEnd, tlvs: readonly TestTlv[] = []): Buffer {
  const families = from.address.includes(':') ? 0x21 : 0x11;
  const addresses = [addressBytes(from.address), addressBytes(to.address)];
  const block = [...addresses, port16(from.port), port16(to.port), ...tlvs.map(tlvBytes)];
  return encodeRaw([0x21, families], Buffer.concat(block));
}

/** With a checksum at its end. */
export function encodeSummed(from: TestEnd, to: TestEnd, tlvs: readonly TestTlv[] = []): Buffer {
  const header = encodeV2(from, to, [...tlvs, { type: 3, value: Buffer.alloc(4) }]);
  header.writeUInt32BE(crc32c(header), header.length - 4);
  return header;
}
