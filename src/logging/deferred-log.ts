import type { ZinetdEvent } from '../events/event.ts';
import type { EventLog } from './logger.ts';

/** How long a record may wait for others, so that it is made when the connection it tells of is on its way. */
const DEFER_MS = 1;

/** What a log is told of the moment of its records. */
export interface Moment {
  /** The time of the event that is being written. */
  readonly now: () => number;
  /** Calls back when all records of this moment are written. */
  readonly gather: (flush: () => void) => void;
}

export interface DeferredLogOptions {
  readonly create: (moment: Moment) => EventLog;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly after: (delayMs: number, callback: () => void) => void;
}

export interface DeferredLog extends EventLog {
  /** Writes what waits for its moment. */
  readonly drain: () => void;
}

/**
 * A log that makes its records a moment later, many at once: formatting and writing would otherwise stand
 * between a client and the next accept.
 */
export function deferLog(options: DeferredLogOptions): DeferredLog {
  let waiting: { readonly event: ZinetdEvent; readonly atMs: number }[] = [];
  const flushes: (() => void)[] = [];
  let atMs = options.now();
  let isDue = false;
  let isDraining = false;
  const gather = (flush: () => void): void => {
    if (isDraining) flushes.push(flush);
    else flush();
  };
  const log = options.create({ now: () => atMs, gather });
  const drain = (): void => {
    isDue = false;
    isDraining = true;
    const entries = waiting;
    waiting = [];
    for (const entry of entries) {
      atMs = entry.atMs;
      log.write(entry.event);
    }
    isDraining = false;
    for (const flush of flushes.splice(0)) flush();
  };
  const write = (event: ZinetdEvent): void => {
    waiting.push({ event, atMs: options.now() });
    if (isDue) return;
    isDue = true;
    options.after(DEFER_MS, drain);
  };
  const close = (): void => {
    drain();
    log.close();
  };
  return { write, drain, close };
}
