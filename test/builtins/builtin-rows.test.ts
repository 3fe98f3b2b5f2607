import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUILTIN_ROWS } from '../../src/builtins/builtin-rows.ts';
import type { Builtin } from '../../src/model/builtin.ts';

const QUOTES = ['Short.\r\n', `${'Long. '.repeat(60)}\r\n`];
const BUILTINS: readonly Exclude<Builtin, { kind: 'ident' }>[] = [
  ...(['echo', 'discard', 'daytime', 'time', 'chargen'] as const).map((kind) => ({ kind })),
  { kind: 'qotd', quotes: QUOTES },
];
const world = { wallMs: () => 0, roll: () => 0.99, secret: () => Uint32Array.of(1, 2) };

function answer(builtin: Builtin, request: Uint8Array): Uint8Array | undefined {
  if (builtin.kind === 'tcpmux') return undefined;
  return BUILTIN_ROWS[builtin.kind].answer?.(request, { builtin, world });
}

describe('the answer to a datagram', () => {
  test.each(BUILTINS)('of $kind is never longer than the request (S65)', (builtin) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), (request) => {
        expect(answer(builtin, request)?.length ?? 0).toBeLessThanOrEqual(request.length);
      }),
    );
  });

  test('is all of a time or a quotation, or nothing', () => {
    const of = (builtin: Builtin, length: number) => answer(builtin, new Uint8Array(length))?.length;
    expect([0, 3, 4, 5].map((length) => of({ kind: 'time' }, length))).toEqual([undefined, undefined, 4, 4]);
    expect([25, 26, 60].map((length) => of({ kind: 'daytime' }, length))).toEqual([undefined, 26, 26]);
    const qotd: Builtin = { kind: 'qotd', quotes: QUOTES };
    expect([7, 8, 361, 362].map((length) => of(qotd, length))).toEqual([undefined, 8, 8, 362]);
  });

  test('of chargen has at most 512 characters (RFC 864), that of discard and to nothing is none', () => {
    expect(answer({ kind: 'chargen' }, new Uint8Array(9000))).toHaveLength(512);
    expect(answer({ kind: 'chargen' }, new Uint8Array(0))).toBeUndefined();
    expect(answer({ kind: 'discard' }, new Uint8Array(9))).toBeUndefined();
    expect(BUILTIN_ROWS.ident.answer).toBeUndefined();
  });
});
