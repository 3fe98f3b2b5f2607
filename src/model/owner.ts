import type { Endpoint } from './address.ts';

/** Both ends of a connection that somebody asks about (RFC 1413). */
export interface OwnedConnection {
  readonly local: Endpoint;
  readonly peer: Endpoint;
}

/** Whose a connection is, as it may be said: `hidden` is one who wants it so, `failed` is that it cannot be known. */
export type Owner =
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'none' | 'hidden' | 'failed' };

/** RFC 1413: up to 512 octets; no account has a name of more than this, or of what is not printed. */
const NAME = /^[!-~]{1,256}$/;

export function isOwnerName(name: string): boolean {
  return NAME.test(name);
}
