import type { Carried } from './carrier.ts';
import type { RecordQueue } from './record-queue.ts';

/** The descriptor is of no use any more: another one is to be had. */
export interface Broken {
  readonly kind: 'broken';
  readonly code: string;
}

/** How records go out on one kind of descriptor; there is one for all descriptors of a sink, one after the other. */
export interface Line {
  /** It has a new one. */
  begin(fd: number): void;
  /** Without records, it looks whether the descriptor is good. */
  send(fd: number, queue: RecordQueue): Carried | Broken;
}

/** The calls that lines go out by, without waiting; a negative result is -errno. */
export interface LineCalls {
  send(fd: number, bytes: Uint8Array): number;
  /** recv(2) of what is there, which stays; 0 is the end. */
  peek(fd: number): number;
  /** poll(2) for writing. */
  writable(fd: number): boolean;
  /** The symbolic name of an errno. */
  nameOf(errno: number): string;
}
