import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_REPORT, OLDEST, REPORT_BYTES, reportedId } from '../../src/dispatcher/worker-report.ts';

function idOf(text: string): number {
  const bytes = Buffer.alloc(REPORT_BYTES + 1);
  bytes.write(text, 1, 'latin1');
  return reportedId(bytes, Math.min(1 + text.length, bytes.length));
}

describe('a report of a worker', () => {
  test('is about the oldest connection, or about the one that it names', () => {
    expect(idOf('')).toBe(OLDEST);
    expect(idOf('1')).toBe(1);
    expect(idOf(String(Number.MAX_SAFE_INTEGER))).toBe(Number.MAX_SAFE_INTEGER);
  });

  test.each([
    '0',
    '01',
    '-1',
    '+1',
    ' 1',
    '1 ',
    '1\0',
    '1e3',
    '0x1',
    'a',
    '9007199254740992',
    '9'.repeat(17),
  ])('is none when what it names is %j', (text) => {
    expect(idOf(text)).toBe(NO_REPORT);
  });

  test('is none without a status', () => {
    expect(reportedId(new Uint8Array(REPORT_BYTES), 0)).toBe(NO_REPORT);
  });

  test('names a connection only as zinetd has written it, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: REPORT_BYTES + 1 }), (bytes) => {
        const id = reportedId(bytes, bytes.length);
        const text = Buffer.from(bytes.subarray(1)).toString('latin1');
        expect(id === NO_REPORT || text === (id === OLDEST ? '' : String(id))).toBe(true);
      }),
    );
  });
});
