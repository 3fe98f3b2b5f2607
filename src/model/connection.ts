import type { Endpoint } from './address.ts';

/** What is known of an accepted connection; its descriptor is owned elsewhere. */
export interface Connection {
  /** Unique within one life of the dispatcher. */
  readonly id: number;
  /** Index of the service in the launch table and the policy. */
  readonly service: number;
  /** The client, as accept(2) gave it or the header of a proxy; IPv4-mapped addresses are unwrapped. */
  readonly peer: Endpoint;
  /** The proxy that it came through, if a header says that it did (PROXY protocol). */
  readonly via?: Endpoint | undefined;
  /** Nobody has shown that the peer is who it says: anybody can write any address into a datagram (S62). */
  readonly isClaimed?: boolean | undefined;
  /** Clients of a proxy come by the same address. */
  readonly isShared?: boolean | undefined;
}
