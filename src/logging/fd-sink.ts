import { fstatSync, writeSync } from 'node:fs';
import { type Carried, type Carrier, WAITS, WENT } from './carrier.ts';
import { QueueSink, type QueueSinkOptions } from './queue-sink.ts';
import type { RecordQueue } from './record-queue.ts';

/** PIPE_BUF: a pipe that poll(2) calls writable takes this much without blocking, and takes it whole. */
const PIPE_CHUNK_BYTES = 4096;
const FILE_CHUNK_BYTES = 65_536;

export interface FdSinkOptions extends Pick<QueueSinkOptions, 'after' | 'soon' | 'queueLimitBytes'> {
  /** Stays open for the life of the sink; it belongs to the caller. */
  readonly fd: number;
  /** poll(2) for writing, without waiting. */
  readonly writable: (fd: number) => boolean;
}

/** How many bytes went out; 0 for EAGAIN, EPIPE, ENOSPC, EIO and everything else that may pass. */
function tryWrite(fd: number, chunk: string): number {
  try {
    return writeSync(fd, chunk, null, 'latin1');
  } catch {
    return 0;
  }
}

function fdCarrier({ fd, writable }: FdSinkOptions): Carrier {
  const isFile = fstatSync(fd).isFile();
  const writeSome = (queue: RecordQueue): number => {
    if (isFile) return tryWrite(fd, queue.front(FILE_CHUNK_BYTES));
    return writable(fd) ? tryWrite(fd, queue.front(PIPE_CHUNK_BYTES)) : 0;
  };
  const carry = (queue: RecordQueue): Carried => {
    if (queue.bytes === 0) return WENT;
    const written = writeSome(queue);
    queue.drop(written);
    return written === 0 ? WAITS : WENT;
  };
  return { carry, renew: () => {}, close: () => {} };
}

/** A sink over a descriptor that is there from the start, such as standard output. */
export function createFdSink(options: FdSinkOptions): QueueSink {
  return new QueueSink({ ...options, carrier: () => fdCarrier(options) });
}
