/** Every code that the text of hosts.allow or hosts.deny can give rise to. docs/reference/hosts-access.md tells of each. */
export const HOSTS_CODES = {
  'hosts/missing-newline': 'error',
  'hosts/long-line': 'error',
  'hosts/control-character': 'error',
  'hosts/missing-separator': 'error',
  'hosts/empty-list': 'error',
  'hosts/empty-except': 'error',
  'hosts/inline-comment': 'error',
  'hosts/bad-daemon': 'error',
  'hosts/server-name': 'error',
  'hosts/bad-pattern': 'error',
  'hosts/bad-network': 'error',
  'hosts/host-bits': 'error',
  'hosts/bare-ipv6': 'error',
  'hosts/mapped-address': 'error',
  'hosts/zone': 'error',
  'hosts/ambiguous-wildcard': 'error',
  'hosts/ident': 'error',
  'hosts/unreadable-file': 'error',
  'hosts/nested-file': 'error',
  'hosts/unknown-netgroup': 'error',
  'hosts/open-netgroup': 'error',
  'hosts/too-many-patterns': 'error',
  'hosts/spawn': 'error',
  'hosts/twist': 'error',
  'hosts/aclexec': 'error',
  'hosts/shell-command': 'error',
  'hosts/unknown-option': 'error',
  'hosts/empty-option': 'error',
  'hosts/option-order': 'error',
  'hosts/bad-option': 'error',
  'hosts/client-expansion': 'error',
  'hosts/bad-expansion': 'error',
  'hosts/continued-comment': 'warning',
  'hosts/name-prefix': 'warning',
  'hosts/depends-on-dns': 'warning',
} as const;

export type HostsCode = keyof typeof HOSTS_CODES;

/** One problem of a file of rules, as data. */
export interface HostsProblem {
  readonly code: HostsCode;
  readonly severity: 'error' | 'warning';
  /** Lines and columns count from 1; columns in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What to write instead, if there is something. */
  readonly help: string | undefined;
}

/** What the parts of the parser say of a piece of text; the place is added by who reads lines. */
export interface Remark {
  readonly code: HostsCode;
  /** Where in the logical line it begins. */
  readonly offset: number;
  readonly message: string;
  readonly help?: string | undefined;
}

export type Say = (remark: Remark) => undefined;
