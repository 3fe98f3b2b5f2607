import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { MOST_LINE_BYTES } from '../../src/builtins/tcpmux-line.ts';
import { MuxLine } from '../../src/dispatcher/mux-line.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { fakeBinding } from '../listeners/fake-binding.ts';

/** A socket in which so much has come, and of which the end is told where nothing is left, or the error. */
class PlayedSocket {
  rest: Buffer;
  readonly #atEnd: number;
  readonly #line: MuxLine;
  readonly #descriptor: Descriptor;

  constructor(text: string, atEnd = 0) {
    this.rest = Buffer.from(text, 'latin1');
    this.#atEnd = atEnd;
    const look = (bytes: Uint8Array): number => this.rest.copy(bytes) || this.#atEnd;
    const binding = fakeBinding({
      peek: (_fd, bytes) => look(bytes),
      receive: (_fd, bytes) => {
        const length = look(bytes);
        this.rest = this.rest.subarray(length);
        return length;
      },
    });
    this.#line = new MuxLine(binding);
    this.#descriptor = new Descriptor(binding, 7);
  }

  /** What comes of a turn, and the line so far. */
  read(): readonly [string, string] {
    return [this.#line.read(this.#descriptor), Buffer.from(this.#line.bytes).toString('latin1')];
  }
}

describe('the line of a client of tcpmux (S139)', () => {
  test('is taken up to its end, and what is behind it stays for the handler', () => {
    const socket = new PlayedSocket('raw\r\nhello');
    expect(socket.read()).toEqual(['whole', 'raw\r\n']);
    expect(socket.rest.toString()).toBe('hello');
  });

  test.each([0, -constants.errno.ECONNRESET])(
    'is none where its client is gone before its end: %i',
    (atEnd) => {
      const socket = new PlayedSocket('ra', atEnd);
      expect(socket.read()).toEqual(['more', 'ra']);
      expect(socket.read()).toEqual(['gone', 'ra']);
    },
  );

  test('is waited for where nothing has come yet', () => {
    expect(new PlayedSocket('', -constants.errno.EAGAIN).read()).toEqual(['more', '']);
  });

  test('is no name where it has no end in as many bytes as a line may have, and nothing behind is taken', () => {
    const socket = new PlayedSocket('a'.repeat(MOST_LINE_BYTES + 5));
    expect(socket.read()).toEqual(['long', 'a'.repeat(MOST_LINE_BYTES)]);
    expect(socket.rest).toHaveLength(5);
  });
});
