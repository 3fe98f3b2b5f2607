import { type Endpoint, isSameEndpoint } from '../model/address.ts';
import type { Binding } from '../native/binding.ts';
import type { DatagramQueue } from './datagram-queue.ts';

/** More than fit into a receive buffer of 13 MB; one that holds more is emptied. */
const MOST_LOOKED_AT = 16_384;
/** Senders that are remembered, of those who lose a datagram. */
const MOST_OTHERS = 8;

interface Options {
  readonly binding: Binding;
  readonly queue: DatagramQueue;
  readonly fd: number;
}

/** What became of the datagrams in a socket. */
export interface Kept {
  /** Whether there is one of the peer. */
  readonly isLeft: boolean;
  readonly dropped: number;
  /** Who had sent some of those that were dropped. */
  readonly others: readonly Endpoint[];
}

/** How many datagrams of others there are: Infinity if there is no telling. */
function countOthers(
  peer: Endpoint,
  { binding, queue, fd }: Options,
): { readonly count: number; readonly others: readonly Endpoint[] } {
  const others: Endpoint[] = [];
  let count = 0;
  if (binding.peekOffset(fd, 0) < 0) return { count: Number.POSITIVE_INFINITY, others };
  for (let looked = 0; ; looked++) {
    const found = queue.head(fd);
    if (found === 'empty') break;
    if (found === 'passing') continue;
    if ('errno' in found || looked === MOST_LOOKED_AT) {
      count = Number.POSITIVE_INFINITY;
      break;
    }
    if (isSameEndpoint(found.sender, peer)) continue;
    count++;
    const isNew = !others.some((other) => isSameEndpoint(other, found.sender));
    if (isNew && others.length < MOST_OTHERS) others.push(found.sender);
  }
  if (binding.peekOffset(fd, -1) < 0) count = Number.POSITIVE_INFINITY;
  return { count, others };
}

/**
 * Drops the datagrams of others from a socket that nobody but the peer can send to any more. Only the first one can be
 * taken out: those of the peer that stand before one of somebody else are lost as well.
 */
export function keepOnlyOf(peer: Endpoint, options: Options): Kept {
  const { queue, fd } = options;
  const { count, others } = countOthers(peer, options);
  let dropped = 0;
  for (let left = count; left > 0; ) {
    const found = queue.drop(fd);
    if (found === 'passing') continue;
    if (found === 'empty' || 'errno' in found) break;
    dropped++;
    if (!isSameEndpoint(found.sender, peer)) left--;
  }
  const head = queue.head(fd);
  return { isLeft: typeof head === 'object' && 'sender' in head, dropped, others };
}
