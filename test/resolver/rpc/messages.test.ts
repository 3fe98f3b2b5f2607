import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeReply } from '../../../src/resolver/rpc/decode-reply.ts';
import { encodeCall } from '../../../src/resolver/rpc/encode-call.ts';
import {
  decodeBoolean,
  decodeMappings,
  encodeMapping,
  type Mapping,
} from '../../../src/resolver/rpc/rpcb.ts';
import { XdrWriter } from '../../../src/resolver/rpc/xdr-writer.ts';

const REPLY = 1;

function words(...values: readonly number[]): Uint8Array {
  const writer = new XdrWriter();
  for (const value of values) writer.word(value);
  return writer.finish();
}

const word = fc.nat({ max: 0xffff_ffff });
const text = fc.string({ maxLength: 60 });
const mapping = fc.record({ program: word, version: word, netid: text, address: text, owner: text });

function listOf(mappings: readonly Mapping[]): Uint8Array {
  return Buffer.concat([...mappings.flatMap((it) => [words(1), encodeMapping(it)]), words(0)]);
}

describe('a call', () => {
  test('has the form of RFC 5531, without credentials', () => {
    const call = encodeCall({ xid: 7, program: 100_000, version: 4, procedure: 1, args: words(0xabcd) });
    expect(Buffer.from(call)).toEqual(Buffer.from(words(7, 0, 2, 100_000, 4, 1, 0, 0, 0, 0, 0xabcd)));
  });
});

describe('a reply', () => {
  test('that accepts a call has its results, or why there are none', () => {
    const reply = (state: number, ...more: readonly number[]) =>
      decodeReply(words(7, REPLY, 0, 0, 0, state, ...more));
    expect(reply(0, 1)).toEqual({ xid: 7, kind: 'results', results: Buffer.from(words(1)) });
    expect(reply(1)).toEqual({ xid: 7, kind: 'refused', code: 'PROG_UNAVAIL' });
    expect(reply(2, 2, 3)).toEqual({ xid: 7, kind: 'refused', code: 'PROG_MISMATCH' });
    expect(reply(5)).toEqual({ xid: 7, kind: 'refused', code: 'SYSTEM_ERR' });
    expect(reply(6)).toBeUndefined();
  });

  test('that denies a call says why', () => {
    expect(decodeReply(words(7, REPLY, 1, 0, 2, 2))).toMatchObject({ code: 'RPC_MISMATCH' });
    expect(decodeReply(words(7, REPLY, 1, 1, 5))).toMatchObject({ code: 'AUTH_ERROR' });
    expect(decodeReply(words(7, REPLY, 1, 2))).toBeUndefined();
  });

  test('may carry a verifier of up to 400 bytes', () => {
    const withVerifier = (bytes: number) =>
      decodeReply(
        Buffer.concat([words(7, REPLY, 0, 1), new XdrWriter().text('v'.repeat(bytes)).finish(), words(0)]),
      );
    expect(withVerifier(400)).toMatchObject({ kind: 'results' });
    expect(withVerifier(401)).toBeUndefined();
  });

  test('that was cut is none', () => {
    const whole = words(7, REPLY, 0, 0, 0, 0);
    for (let length = 0; length < whole.length; length++)
      expect(decodeReply(whole.subarray(0, length))).toBeUndefined();
    expect(decodeReply(words(7, 0, 0, 0, 0, 0))).toBeUndefined();
  });

  test('of any bytes breaks nothing that reads it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        decodeReply(bytes);
        decodeReply(Buffer.concat([words(7, REPLY), bytes]));
        decodeMappings(Buffer.concat([words(1), bytes]));
        decodeBoolean(bytes);
      }),
    );
  });
});

describe('mappings of rpcbind', () => {
  test('are read as rpcbind 1.2.6 wrote them', () => {
    const dump = [
      ...['00000001', '000186a1', '00000001', '00000004', '74637036', '00000006', '3a3a2e34', '2e300000'],
      ...['00000005', '36313138', '35000000', '00000000'],
    ];
    const bytes = Buffer.from(dump.join(''), 'hex');
    expect(decodeMappings(bytes)).toEqual([
      { program: 100_001, version: 1, netid: 'tcp6', address: '::.4.0', owner: '61185' },
    ]);
  });

  test('are read as they were written, and none that were cut', () => {
    fc.assert(
      fc.property(fc.array(mapping, { maxLength: 8 }), fc.nat(), (mappings, at) => {
        const bytes = listOf(mappings);
        expect(decodeMappings(bytes)).toEqual(mappings);
        expect(decodeMappings(bytes.subarray(0, at % bytes.length))).toBeUndefined();
        expect(decodeMappings(Buffer.concat([bytes, words(0)]))).toBeUndefined();
      }),
    );
  });

  test('that go on with anything but 1, or end with anything but 0, are none', () => {
    expect(decodeMappings(words(2))).toBeUndefined();
    expect(decodeMappings(words(0))).toEqual([]);
  });

  test('were set or not, and nothing else', () => {
    expect([decodeBoolean(words(1)), decodeBoolean(words(0))]).toEqual([true, false]);
    for (const bytes of [words(2), words(), words(1, 1), Uint8Array.of(1)])
      expect(decodeBoolean(bytes)).toBeUndefined();
  });
});
