/** Why there is no name: nobody gave one, it is not a name, the look-up failed, took too long, or was one too many. */
export const UNKNOWN_REASONS = ['none', 'invalid', 'failed', 'timeout', 'busy'] as const;

/**
 * What the name services say of an address. `known`: the name leads back to the very address; `paranoid`: it
 * does not, or looks like an address itself, so that only its owner vouches for it (S42, S43).
 */
export type HostName =
  | { readonly kind: 'known' | 'paranoid'; readonly name: string }
  | { readonly kind: 'unknown'; readonly why: (typeof UNKNOWN_REASONS)[number] };

const MOST_CHARACTERS = 253;
/** Underscores are no part of RFC 1123 and common; a hyphen in front would pass for an option (S30). */
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** Resolvers and browsers take such an ending for a number of an IPv4 address. */
const NUMBER = /^([0-9]+|0x[0-9a-f]*)$/;

/** A host name in small letters without the dot of the root; undefined for what is none. */
export function parseHostName(text: string): string | undefined {
  if (!/^[\w.-]+$/.test(text)) return undefined;
  const name = text.toLowerCase().replace(/\.$/, '');
  if (name.length > MOST_CHARACTERS) return undefined;
  return name.split('.').every((label) => LABEL.test(label)) ? name : undefined;
}

/** Whether a host name could be mistaken for an address (S43). */
export function looksLikeAddress(name: string): boolean {
  return NUMBER.test(name.split('.').at(-1) ?? '');
}
