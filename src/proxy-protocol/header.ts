import type { Endpoint } from '../model/address.ts';

/** What a proxy says of the connection that its header is ahead of. */
export type ProxyHeader =
  | { readonly kind: 'client'; readonly source: Endpoint; readonly destination: Endpoint }
  /** The connection is the proxy's own, or of somebody without an address of TCP: it counts as what it is. */
  | { readonly kind: 'own' };

/** What is wrong with a header, in a word for the log. */
export type HeaderFault =
  | 'bad_signature'
  | 'bad_version'
  | 'bad_command'
  | 'bad_family'
  | 'bad_transport'
  | 'bad_line'
  | 'bad_address'
  | 'bad_port'
  | 'short_addresses'
  | 'bad_tlv'
  | 'bad_checksum'
  | 'too_long';

export type HeaderParse =
  /** There is no end yet, and all bytes so far belong to the header. */
  | { readonly kind: 'more' }
  /** Those behind the first `length` bytes are the client's. */
  | { readonly kind: 'header'; readonly header: ProxyHeader; readonly length: number }
  | { readonly kind: 'malformed'; readonly fault: HeaderFault };
