import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAccessWindow } from '../../src/config/access-window.ts';
import { hostTimeZone, timeZoneFault } from '../../src/config/time-zone.ts';
import { ALL_DAYS } from '../../src/model/access-times.ts';

test.each([
  ['08:00-18:00', { days: ALL_DAYS, fromMinute: 480, toMinute: 1080 }],
  ['mon-fri 08:00-18:00', { days: 0b001_1111, fromMinute: 480, toMinute: 1080 }],
  ['sat,sun 10:00-14:00', { days: 0b110_0000, fromMinute: 600, toMinute: 840 }],
  ['fri-mon,wed 00:00-00:01', { days: 0b111_0101, fromMinute: 0, toMinute: 1 }],
  ['22:00-06:00', { days: ALL_DAYS, fromMinute: 1320, toMinute: 1800 }],
  ['sun 23:59-00:00', { days: 0b100_0000, fromMinute: 1439, toMinute: 1440 }],
  ['00:00-24:00', { days: ALL_DAYS, fromMinute: 0, toMinute: 1440 }],
])('reads the window %s', (text, window) => {
  expect(parseAccessWindow(text)).toEqual(window);
});

const FORM = 'write it as "08:00-18:00" or "mon-fri 08:00-18:00"';
const RANGE = 'times go from 00:00 to 24:00';
const BLANK = 'there is one space, between the days and the times, and no other blank';

test.each([
  ['8:00-18:00', '"8:00" is no time of day', 'did you mean "08:00"?'],
  ['08:00-25:00', '"25:00" is no time of day', RANGE],
  ['08:00-24:30', '"24:30" is no time of day', RANGE],
  ['08:60-09:00', '"08:60" is no time of day', RANGE],
  ['0800-1800', '"0800" is no time of day', RANGE],
  ['', BLANK, FORM],
  ['08:00', 'a window has one beginning and one end', FORM],
  ['08:00-09:00-10:00', 'a window has one beginning and one end', FORM],
  ['10:00-10:00', 'it ends when it begins', 'write "00:00-24:00" for the whole day'],
  ['24:00-06:00', 'it begins when the day is over', 'write "00:00" with the next day'],
  ['thr 08:00-18:00', '"thr" is no day', 'did you mean "thu"?'],
  ['Mon 08:00-18:00', '"Mon" is no day', 'did you mean "mon"?'],
  ['holiday 08:00-18:00', '"holiday" is no day', 'days are mon, tue, wed, thu, fri, sat, sun'],
  ['mon- 08:00-18:00', '"" is no day', 'days are mon, tue, wed, thu, fri, sat, sun'],
  ['mon-wed,tue 08:00-18:00', '"tue" names a day a second time', undefined],
  ['mon-wed-fri 08:00-18:00', '"mon-wed-fri" has more than two ends', FORM],
  ['08:00-18:00 mon-fri', 'the days stand before the times', FORM],
  ['08:00 - 18:00', BLANK, FORM],
  [' 08:00-18:00', BLANK, FORM],
  ['mon  08:00-18:00', BLANK, FORM],
  ['08:00-18:00\n', BLANK, FORM],
  ['mon\u00a008:00-18:00', BLANK, FORM],
  [`${'mon,'.repeat(20)}mon 08:00-18:00`, 'the text is too long', FORM],
])('refuses the window %j with a reason and advice (promise 8)', (text, reason, help) => {
  expect(parseAccessWindow(text)).toEqual({ reason, help });
});

test('takes no other text for a window, and never more than the days and minutes there are', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[montuewdhfrisa ,:0-9-]{0,24}$/), (text) => {
      const window = parseAccessWindow(text);
      if ('reason' in window) return;
      expect(window.days).toBeGreaterThan(0);
      expect(window.days).toBeLessThanOrEqual(ALL_DAYS);
      expect(window.toMinute - window.fromMinute).toBeGreaterThan(0);
      expect(window.toMinute - window.fromMinute).toBeLessThanOrEqual(1440);
    }),
  );
});

test('knows the time zones of the IANA database, and refuses every other name', () => {
  for (const name of ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Argentina/Ushuaia', 'Etc/GMT+5'])
    expect(timeZoneFault(name), name).toBeUndefined();
  expect(timeZoneFault('Europe/Berlim')).toEqual({
    reason: '"Europe/Berlim" is no time zone',
    help: 'did you mean "Europe/Berlin"?',
  });
  for (const name of ['', '+02:00', 'XYZ3', ':/etc/localtime', '../UTC', 'A'.repeat(1000)])
    expect(timeZoneFault(name)?.help, name).toContain('IANA');
  expect(timeZoneFault('Europe/Berlin\0')?.reason).toBe('"Europe/Berlin\\x00" is no time zone');
});

test('finds the zone of this machine only where it has a name', () => {
  const before = process.env['TZ'];
  process.env['TZ'] = 'Asia/Kolkata';
  expect(hostTimeZone()).toMatch(/^Asia\/(Kolkata|Calcutta)$/);
  process.env['TZ'] = ':/no/such/zone';
  expect(hostTimeZone()).toBeUndefined();
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});
