import { constants } from 'node:os';
import type { LineCalls } from '../../src/logging/line.ts';
import { errnoName } from '../../src/native/errno.ts';

const { errno } = constants;

/** A socket that a test plays the other end of. */
export class FakeLineCalls implements LineCalls {
  /** What came through, by descriptor. */
  readonly sent: string[] = [];
  /** What sending and looking say instead of doing it, by symbolic code. */
  sendFails: keyof typeof errno | undefined;
  peekFails: keyof typeof errno = 'EAGAIN';
  isEnd = false;
  isWritable = true;
  /** A stream takes no more than this; then EAGAIN. */
  roomBytes: number = Number.POSITIVE_INFINITY;

  /** A datagram holds no more. */
  mostBytes: number = Number.POSITIVE_INFINITY;

  send(_fd: number, bytes: Uint8Array): number {
    if (this.sendFails) return -errno[this.sendFails];
    if (bytes.length > this.mostBytes) return -errno.EMSGSIZE;
    if (this.roomBytes === 0) return -errno.EAGAIN;
    const taken = Math.min(bytes.length, this.roomBytes);
    this.roomBytes -= taken;
    this.sent.push(Buffer.from(bytes.subarray(0, taken)).toString('latin1'));
    return taken;
  }

  /** An error of a socket is told once. */
  peek(): number {
    if (this.isEnd) return 0;
    const code = this.peekFails;
    if (code === 'ECONNREFUSED') this.peekFails = 'EAGAIN';
    return -errno[code];
  }

  writable(): boolean {
    return this.isWritable;
  }

  readonly nameOf: (errno: number) => string = errnoName;
}
