import type { ZinetdEvent } from '../events/event.ts';
import type { EventLog } from './logger.ts';

/** How long a record may wait for others, so that it is made when the connection it tells of is on its way. */
const DEFER_MS = 1;

export interface DeferredLogOptions {
  /** Makes the log; the `now` it is given is the time of the event that is being written. */
  readonly create: (now: () => number) => EventLog;
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
  const waiting: { readonly event: ZinetdEvent; readonly atMs: number }[] = [];
  let atMs = options.now();
  let isDue = false;
  const log = options.create(() => atMs);
  const drain = (): void => {
    isDue = false;
    for (const entry of waiting.splice(0)) {
      atMs = entry.atMs;
      log.write(entry.event);
    }
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
