import { type AccessWindow, ALL_DAYS, DAYS, MINUTES_OF_DAY } from '../model/access-times.ts';
import { itemAt } from '../model/item-at.ts';
import { didYouMean } from './nearest.ts';
import { quote } from './quote.ts';

/** Why the text is no window. */
export interface AccessWindowFault {
  readonly reason: string;
  readonly help: string | undefined;
}

const MOST_TEXT = 64;
const TIME = /^([0-9]{2}):([0-5][0-9])$/;
const FORM = 'write it as "08:00-18:00" or "mon-fri 08:00-18:00"';

function fault(reason: string, help?: string): AccessWindowFault {
  return { reason, help };
}

/** Minutes since midnight, 24:00 included. */
function parseMinute(text: string): number | AccessWindowFault {
  const [, hour, minute] = TIME.exec(text) ?? [];
  const value = Number(hour) * 60 + Number(minute);
  if (value <= MINUTES_OF_DAY) return value;
  const padded = TIME.test(`0${text}`) ? `did you mean "0${text}"?` : undefined;
  return fault(`${quote(text)} is no time of day`, padded ?? 'times go from 00:00 to 24:00');
}

type TimePair = Pick<AccessWindow, 'fromMinute' | 'toMinute'>;

function parseTimes(text: string): TimePair | AccessWindowFault {
  const [from, to, ...others] = text.split('-');
  if (from === undefined || to === undefined || others.length > 0)
    return fault('a window has one beginning and one end', FORM);
  const fromMinute = parseMinute(from);
  if (typeof fromMinute !== 'number') return fromMinute;
  const toMinute = parseMinute(to);
  if (typeof toMinute !== 'number') return toMinute;
  if (fromMinute === toMinute)
    return fault('it ends when it begins', 'write "00:00-24:00" for the whole day');
  if (fromMinute === MINUTES_OF_DAY)
    return fault('it begins when the day is over', 'write "00:00" with the next day');
  return { fromMinute, toMinute: toMinute > fromMinute ? toMinute : toMinute + MINUTES_OF_DAY };
}

function parseDay(text: string): number | AccessWindowFault {
  const index = (DAYS as readonly string[]).indexOf(text);
  if (index >= 0) return index;
  return fault(`${quote(text)} is no day`, didYouMean(text, DAYS) ?? `days are ${DAYS.join(', ')}`);
}

/** `sat`, or `mon-fri`; `fri-mon` goes over the end of the week. */
function parseSpan(text: string): number | AccessWindowFault {
  const [first = '', last = first, ...others] = text.split('-');
  if (others.length > 0) return fault(`${quote(text)} has more than two ends`, FORM);
  const from = parseDay(first);
  if (typeof from !== 'number') return from;
  const to = parseDay(last);
  if (typeof to !== 'number') return to;
  const length = ((to - from + DAYS.length) % DAYS.length) + 1;
  const offsets = Array.from({ length }, (_, offset) => (from + offset) % DAYS.length);
  return offsets.reduce((bits, day) => bits | (1 << day), 0);
}

function parseDays(text: string): number | AccessWindowFault {
  let days = 0;
  for (const part of text.split(',')) {
    const span = parseSpan(part);
    if (typeof span !== 'number') return span;
    if ((days & span) !== 0) return fault(`${quote(part)} names a day a second time`);
    days |= span;
  }
  return days;
}

/**
 * Reads `08:00-18:00`, `mon-fri 08:00-18:00`, `sat,sun 10:00-14:00`. The end is the first minute that is
 * closed (xinetd's is the last one that is open); an end before the beginning is on the day after.
 */
export function parseAccessWindow(text: string): AccessWindow | AccessWindowFault {
  if (text.length > MOST_TEXT) return fault('the text is too long', FORM);
  const parts = text.split(' ');
  if (parts.length > 2 || parts.includes('') || /[^!-~ ]/.test(text))
    return fault('there is one space, between the days and the times, and no other blank', FORM);
  if (parts.length === 2 && /^[0-9]/.test(text)) return fault('the days stand before the times', FORM);
  const times = parseTimes(itemAt(parts, -1));
  if ('reason' in times) return times;
  const days = parts.length === 2 ? parseDays(itemAt(parts, 0)) : ALL_DAYS;
  return typeof days === 'number' ? { days, ...times } : days;
}
