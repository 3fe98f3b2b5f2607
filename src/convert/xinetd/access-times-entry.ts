import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import type { Word } from './entry.ts';
import { refuseValue } from './refuse-value.ts';
import type { ShapedEntry } from './shaped-entry.ts';

const WINDOW = /^([0-9]{0,3}):([0-9]{0,3})-([0-9]{0,3}):([0-9]{0,3})$/;

function minuteOf(hours: string | undefined, minutes: string | undefined): number {
  const [hour, minute] = [Number(hours), Number(minutes)];
  return hour < 24 && minute < 60 ? hour * 60 + minute : Number.NaN;
}

function clock(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** The last minute of xinetd's window is open; the end of ours is the first that is closed. */
function windowText(word: Word, report: Report): string | undefined {
  const [, ...parts] = WINDOW.exec(word.text) ?? [];
  const [from, to] = [minuteOf(parts[0], parts[1]), minuteOf(parts[2], parts[3])];
  if (parts.length === 4 && from < to) return `${clock(from)}-${clock(to + 1)}`;
  const name = 'access_times';
  if (/-24:0*$/.test(word.text)) {
    const help = `write ${quote(word.text.replace(/24:0*$/, '23:59'))}: the last minute is open as well`;
    return refuseValue({ name, word, reason: 'the last minute of a day is 23:59', help }, report);
  }
  const help =
    parts.length === 4 && from > to
      ? `write two: ${quote(`${clock(from)}-23:59`)} and ${quote(`00:00-${clock(to)}`)}`
      : undefined;
  const reason = 'must be HH:MM-HH:MM, without blanks, and end after it begins';
  return refuseValue({ name, word, reason, help }, report);
}

/** When the service is open, by the clock of the machine. */
export function accessTimesEntry({ entry, report }: ShapedEntry): MapEntry | undefined {
  const attribute = entry.attributes.get('access_times');
  if (!attribute) return undefined;
  const windows = attribute.values.flatMap((word) => {
    const text = windowText(word, report);
    return text === undefined ? [] : [scalarNode(text, word.place)];
  });
  return windows.length > 0 ? entryOf('access_times', listNode(windows, attribute.at)) : undefined;
}
