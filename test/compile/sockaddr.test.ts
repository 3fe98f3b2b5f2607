import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSockaddr, encodeSockaddr } from '../../src/compile/sockaddr.ts';
import type { ListenAddress } from '../../src/model/listen-address.ts';
import { vsockBytes } from '../../src/model/local-peer.ts';

const port = fc.nat(0xffff);
const word = fc.nat(0xffff_ffff);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const name = fc.stringMatching(/^[!-?A-~][!-~]{0,90}$/);

const addresses: fc.Arbitrary<ListenAddress> = fc.oneof(
  fc.record({ family: fc.constant(4 as const), bytes: bytes(4), port, scopeId: fc.constant(0) }),
  fc.record({ family: fc.constant(6 as const), bytes: bytes(16), port, scopeId: word }),
  word.map((cid) => ({ family: 'vsock' as const, bytes: vsockBytes(cid), port: 1234, scopeId: 0 })),
  name.map((text) => ({ family: 'path' as const, path: `/${text}` })),
  name.map((text) => ({ family: 'path' as const, path: `@${text}` })),
);

/** A number as the machine has it: little-endian on both that zinetd runs on. */
function machineWord(value: number): readonly number[] {
  return [value & 0xff, value >> 8];
}

describe('a struct sockaddr', () => {
  test('is the same address when it is read again', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        expect(decodeSockaddr(encodeSockaddr(address))).toEqual(address);
      }),
    );
  });

  test('is as ip(7), ipv6(7), unix(7) and vsock(7) have it', () => {
    const loopback = { family: 4 as const, bytes: Uint8Array.of(127, 0, 0, 1), port: 7, scopeId: 0 };
    expect([...encodeSockaddr(loopback)]).toEqual([
      ...machineWord(2),
      0,
      7,
      127,
      0,
      0,
      1,
      ...Array(8).fill(0),
    ]);
    const path = encodeSockaddr({ family: 'path', path: '/a' });
    expect([...path]).toEqual([...machineWord(1), 0x2f, 0x61, 0]);
    const abstract = encodeSockaddr({ family: 'path', path: '@a' });
    expect([...abstract]).toEqual([...machineWord(1), 0, 0x61]);
    expect(encodeSockaddr({ ...loopback, family: 6, bytes: new Uint8Array(16) })).toHaveLength(28);
  });

  test('of a family that zinetd does not listen on, without a name, or cut off is none', () => {
    for (const of of [
      [],
      [1],
      machineWord(1),
      machineWord(16),
      [...machineWord(2), 0, 7],
      [...machineWord(10), 0, 7],
    ]) {
      expect(decodeSockaddr(Uint8Array.from(of)), `[${of}]`).toBeUndefined();
    }
    const vsock = encodeSockaddr({ family: 'vsock', bytes: vsockBytes(3), port: 7, scopeId: 0 });
    expect(decodeSockaddr(vsock.subarray(0, 12))).toBeUndefined();
  });
});
