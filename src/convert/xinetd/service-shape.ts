/** What `type` can say. */
export const TYPE_WORDS = ['rpc', 'internal', 'unlisted', 'special', 'tcpmux', 'tcpmuxplus'] as const;

/** What `flags` can say. */
export const FLAG_WORDS = [
  'intercept',
  'noretry',
  'idonly',
  'nameinargs',
  'nodelay',
  'keepalive',
  'nolibwrap',
  'sensor',
  'ipv4',
  'ipv6',
  'labeled',
  'reuse',
] as const;

/** What the rest of an entry hangs on. */
export interface ServiceShape {
  readonly types: ReadonlySet<(typeof TYPE_WORDS)[number]>;
  readonly flags: ReadonlySet<(typeof FLAG_WORDS)[number]>;
  readonly kind: 'program' | 'builtin' | 'sensor' | 'redirect';
  /** How clients get in. */
  readonly door: 'port' | 'rpc' | 'mux';
  readonly transport: 'tcp' | 'udp';
  /** Its program gets the socket itself. */
  readonly isWaiting: boolean;
  /** Its socket is one of IPv4; else of IPv6, which by default takes both. */
  readonly isIpv4: boolean;
  /** Whether anybody knows the client before the program does. */
  readonly knowsPeers: boolean;
}
