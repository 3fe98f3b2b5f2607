import type { OwnedConnection, Owner } from '../model/owner.ts';

/** What a built-in may look at, and ask. */
export interface TalkWorld {
  /** Since the epoch. */
  wallMs(): number;
  /** A random number in [0, 1). */
  roll(): number;
  /** Two random words that nobody can foresee. */
  secret(): Uint32Array;
}

/** The connection of one talk. */
export interface TalkPlace {
  /** Its own ends; undefined where the system does not say. */
  readonly connection: OwnedConnection | undefined;
  /** Whose another connection is; calls back once, at once or later. */
  findOwner(connection: OwnedConnection, callback: (owner: Owner) => void): void;
  /** There is something to say, or it ends: after `wait`. */
  wake(): void;
}

/**
 * One conversation over a stream, as a built-in sees it. Whoever owns the connection asks for what is to be said
 * next once all until then is sent, and hands over what the client says while there is nothing to say.
 */
export interface Talk {
  /** Bytes, which stay as they are; `listen`: nothing now; `wait`: for itself; `end`: nothing any more. */
  next(): Uint8Array | 'listen' | 'wait' | 'end';
  /** What the client says, valid during the call. */
  take(bytes: Uint8Array): void;
  /** The client says no more. */
  finish(): void;
}
