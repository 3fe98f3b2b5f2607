import { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Binding } from '../../src/native/binding.ts';
import { Client } from './client.ts';

/** A client over a pair of unix sockets, and the other end: blocking, and the caller's to close. */
export function connectedSocket(binding: Binding): { readonly client: Client; readonly fd: number } {
  const pair = new Int32Array(2);
  binding.socketPair(pair);
  const [ours = -1, fd = -1] = pair;
  const socket = new Socket({ fd: ours, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  return { client: new Client(socket), fd };
}
