import type { Builtin, BuiltinKind } from '../model/builtin.ts';
import type { BuiltinRow } from './builtin-row.ts';
import { chargenBytes, talkChargen } from './chargen.ts';
import { daytimeLine } from './daytime.ts';
import { talkDiscard } from './discard.ts';
import { talkEcho } from './echo.ts';
import { talkIdent } from './ident.ts';
import { pickQuote } from './pick-quote.ts';
import { sayOnce } from './say-once.ts';
import { timeBytes } from './time.ts';

/** What somebody measures a line with; more is a burden that somebody else pays for. */
const MEASURE = { mostBytes: 16 * 1024 * 1024, idleMs: 60_000, lifeMs: 600_000 };
/** It needs no invitation, so that it has less. */
const CHARGEN = { mostBytes: 1024 * 1024, idleMs: 10_000, lifeMs: 60_000 };
/** One line each way, and who is told something takes it at once. */
const LINE = { mostBytes: 16_384, idleMs: 10_000, lifeMs: 10_000 };
/** RFC 864: at most so many characters in a datagram. */
const CHARGEN_DATAGRAM_BYTES = 512;
const CHARACTERS = 95;

const NOTHING = new Uint8Array(0);

/** All of it or nothing: a part of a time is no time. */
function whole(answer: Uint8Array | undefined, request: Uint8Array): Uint8Array | undefined {
  return answer && answer.length <= request.length ? answer : undefined;
}

function quotesOf(builtin: Builtin): readonly string[] {
  return builtin.kind === 'qotd' ? builtin.quotes : [];
}

/** All but tcpmux, which leads to another service. */
export const BUILTIN_ROWS: Readonly<Record<Exclude<BuiltinKind, 'tcpmux'>, BuiltinRow>> = {
  echo: {
    talk: talkEcho,
    answer: (request) => request,
    ...MEASURE,
  },
  discard: {
    talk: talkDiscard,
    answer: () => undefined,
    ...MEASURE,
  },
  daytime: {
    talk: (_, { world }) => sayOnce(daytimeLine(world.wallMs())),
    answer: (request, { world }) => whole(daytimeLine(world.wallMs()), request),
    ...LINE,
  },
  time: {
    talk: (_, { world }) => sayOnce(timeBytes(world.wallMs())),
    answer: (request, { world }) => whole(timeBytes(world.wallMs()), request),
    ...LINE,
  },
  chargen: {
    talk: talkChargen,
    answer: (request, { world }) => {
      if (request.length === 0) return undefined;
      const first = Math.floor(world.roll() * CHARACTERS);
      return chargenBytes(first, Math.min(request.length, CHARGEN_DATAGRAM_BYTES));
    },
    ...CHARGEN,
  },
  qotd: {
    talk: (builtin, { world }) => {
      const options = { roll: world.roll(), most: Number.POSITIVE_INFINITY };
      return sayOnce(pickQuote(quotesOf(builtin), options) ?? NOTHING);
    },
    answer: (request, { builtin, world }) =>
      pickQuote(quotesOf(builtin), { roll: world.roll(), most: request.length }),
    ...LINE,
  },
  ident: {
    talk: (builtin, options) => {
      if (builtin.kind !== 'ident') return sayOnce(NOTHING);
      return talkIdent(builtin.ident, options);
    },
    answer: undefined,
    ...LINE,
  },
};
