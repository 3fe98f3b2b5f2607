/** Whose inetd.conf it is. */
export type DialectName =
  | ('freebsd' | 'netbsd' | 'openbsd' | 'debian' | 'gnu' | 'busybox')
  | ('solaris' | 'aix' | 'hpux');

/** How an inetd reads its file, where they differ. docs/reference/inetd.md has the same as a table. */
export interface Dialect {
  readonly name: DialectName;
  /** At the beginning of a word, anywhere in it as in a shell, or not at all. */
  readonly quotes: 'none' | 'word' | 'gnu' | 'shell';
  /** What makes a line the rest of the one before it. */
  readonly continuation: 'indent' | 'backslash' | 'none';
  /** What `tcp` and `udp` listen on. */
  readonly plainFamily: 'ipv4' | 'both';
  /** Whether `tcp6` and `udp6` take IPv4 too. */
  readonly sixFamily: 'ipv6' | 'mapped';
  /** What stands between `nowait` and its limits. */
  readonly limitSeparators: string;
  /** What `nowait.0` means. */
  readonly zero: 'unlimited' | 'never' | 'default';
  readonly mostArguments: number;
  /** Whether `#@` is an IPsec policy and no comment. */
  readonly hasPolicies: boolean;
  /** Whether an RPC service without a version has version 1. */
  readonly hasDefaultVersion: boolean;
  /** Of a unix socket, where the file does not say. */
  readonly socketMode: string;
}

/** What the BSDs and their ports have in common. */
const COMMON: Omit<Dialect, 'name'> = {
  quotes: 'none',
  continuation: 'indent',
  plainFamily: 'ipv4',
  sixFamily: 'ipv6',
  limitSeparators: '.',
  zero: 'default',
  mostArguments: 20,
  hasPolicies: false,
  hasDefaultVersion: false,
  socketMode: '0755',
};

/** System V has neither continued lines nor limits, and its `tcp6` takes both families. */
const SYSTEM_V: Omit<Dialect, 'name'> = {
  ...COMMON,
  continuation: 'none',
  sixFamily: 'mapped',
  limitSeparators: '',
};

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  freebsd: {
    ...COMMON,
    ...{ name: 'freebsd', quotes: 'word', limitSeparators: '/', zero: 'unlimited' },
    ...{ hasPolicies: true, hasDefaultVersion: true, socketMode: '0200' },
  },
  netbsd: {
    ...COMMON,
    ...{ name: 'netbsd', quotes: 'shell', limitSeparators: ':.', zero: 'never' },
    ...{ mostArguments: 64, hasPolicies: true },
  },
  openbsd: { ...COMMON, name: 'openbsd', plainFamily: 'both' },
  debian: { ...COMMON, name: 'debian', plainFamily: 'both' },
  gnu: {
    ...COMMON,
    ...{ name: 'gnu', quotes: 'gnu', continuation: 'none', sixFamily: 'mapped' },
    mostArguments: Number.POSITIVE_INFINITY,
  },
  // It leaves IPV6_V6ONLY to the kernel, which leaves it off.
  busybox: { ...COMMON, name: 'busybox', sixFamily: 'mapped', zero: 'unlimited' },
  solaris: { ...SYSTEM_V, name: 'solaris' },
  aix: { ...SYSTEM_V, name: 'aix' },
  hpux: { ...SYSTEM_V, name: 'hpux', continuation: 'backslash' },
};

export const DIALECT_NAMES: readonly DialectName[] = Object.keys(DIALECTS) as DialectName[];
