import { type AccessTimes, type AccessWindow, DAYS, MINUTES_OF_DAY } from '../model/access-times.ts';
import { localClock, type ReadLocalClock } from './local-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = MINUTES_OF_DAY * MINUTE_MS;
/** 1970 began on a Thursday. */
const FIRST_DAY = 3;
/** A day that the zone leaves out, as Apia did one of 2011, is a week's delay; more than one is no zone's habit. */
const MOST_DAYS = 22;

/** The times of one service, with the clock of their zone. */
export interface AccessClock {
  /** Decided by what the wall clock shows and by nothing before, so that a step of it counts at once (S90). */
  readonly isOpen: (wallMs: number) => boolean;
  /** The first time from `wallMs` on that is open; undefined if there is none within three weeks. */
  readonly opensAtMs: (wallMs: number) => number | undefined;
}

function isDayOf(window: AccessWindow, day: number): boolean {
  return (window.days & (1 << ((day + DAYS.length) % DAYS.length))) !== 0;
}

function isWithin(window: AccessWindow, local: { readonly day: number; readonly minute: number }): boolean {
  const { day, minute } = local;
  if (isDayOf(window, day) && minute >= window.fromMinute && minute < window.toMinute) return true;
  return isDayOf(window, day - 1) && minute + MINUTES_OF_DAY < window.toMinute;
}

function isOpenAt(windows: readonly AccessWindow[], localMs: number): boolean {
  const days = Math.floor(localMs / DAY_MS);
  const minute = Math.floor((localMs - days * DAY_MS) / MINUTE_MS);
  const day = (((days + FIRST_DAY) % DAYS.length) + DAYS.length) % DAYS.length;
  return windows.some((window) => isWithin(window, { day, minute }));
}

/** How far it is from `localMs` to the next beginning of a window, one of the same day included. */
function untilBeginningMs(windows: readonly AccessWindow[], localMs: number): number {
  const midnightMs = Math.floor(localMs / DAY_MS) * DAY_MS;
  const beginnings = windows
    .map(({ fromMinute }) => midnightMs + fromMinute * MINUTE_MS - localMs)
    .map((distanceMs) => (distanceMs > 0 ? distanceMs : distanceMs + DAY_MS));
  return Math.min(...beginnings);
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The first minute of the span by which the clock has been put forward or back; `toMs` if it is not. */
function changeOf(read: ReadLocalClock, { fromMs, toMs }: Span): number {
  const offset = read(fromMs) - fromMs;
  if (read(toMs) - toMs === offset) return toMs;
  let [before, after] = [fromMs, toMs];
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
    if (read(middle) - middle === offset) before = middle;
    else after = middle;
  }
  return after;
}

/** From one beginning of a window to the next, and from one change of the clock to the next. */
function nextOpening(
  windows: readonly AccessWindow[],
  read: ReadLocalClock,
  wallMs: number,
): number | undefined {
  let atMs = Math.floor(wallMs / MINUTE_MS) * MINUTE_MS;
  const lastMs = atMs + MOST_DAYS * DAY_MS;
  while (windows.length > 0 && atMs <= lastMs) {
    if (isOpenAt(windows, read(atMs))) return Math.max(atMs, wallMs);
    const toMs = atMs + untilBeginningMs(windows, read(atMs));
    atMs = changeOf(read, { fromMs: atMs, toMs });
  }
  return undefined;
}

/** Puts the times of a service beside the clock of their zone; done once for each policy. */
export function accessClock({ windows, timeZone }: AccessTimes): AccessClock {
  const read = localClock(timeZone);
  let knownMinute = Number.NaN;
  let known = false;
  return {
    isOpen: (wallMs) => {
      const minute = Math.floor(wallMs / MINUTE_MS);
      if (minute !== knownMinute) [knownMinute, known] = [minute, isOpenAt(windows, read(wallMs))];
      return known;
    },
    opensAtMs: (wallMs) => nextOpening(windows, read, wallMs),
  };
}
