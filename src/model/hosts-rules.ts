/** A text that a name is compared with, in lower case. */
export type NamePattern =
  | { readonly kind: 'all' }
  | { readonly kind: 'name'; readonly name: string }
  /** `.example.org`: the end of a name, its dot included. */
  | { readonly kind: 'domain'; readonly suffix: string }
  /** `www.`: the beginning of a name, its dot included. */
  | { readonly kind: 'name-prefix'; readonly prefix: string }
  /** With `*` and `?`. */
  | { readonly kind: 'name-glob'; readonly glob: string };

/** What tcp_wrappers says about a host without naming one. */
export type HostKeyword = 'known' | 'unknown' | 'local' | 'paranoid';

/** What one host is compared with. Names never meet what is about addresses, and the other way round (S43). */
export type HostPattern =
  | NamePattern
  | { readonly kind: HostKeyword }
  /** `address & mask` is `net`; 4 or 16 bytes, in network order. A single address has a full mask. */
  | { readonly kind: 'network'; readonly net: readonly number[]; readonly mask: readonly number[] }
  /** `10.0.*`: the text of an IPv4 address. */
  | { readonly kind: 'address-glob'; readonly glob: string }
  /** `/path`: what stood in the file when the rules were read. */
  | { readonly kind: 'file'; readonly path: string; readonly patterns: readonly HostPattern[] }
  /** `@name`: the names of its hosts, in lower case. */
  | { readonly kind: 'netgroup'; readonly name: string; readonly hosts: readonly string[] };

/** `name`, or `name@host` of the server's side. A number is the port of the server, never a name. */
export interface DaemonPattern {
  readonly daemon: NamePattern | { readonly kind: 'port'; readonly port: number };
  readonly at: HostPattern | undefined;
}

/** One of `any`, unless `except` matches: `a EXCEPT b EXCEPT c` is `a EXCEPT (b EXCEPT c)`. */
export interface PatternList<Pattern> {
  readonly any: readonly Pattern[];
  readonly except: PatternList<Pattern> | undefined;
}

/** What a rule does besides its verdict, in the order in which it is written. */
export type HostsOption =
  | { readonly kind: 'severity'; readonly facility: string | undefined; readonly level: string }
  | { readonly kind: 'keepalive' }
  | { readonly kind: 'linger'; readonly seconds: number }
  /** A text for the client: the file in `directory` that is named as the daemon. */
  | { readonly kind: 'banners'; readonly directory: string }
  | { readonly kind: 'nice'; readonly increment: number }
  /** The value is `parts` joined by the name of the daemon, which stands where `%d` was. */
  | { readonly kind: 'setenv'; readonly name: string; readonly parts: readonly string[] }
  | { readonly kind: 'umask'; readonly mask: number }
  | { readonly kind: 'user'; readonly user: string; readonly group: string | undefined }
  | { readonly kind: 'group'; readonly group: string };

/** One rule of hosts.allow or hosts.deny. Plain data: it travels as JSON. */
export interface HostsRule {
  readonly file: string;
  /** Of its first line. */
  readonly line: number;
  /** As written, continued lines joined, for logs and `explain`. */
  readonly text: string;
  /** What a match says: what its table says, unless `allow` or `deny` ends the rule. */
  readonly grants: boolean;
  readonly daemons: PatternList<DaemonPattern>;
  readonly clients: PatternList<HostPattern>;
  readonly options: readonly HostsOption[];
}

/** Both tables. The first match in `allow` decides, else the first in `deny`, else access is granted. */
export interface HostsRules {
  readonly allow: readonly HostsRule[];
  readonly deny: readonly HostsRule[];
}
