import { constants } from 'node:os';
import type { Binding } from '../../src/native/binding.ts';
import { fakeBinding } from '../listeners/fake-binding.ts';

const { errno } = constants;

/** The kernel's side of one socket: what its peer has sent, and what it takes. */
export class PlayedSocket {
  /** `end`: it says no more. */
  readonly sent: (string | 'end')[] = [];
  said = '';
  /** How much it takes. */
  room: number = Number.POSITIVE_INFINITY;
  /** Of recv(2) once all that was sent is read, and of send(2) at once. */
  error = 0;
  isShut = false;
  reads = 0;
  /** SO_ERROR */
  connectError = 0;
  isImmediate = false;

  take(bytes: Uint8Array): number {
    if (this.error !== 0) return -this.error;
    const length = Math.min(bytes.length, this.room);
    if (length === 0) return -errno.EAGAIN;
    this.room -= length;
    this.said += Buffer.from(bytes.subarray(0, length)).toString('latin1');
    return length;
  }

  give(bytes: Uint8Array): number {
    this.reads++;
    const next = this.sent.shift();
    if (next === undefined) return this.error === 0 ? -errno.EAGAIN : -this.error;
    if (next === 'end') return 0;
    const text = Buffer.from(next, 'latin1').subarray(0, bytes.length);
    bytes.set(text);
    if (text.length < next.length) this.sent.unshift(next.slice(text.length));
    return text.length;
  }
}

/** Calls of the binding on played sockets, by their descriptors. */
export function playedBinding(
  socketOf: (fd: number) => PlayedSocket,
  onClose: (fd: number) => void,
): Binding {
  return fakeBinding({
    send: (fd, bytes) => socketOf(fd).take(bytes),
    receive: (fd, bytes) => socketOf(fd).give(bytes),
    shutdownWrite: (fd) => {
      const socket = socketOf(fd);
      if (socket.error !== 0) return -errno.ENOTCONN;
      socket.isShut = true;
      return 0;
    },
    // A connection is on its way until an event says otherwise.
    writable: () => 0,
    socketError: (fd) => -socketOf(fd).connectError,
    setNoDelay: (fd) => {
      socketOf(fd).isImmediate = true;
      return 0;
    },
    close: (fd) => {
      onClose(fd);
      return 0;
    },
  });
}
