/** A rule of hosts.allow before a hosts.deny that denies all: the answer of tcpdmatch, and why zinetd has none. */
export interface Difference {
  readonly rule: string;
  /** 10.0.0.1, without a name, unless written. */
  readonly client?: string;
  readonly theirs: 'granted' | 'denied' | 'delegated';
  readonly code: string;
}

/** The differences that docs/reference/hosts-access.md explains: each is refused, so that no weaker policy is built. */
export const REFUSED: readonly Difference[] = [
  // tcp_wrappers takes these, and zinetd holds them to be mistakes or holes.
  { rule: 'sshd: ALL@10.0.0.1', theirs: 'granted', code: 'hosts/ident' },
  { rule: 'sshd: ALL: rfc931 20', theirs: 'granted', code: 'hosts/ident' },
  { rule: 'sshd: ALL: spawn /bin/true', theirs: 'granted', code: 'hosts/spawn' },
  { rule: 'sshd: ALL: twist /bin/true', theirs: 'delegated', code: 'hosts/twist' },
  { rule: 'sshd: ALL: aclexec /bin/true', theirs: 'granted', code: 'hosts/aclexec' },
  { rule: 'sshd: ALL: setenv PEER %h', theirs: 'granted', code: 'hosts/client-expansion' },
  { rule: 'sshd: ALL: setenv PEER %z', theirs: 'granted', code: 'hosts/bad-expansion' },
  { rule: 'sshd: ALL: setenv HERE %A', theirs: 'granted', code: 'hosts/bad-expansion' },
  { rule: 'sshd: ALL: setenv A-B c', theirs: 'granted', code: 'hosts/bad-option' },
  { rule: 'sshd: ALL: banners relative', theirs: 'granted', code: 'hosts/bad-option' },
  { rule: 'sshd: ALL: nice 500', theirs: 'granted', code: 'hosts/bad-option' },
  { rule: 'sshd: un*', theirs: 'granted', code: 'hosts/ambiguous-wildcard' },
  { rule: 'sshd: 1*', theirs: 'granted', code: 'hosts/ambiguous-wildcard' },
  { rule: 'sshd: 2001*', client: '2001:db8::5', theirs: 'granted', code: 'hosts/ambiguous-wildcard' },
  { rule: 'sshd: *.*', client: 'alpha.example.test', theirs: 'granted', code: 'hosts/ambiguous-wildcard' },
  { rule: 'sshd: .0.1', theirs: 'granted', code: 'hosts/bad-pattern' },
  { rule: 'sshd: [2001:db8::5]/32', client: '2001:db8::5', theirs: 'granted', code: 'hosts/host-bits' },
  { rule: 'sshd: [2001:db8::]/32x', client: '2001:db8::5', theirs: 'granted', code: 'hosts/bad-network' },
  { rule: 'sshd: 10.0.0.0/8x', theirs: 'granted', code: 'hosts/bad-network' },
  { rule: 'sshd: 10.0.0.0/08', theirs: 'granted', code: 'hosts/bad-network' },
  { rule: 'sshd: 10.0.0.1 # a comment', theirs: 'granted', code: 'hosts/inline-comment' },
  { rule: 'sshd: ALL EXCEPT', theirs: 'granted', code: 'hosts/empty-except' },
  { rule: 'sshd@KNOWN: ALL', theirs: 'denied', code: 'hosts/server-name' },
  { rule: 'sshd@server.test: ALL', theirs: 'denied', code: 'hosts/server-name' },
  { rule: '0: ALL', theirs: 'granted', code: 'hosts/bad-daemon' },
  // tcp_wrappers never matches these, skips them, or denies service whoever comes.
  { rule: 'sshd: 2001:db8::5', client: '2001:db8::5', theirs: 'denied', code: 'hosts/bare-ipv6' },
  { rule: 'sshd: 2001:db8::/32', client: '2001:db8::5', theirs: 'denied', code: 'hosts/bare-ipv6' },
  { rule: 'sshd: [::ffff:10.0.0.1]', theirs: 'denied', code: 'hosts/mapped-address' },
  { rule: 'sshd: [::ffff:10.0.0.0]/104', theirs: 'denied', code: 'hosts/mapped-address' },
  { rule: 'sshd: [fe80::1%lo]', client: '2001:db8::5', theirs: 'denied', code: 'hosts/zone' },
  { rule: 'sshd: [10.0.0.1]', theirs: 'denied', code: 'hosts/bad-pattern' },
  { rule: 'sshd: [2001:db8:*]', client: '2001:db8::5', theirs: 'denied', code: 'hosts/bad-pattern' },
  { rule: 'sshd: 10.0.0.1/8', theirs: 'denied', code: 'hosts/host-bits' },
  { rule: 'sshd: 0.0.0.0/0', theirs: 'denied', code: 'hosts/bad-network' },
  { rule: 'sshd: 10.0.0.1/255.255.255.255', theirs: 'denied', code: 'hosts/bad-network' },
  { rule: 'sshd: 10.0.0', theirs: 'denied', code: 'hosts/bad-pattern' },
  { rule: 'sshd: 010.0.0.1', theirs: 'denied', code: 'hosts/bad-pattern' },
  { rule: 'sshd: 10.0.0.*.', theirs: 'denied', code: 'hosts/bad-pattern' },
  { rule: 'sshd: <IP>/<CIDR>', theirs: 'denied', code: 'hosts/bad-network' },
  { rule: 'sshd: @none', client: 'alpha.example.test', theirs: 'denied', code: 'hosts/unknown-netgroup' },
  { rule: 'sshd: /nonexistent', theirs: 'denied', code: 'hosts/unreadable-file' },
  { rule: 'sshd: EXCEPT 10.0.0.2', theirs: 'denied', code: 'hosts/empty-except' },
  { rule: 'sshd 10.0.0.1', theirs: 'denied', code: 'hosts/missing-separator' },
  { rule: ': 10.0.0.1', theirs: 'denied', code: 'hosts/empty-list' },
  { rule: 'LOCAL: ALL', theirs: 'denied', code: 'hosts/bad-daemon' },
  { rule: '@sshd: ALL', theirs: 'denied', code: 'hosts/bad-daemon' },
  { rule: 'sshd: ALL:', theirs: 'denied', code: 'hosts/empty-option' },
  { rule: 'sshd: ALL: allow: keepalive', theirs: 'denied', code: 'hosts/option-order' },
  { rule: 'sshd: ALL: (/bin/true) &', theirs: 'denied', code: 'hosts/shell-command' },
  { rule: 'sshd: ALL: alow', theirs: 'denied', code: 'hosts/unknown-option' },
  { rule: 'sshd: ALL: severity authpriv.info', theirs: 'denied', code: 'hosts/bad-option' },
  { rule: 'sshd: ALL: umask 8', theirs: 'denied', code: 'hosts/bad-option' },
];
