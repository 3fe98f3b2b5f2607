import { constants } from 'node:os';
import type { Endpoint } from '../model/address.ts';
import type { Binding } from '../native/binding.ts';
import { decodeEndpoint, ENDPOINT_BYTES } from '../native/endpoint-codec.ts';

const { errno } = constants;
const NO_ROOM = new Uint8Array(0);

/** What is known of a datagram without reading it. */
export interface Head {
  readonly sender: Endpoint;
  readonly length: number;
}

/** What a socket says instead: nothing is there; an error of an earlier sending went by; a fault that may last. */
export type Lack = 'empty' | 'passing' | { readonly errno: number };

/** Answers to what was sent from a socket, which say nothing about what has come in. */
const PASSING: ReadonlySet<number> = new Set([
  ...[errno.EINTR, errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EMSGSIZE, errno.EPROTO],
  ...[errno.ENETDOWN, errno.ENOPROTOOPT],
]);

function lackOf(result: number): Lack {
  if (result === -errno.EAGAIN) return 'empty';
  return PASSING.has(-result) ? 'passing' : { errno: -result };
}

/** The datagrams that wait in sockets: looked at, and dropped, but never read. */
export class DatagramQueue {
  readonly #binding: Binding;
  readonly #ends = new Uint8Array(2 * ENDPOINT_BYTES);

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** The first one, which stays where it is; with SO_PEEK_OFF the one after that of the last call. */
  head(fd: number): Head | Lack {
    return this.#look(fd, 1);
  }

  /** Takes the first one out, for nobody, and says what it was. */
  drop(fd: number): Head | Lack {
    return this.#look(fd, 0);
  }

  #look(fd: number, isPeek: 0 | 1): Head | Lack {
    const length = this.#binding.receiveDatagram(fd, NO_ROOM, this.#ends, isPeek);
    return length < 0 ? lackOf(length) : { sender: decodeEndpoint(this.#ends), length };
  }
}
