import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/launch/address-of.ts';
import { REQUEST_BYTES } from '../../src/launch/request.ts';
import { decodeEvent, EVENT_BYTES } from '../../src/launch/spawner-event.ts';
import { ValueWriter } from '../../src/launch/value-writer.ts';
import type { Endpoint } from '../../src/model/address.ts';
import { encodeRequest, type PeerValue, valuesIn } from './told-values.ts';

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

const ASCII = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
});

const HEADS = Array.from({ length: 32 }, (_, number) => Uint8Array.of(number, 0));
const ROOM = 2048;

/** A writer with room for some bytes behind the first one, which is not its own. */
function writerInto(bytes: Uint8Array): ValueWriter {
  const values = new ValueWriter(bytes, { heads: HEADS, end: 'counted' });
  values.start({ at: 1, room: ROOM });
  return values;
}

function write(values: ValueWriter, [number, text]: PeerValue): void {
  values.begin(number);
  if (values.text(text)) values.end();
  else values.drop();
}

describe('the values behind a request', () => {
  test('stand one behind the other, each whole', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 31 }), ASCII), { maxLength: 8 }), (wanted) => {
        const bytes = new Uint8Array(1 + ROOM);
        const values = writerInto(bytes);
        for (const each of wanted) write(values, each);
        expect(valuesIn(bytes.subarray(1, values.at))).toEqual(wanted);
      }),
    );
  });

  test('have any whole number as String has it, and any address as formatAddress does', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), endpoint, (number, peer) => {
        const bytes = new Uint8Array(1 + ROOM);
        const values = writerInto(bytes);
        values.begin(3);
        values.decimal(number);
        values.end();
        values.begin(4);
        values.address(peer, 'peer');
        values.end();
        const told = [[3, String(number)] as const, [4, addressOf(peer)] as const];
        expect(valuesIn(bytes.subarray(1, values.at))).toEqual(told);
      }),
    );
  });

  test('leave nothing behind of one that cannot be told (S30)', () => {
    const bytes = new Uint8Array(1 + ROOM);
    const values = writerInto(bytes);
    write(values, [1, 'first']);
    write(values, [2, 'sec\0nd']);
    write(values, [3, 'x'.repeat(256)]);
    write(values, [4, 'last']);
    expect(valuesIn(bytes.subarray(1, values.at))).toEqual([
      [1, 'first'],
      [4, 'last'],
    ]);
  });

  test('are never longer than the spawner takes', () => {
    const values = writerInto(new Uint8Array(1 + 2 * ROOM));
    const each: PeerValue = [1, 'x'.repeat(254)];
    for (let count = 0; count < 8; count++) write(values, each);
    expect(() => write(values, [2, ''])).toThrow('more of its client than there is room for');
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
