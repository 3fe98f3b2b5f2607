import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PeerValue } from '../../src/launch/plan-environment.ts';
import { encodeRequest, REQUEST_BYTES } from '../../src/launch/request.ts';
import { decodeEvent, EVENT_BYTES, untoldLaunch } from '../../src/launch/spawner-event.ts';
import type { Endpoint } from '../../src/model/address.ts';
import { NOBODY } from '../../src/model/nobody.ts';

const endpoint: fc.Arbitrary<Endpoint> = fc.oneof(
  fc.record({
    family: fc.constant(4 as const),
    bytes: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    port: fc.integer({ min: 0, max: 65535 }),
    scopeId: fc.constant(0),
  }),
  fc.record({
    family: fc.constant(6 as const),
    bytes: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => bytes.with(0, 0x20)),
    port: fc.integer({ min: 0, max: 65535 }),
    scopeId: fc.nat(),
  }),
);

describe('a launch request', () => {
  test('brings its connection back unchanged when the spawner tells of it', () => {
    fc.assert(
      fc.property(endpoint, fc.maxSafeNat(), fc.nat({ max: 65535 }), (peer, id, service) => {
        const request = encodeRequest({ type: 'launch', id, service, variant: 0, peer }, 7);
        expect(request.length).toBe(REQUEST_BYTES);
        // As the spawner does it: id and peer are copied, the rest is its own.
        const event = new Uint8Array(EVENT_BYTES);
        event.set(request.subarray(4, 16), 4);
        event.set(request.subarray(32, 56), 72);
        event[0] = 5;
        expect(decodeEvent(event)).toMatchObject({ type: 'launched', generation: 7, id, peer });
      }),
    );
  });
});

describe('an end', () => {
  /** Type, then errno at 36 and status at 40: `struct event` of src/native/spawner/format.h. */
  function endOf(errno: number) {
    const bytes = new Uint8Array(EVENT_BYTES);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 7, true);
    view.setInt32(36, errno, true);
    view.setInt32(40, 0x300, true);
    return decodeEvent(bytes);
  }

  test('tells of its beginning where nothing was told of that, and of a program that was replaced (S127)', () => {
    expect(untoldLaunch(endOf(0))).toBeUndefined();
    expect(untoldLaunch(endOf(1))).toMatchObject({ type: 'launched', errno: 0, status: 0 });
    expect(untoldLaunch(endOf(2))).toMatchObject({ type: 'launched', errno: 0, status: 1 });
  });

  test('is no beginning itself', () => {
    const launch = untoldLaunch(endOf(1));
    expect(launch && untoldLaunch(launch)).toBeUndefined();
  });
});

const ASCII = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
});

/** As src/native/spawner/environment.c reads them. */
function valuesIn(bytes: Uint8Array): readonly PeerValue[] {
  const [number, length] = bytes;
  if (number === undefined || length === undefined) return [];
  const text = Buffer.from(bytes.subarray(2, 2 + length)).toString('latin1');
  return [[number, text], ...valuesIn(bytes.subarray(2 + length))];
}

describe('what a launch request tells of the client', () => {
  test('stands behind it, each value whole', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 31 }), ASCII), { maxLength: 8 }), (values) => {
        const fixed = { id: 1, service: 0, variant: 0, peer: NOBODY };
        const request = encodeRequest({ type: 'launch', ...fixed, values }, 1);
        expect(valuesIn(request.subarray(REQUEST_BYTES))).toEqual(values);
      }),
    );
  });

  test('is never longer than the spawner takes', () => {
    const values: PeerValue[] = Array.from({ length: 10 }, (_, number) => [number, 'x'.repeat(204)]);
    const fixed = { id: 1, service: 0, variant: 0, peer: NOBODY };
    expect(() => encodeRequest({ type: 'launch', ...fixed, values }, 1)).toThrow('2060 bytes');
  });
});

describe('an event', () => {
  test('with a code that this release does not know is a bug, said loudly', () => {
    const event = new Uint8Array(EVENT_BYTES);
    expect(() => decodeEvent(event)).toThrow(/unknown code/);
    event[0] = 200;
    expect(() => decodeEvent(event)).toThrow(/unknown code/);
  });

  test('shows an IPv4 peer of a dual-stack listener as IPv4 (S47)', () => {
    const event = new Uint8Array(EVENT_BYTES);
    event[0] = 5;
    event[72] = 10;
    event.set([0xff, 0xff, 127, 44, 5, 6], 72 + 8 + 10);
    expect(decodeEvent(event).peer).toMatchObject({ family: 4, bytes: Uint8Array.from([127, 44, 5, 6]) });
  });
});
