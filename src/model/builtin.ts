/** What FreeBSD's inetd(8) has as options of its `auth` service; RFC 1413. */
export interface IdentPolicy {
  /** Said of everybody, unless something else is found; undefined: an error, `unknownError`. */
  readonly fallback: string | undefined;
  /** A random token instead of a name. */
  readonly isRandom: boolean;
  /** The uid instead of the name. */
  readonly isNumeric: boolean;
  /** Whether the owner of the connection is looked up at all. */
  readonly isReal: boolean;
  /** Whether `~/.fakeid` is honoured: not at all, unless it names a user, or whatever it says. */
  readonly fakeid: 'none' | 'checked' | 'any';
  /** Whether `~/.noident` hides its owner. */
  readonly noident: boolean;
  readonly os: string;
  readonly timeoutMs: number;
}

/** A service that zinetd itself gives. */
export type Builtin =
  | { readonly kind: 'echo' | 'discard' | 'daytime' | 'time' | 'chargen' | 'tcpmux' }
  /** A character for each byte, with the line ends that are said; at least one. */
  | { readonly kind: 'qotd'; readonly quotes: readonly string[] }
  | { readonly kind: 'ident'; readonly ident: IdentPolicy };

export type BuiltinKind = Builtin['kind'];

export const BUILTIN_KINDS: readonly BuiltinKind[] = [
  ...(['echo', 'discard', 'daytime', 'time', 'chargen', 'ident', 'qotd', 'tcpmux'] as const),
];

/** A service as tcpmux knows it (RFC 1078). */
export interface MuxName {
  /** In lower case: names are compared without case. */
  readonly name: string;
  /** Whether zinetd itself says `+Go`, and the handler only speaks its own protocol. */
  readonly isAnswered: boolean;
}
