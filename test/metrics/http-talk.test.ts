import { describe, expect, test } from 'vitest';
import { HttpTalk } from '../../src/metrics/http-talk.ts';

/** What becomes of bytes that come in such pieces. */
function statusOf(...pieces: readonly string[]): string {
  const talk = new HttpTalk({ gather: (_, callback) => callback('body\n'), wake: () => {} });
  for (const piece of pieces) talk.take(Buffer.from(piece, 'latin1'));
  const next = talk.next();
  return typeof next === 'string' ? next : (Buffer.from(next).toString().split('\r\n', 1)[0] ?? '');
}

describe('a request of HTTP', () => {
  test('may come byte by byte', () => {
    expect(statusOf(...'GET / HTTP/1.1\r\nHost: z\r\n\r\n')).toBe('HTTP/1.1 200 OK');
  });

  test('that has not ended is waited for, and what comes behind it is not read', () => {
    expect(statusOf('GET / HTTP/1.1\r\nHost: z\r\n')).toBe('listen');
    expect(statusOf('GET / HTTP/1.1\r\n\r\nPOST', ' /x HTTP/1.1\r\n\r\n')).toBe('HTTP/1.1 200 OK');
  });

  test.each([
    ['a bare LF', 'GET / HTTP/1.1\nHost: z\r\n\r\n'],
    ['no version', 'GET /\r\n\r\n'],
    ['another version', 'GET / HTTP/2.0\r\n\r\n'],
    ['an absolute URL', 'GET http://z/ HTTP/1.1\r\n\r\n'],
    ['two spaces', 'GET  / HTTP/1.1\r\n\r\n'],
    ['a folded line', 'GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n'],
    ['white space ahead of a colon', 'GET / HTTP/1.1\r\nA : b\r\n\r\n'],
    ['a control character', 'GET / HTTP/1.1\r\nA: \x1b[2J\r\n\r\n'],
    ['no HTTP at all', '\x16\x03\x01\r\n\r\n'],
  ])('with %s is refused', (_, text) => {
    expect(statusOf(text)).toBe('HTTP/1.1 400 Bad Request');
  });

  test('has 8 KiB for its head', () => {
    const withHead = (length: number) => `GET / HTTP/1.1\r\nA: ${'x'.repeat(length)}\r\n\r\n`;
    expect(statusOf(withHead(8000))).toBe('HTTP/1.1 200 OK');
    expect(statusOf(withHead(8200))).toMatch(/^HTTP\/1\.1 431 /);
    expect(statusOf('x'.repeat(8193))).toMatch(/^HTTP\/1\.1 431 /);
  });
});
