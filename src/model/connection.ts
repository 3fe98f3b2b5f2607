import type { Endpoint } from './address.ts';

/** What is known of an accepted connection; its descriptor is owned elsewhere. */
export interface Connection {
  /** Unique within one life of the dispatcher. */
  readonly id: number;
  /** Index of the service in the launch table and the policy. */
  readonly service: number;
  /** The peer as accept(2) gave it, IPv4-mapped addresses unwrapped. */
  readonly peer: Endpoint;
  /** Nobody has shown that the peer is who it says: anybody can write any address into a datagram (S62). */
  readonly isClaimed?: boolean | undefined;
}
