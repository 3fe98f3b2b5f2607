import type { Builtin } from '../model/builtin.ts';
import type { Talk, TalkPlace, TalkWorld } from './talk.ts';

/** What a built-in does. */
export interface BuiltinRow {
  /** Begins a conversation. */
  readonly talk: (builtin: Builtin, options: { world: TalkWorld; place: TalkPlace }) => Talk;
  /** The answer to a datagram, never longer than it is (S65), or none; undefined: it has no datagrams. */
  readonly answer:
    | ((request: Uint8Array, options: { builtin: Builtin; world: TalkWorld }) => Uint8Array | undefined)
    | undefined;
  /** A conversation ends after so many bytes both ways, so long without any, and so long in all. */
  readonly mostBytes: number;
  readonly idleMs: number;
  readonly lifeMs: number;
}
