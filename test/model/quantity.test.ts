import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDurationMs, parseBytes, parseDurationMs } from '../../src/model/quantity.ts';

test('a size is read in powers of 1024', () => {
  expect(['0', '7', '64k', '8m', '1g', '2t'].map(parseBytes)).toEqual([
    0,
    7,
    65_536,
    8_388_608,
    1024 ** 3,
    2 * 1024 ** 4,
  ]);
});

test('a duration is read in milliseconds and never without its unit', () => {
  expect(['500ms', '10s', '5m', '2h', '1d'].map(parseDurationMs)).toEqual([
    500, 10_000, 300_000, 7_200_000, 86_400_000,
  ]);
  expect(parseDurationMs('10')).toBeUndefined();
});

test('a quantity of another form is refused, not guessed (promise 8)', () => {
  for (const text of [
    '',
    'k',
    '08m',
    '1.5m',
    '-1',
    '+1',
    '1K',
    '1 k',
    '1kb',
    ' 1k',
    '1k\n',
    '0x10',
    '1e3',
    '9007199254740993',
    '9999t99',
  ]) {
    expect(parseBytes(text), text).toBeUndefined();
    expect(parseDurationMs(text), text).toBeUndefined();
  }
});

test('every size that is taken is a safe integer', () => {
  fc.assert(
    fc.property(fc.tuple(fc.nat(), fc.constantFrom('', 'k', 'm', 'g', 't')), ([number, unit]) => {
      const value = parseBytes(`${number}${unit}`);
      expect(value === undefined || Number.isSafeInteger(value)).toBe(true);
    }),
  );
});

test.each([
  [0, '0ms'],
  [999, '999ms'],
  [999.5, '1s'],
  [1001, '2s'],
  [59_001, '1m'],
  [65_000, '1m5s'],
  [3_599_400, '1h'],
  [3_540_000, '59m'],
  [86_399_999, '1d'],
  [90_061_000, '1d2h'],
  [Number.POSITIVE_INFINITY, 'for ever'],
])('%d milliseconds are %s for people', (durationMs, text) => {
  expect(formatDurationMs(durationMs)).toBe(text);
});
