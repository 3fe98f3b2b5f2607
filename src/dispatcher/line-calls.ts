import type { LineCalls } from '../logging/line.ts';
import type { Binding } from '../native/binding.ts';
import { errnoName } from '../native/errno.ts';

/** One byte tells whether anything is there. */
const LOOK_BYTES = 1;

/** The calls of the binding that records go out by. */
export function lineCalls(binding: Binding): LineCalls {
  const look = new Uint8Array(LOOK_BYTES);
  return {
    send: (fd, bytes) => binding.send(fd, bytes, -1),
    peek: (fd) => binding.peek(fd, look),
    writable: (fd) => binding.writable(fd) > 0,
    nameOf: errnoName,
  };
}
