import { describe, expect, test } from 'vitest';
import { nextRetryMs } from '../../src/supervise/next-retry.ts';

describe('opening a listener again', () => {
  test('waits a second, then twice as long each time, up to a minute', () => {
    const waits: (number | undefined)[] = [];
    for (let wait: number | undefined, count = 0; count < 9; count++) {
      wait = nextRetryMs('EADDRINUSE', wait);
      waits.push(wait);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  test.each(['EAFNOSUPPORT', 'EPROTONOSUPPORT', 'ENOPROTOOPT', 'EINVAL'])('is no use after %s', (code) => {
    expect(nextRetryMs(code, undefined)).toBeUndefined();
  });
});
