import type { Report } from '../../config/report.ts';
import type { Word } from './text.ts';
import type { Unit } from './unit.ts';

/** A socket unit with the service that it starts. */
export interface Pair {
  readonly socket: Unit;
  readonly service: Unit;
  /** systemd accepts, and starts an instance for each connection. */
  readonly accepts: boolean;
  /** `socket`: descriptors 0 and 1 are what it is about, as with inetd; `listed`: descriptor 3, by LISTEN_FDS. */
  readonly handsOver: 'socket' | 'listed';
}

/** Where a service listens: a word for each of its sockets, in our words. */
export interface ListenWord extends Word {
  readonly kind: 'ip' | 'path' | 'other';
  readonly isTcp: boolean;
}

/** What putting a pair in our words needs. */
export interface PairContext extends Pair {
  readonly report: Report;
  readonly listens: readonly ListenWord[];
  /** The variables of an environment file; undefined where it is not there, `unreadable` after a report. */
  readonly readVariables: (path: Word) => ReadonlyMap<string, string> | 'missing' | 'unreadable';
}
