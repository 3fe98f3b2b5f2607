import type { ListenPlace } from './listen-address.ts';

/** The descriptor of the one that has number 0: SD_LISTEN_FDS_START of sd_listen_fds(3), and so of what is written. */
export const FIRST_INHERITED = 3;

/** A socket that zinetd was started with: sd_listen_fds(3). */
export interface InheritedSocket {
  /** From 0, in the order that they came in. */
  readonly number: number;
  /** Of LISTEN_FDNAMES; several can have the same. */
  readonly name: string;
  /** What it is bound to; a reason where nobody can be served on it. */
  readonly state: { readonly place: ListenPlace; readonly isMptcp: boolean } | { readonly fault: string };
}

/** How a listener of this kind is written. */
export function describeInherited({ name }: Pick<InheritedSocket, 'name'>): string {
  return `fd://${name}`;
}
