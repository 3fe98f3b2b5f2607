import { describe, expect, test } from 'vitest';
import { daytimeLine } from '../../src/builtins/daytime.ts';
import { timeBytes } from '../../src/builtins/time.ts';

process.env['TZ'] = 'UTC';

/** The clock, what `time` says by RFC 868, what `daytime` says as ctime(3) does. */
const MOMENTS: readonly (readonly [string, number, string])[] = [
  ['1970-01-01T00:00:00Z', 2_208_988_800, 'Thu Jan  1 00:00:00 1970'],
  ['1976-01-01T00:00:00Z', 2_398_291_200, 'Thu Jan  1 00:00:00 1976'],
  ['2036-02-07T06:28:15Z', 0xffff_ffff, 'Thu Feb  7 06:28:15 2036'],
  ['2036-02-07T06:28:16Z', 0, 'Thu Feb  7 06:28:16 2036'],
  ['2038-01-19T03:14:07Z', 0x7fff_ffff + 2_208_988_800 - 2 ** 32, 'Tue Jan 19 03:14:07 2038'],
  ['2038-01-19T03:14:08Z', 0x8000_0000 + 2_208_988_800 - 2 ** 32, 'Tue Jan 19 03:14:08 2038'],
  ['2106-02-07T06:28:16Z', 2_208_988_800, 'Sun Feb  7 06:28:16 2106'],
  ['1969-12-31T23:59:59.500Z', 2_208_988_799, 'Wed Dec 31 23:59:59 1969'],
];

describe('the clock of the built-ins (S141)', () => {
  test.each(MOMENTS)('at %s is %d seconds in 32 bits, and the line of ctime', (at, seconds, line) => {
    const bytes = timeBytes(Date.parse(at));
    expect(bytes).toHaveLength(4);
    expect(new DataView(bytes.buffer).getUint32(0)).toBe(seconds);
    expect(Buffer.from(daytimeLine(Date.parse(at))).toString()).toBe(`${line}\r\n`);
  });
});
