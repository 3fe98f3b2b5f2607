/** A hole that a program of this kind has had, or that the platform makes easy. */
export interface SecurityEntry {
  readonly name: string;
  /** What it was. */
  readonly what: string;
  /** What it is known by: records, releases, or that it was reproduced. */
  readonly known: string;
  /** Files with what holds it, besides those whose comments name it. */
  readonly guards?: readonly string[];
  /** Instead of a test: why there can be none. */
  readonly reason?: string;
}

export interface SecurityGroup {
  readonly title: string;
  readonly entries: readonly SecurityEntry[];
}

/** The numbers are those that titles of tests and comments of sources have: none may change its meaning. */
export const SECURITY_GROUPS: readonly SecurityGroup[] = [
  {
    title: 'Leaks on the unhappy path',
    entries: [
      {
        name: 'S1',
        what: 'Memory is lost with each refused connection',
        known: 'CVE-2003-0211 (xinetd 2.3.10)',
        guards: ['src/dispatcher/refuse.ts'],
      },
      {
        name: 'S2',
        what: 'One reason to refuse forgets to close the descriptor',
        known: 'CVE-2013-3571 (socat); OpenBSD inetd 1996 to 1998',
        guards: ['src/dispatcher/refuse.ts'],
      },
      {
        name: 'S3',
        what: 'A built-in service leaves its sockets open',
        known: 'CVE-2001-0309 (inetd of Red Hat 6.2); xinetd 2.3.10',
        guards: ['src/builtins/conversation.ts'],
      },
      {
        name: 'S4',
        what: 'Each reload leaks a descriptor, or memory',
        known: 'xinetd before 2.3.12; Debian #1050208 (openbsd-inetd)',
        guards: ['src/native/spawner/reload.c', 'src/dispatcher/outlets.ts'],
      },
      {
        name: 'S5',
        what: 'A file beside the configuration that cannot be understood is left open',
        known: 'xinetd `xgetloadavg`, 2016',
        guards: ['src/config/read.ts', 'src/config/list-reader.ts'],
      },
      {
        name: 'S6',
        what: 'The socket of a datagram handler that does not wait stays open',
        known: 'BusyBox inetd, 2011',
        guards: ['src/dispatcher/open-peers.ts', 'src/listeners/peer-listener.ts'],
      },
      {
        name: 'S7',
        what: 'Descriptors that came with an odd control message are kept',
        known: 'CVE-2020-12049 (dbus)',
      },
      {
        name: 'S8',
        what: 'A callback of TLS that throws ends the process, or leaks the descriptor',
        known: 'CVE-2026-21637 (Node)',
        guards: ['src/relay/tls-handshake.ts', 'src/dispatcher/handshakes.ts'],
      },
      {
        name: 'S9',
        what: 'Connections that failed are counted for ever',
        known: 'systemd #20685; CVE-2002-1563 (stunnel); xinetd 2.1.8.7',
        guards: ['src/supervise/ledger.ts'],
      },
      {
        name: 'S10',
        what: 'A pause or a reload forgets the instances that run',
        known: 'xinetd-org #21',
        guards: ['src/supervise/child-table.ts', 'src/admission/source-table.ts'],
      },
    ],
  },
  {
    title: 'Descriptors that are inherited or shared',
    entries: [
      {
        name: 'S11',
        what: 'Pipes of the server itself leak into handlers',
        known: 'CVE-2002-0871 (xinetd 2.3.4); CVE-2020-28012 (Exim); CVE-2014-3956 (sendmail)',
        guards: ['src/native/spawner/child.c'],
      },
      {
        name: 'S12',
        what: 'A handler holds the listener, and with it the service',
        known: 'CVE-2003-0740 (stunnel)',
        guards: ['src/native/spawner/child.c'],
      },
      {
        name: 'S13',
        what: 'A descriptor of a directory leads out of the confinement',
        known: 'CVE-2024-21626 (runc); CVE-2020-14339 (libvirt)',
        guards: ['src/native/spawner/child.c', 'src/native/spawner/sandbox.c'],
      },
      {
        name: 'S14',
        what: 'Started with 0, 1 or 2 closed, the server takes a client for its log, or the other way round',
        known: 'CVE-2002-0572 (FreeBSD); CVE-2021-44717 (Go); xinetd 2.3.14',
      },
      {
        name: 'S15',
        what: 'Descriptors that the server was started with travel on to handlers',
        known: 'reproduced with inetutils-inetd',
      },
      {
        name: 'S16',
        what: 'O_NONBLOCK is shared: one that clears it makes the next accept(2) block',
        known: 'CVE-1999-0396 (NetBSD); reproduced with Node',
      },
      {
        name: 'S17',
        what: 'The server reads bytes that were meant for the handler',
        known: 'xinetd-org PR 9 (tcpmux); reproduced with Node',
      },
      {
        name: 'S18',
        what: 'What the server does to its copy of a socket ends the connection of the handler',
        known: 'reproduced: shutdown(2) is about the connection',
        guards: ['src/dispatcher/serve.ts'],
      },
      {
        name: 'S19',
        what: 'Standard output is closed under the handler',
        known: 'Debian #342559 (xinetd)',
        guards: ['src/native/spawner/child.c'],
      },
    ],
  },
  {
    title: 'Dropping privilege',
    entries: [
      {
        name: 'S20',
        what: 'One way of starting a handler forgets its user',
        known: 'CVE-2013-4342 (tcpmux of xinetd)',
        guards: ['src/native/spawner/child.c'],
      },
      {
        name: 'S21',
        what: 'Supplementary groups are kept, missing, or those of somebody else',
        known:
          'CVE-2001-0196 (FreeBSD inetd); CVE-2015-0278 (libuv); CVE-2018-12615; CVE-2022-36109 and its kin',
      },
      {
        name: 'S22',
        what: 'A change of identity that fails goes unnoticed',
        known: 'CVE-2023-40303 (inetutils); CVE-2006-2607 (cron)',
      },
      {
        name: 'S23',
        what: 'Identity is dropped in the wrong order, or can be had back',
        known: 'OpenBSD inetd 1996; ucspi-tcp 2000',
      },
      {
        name: 'S24',
        what: 'A user whose name cannot be understood becomes root',
        known: 'CVE-2017-1000082 and CVE-2020-13776 (systemd)',
      },
      {
        name: 'S25',
        what: 'A user database that cannot be read is one without users',
        known: 'a lead of the catalogue',
      },
      {
        name: 'S26',
        what: 'The umask of whoever started the server reaches handlers',
        known: 'CVE-2001-1322 (xinetd); HP-UX inetd',
        guards: ['src/native/spawner/child.c'],
      },
      {
        name: 'S27',
        what: 'Signals stay ignored or blocked in handlers',
        known: 's6-tcpserver 2021; OpenBSD inetd 1998; reproduced with two inetds',
      },
      {
        name: 'S28',
        what: 'Limits of the server become those of handlers',
        known: 'xinetd 2.1.0; reproduced: Node raises that of descriptors',
      },
      {
        name: 'S29',
        what: 'The environment of whoever started the server reaches handlers',
        known: 'CVE-2014-9680 (TZ); CVE-2019-3842; CVE-2026-28372; reproduced with three inetds',
        guards: ['src/native/spawner/environment.c', 'src/launch/plan-environment.ts'],
      },
      {
        name: 'S30',
        what: 'What a client chose is taken for an option, or by a shell',
        known: 'CVE-2026-24061 (telnetd of inetutils); tcp_wrappers 4.3',
      },
      {
        name: 'S31',
        what: 'A handler types on the terminal of whoever started the server',
        known: 'CVE-2006-7098 (Apache); CVE-2016-2568; CVE-2017-5226; CVE-2023-28339',
        guards: ['src/native/spawner/child.c'],
      },
      {
        name: 'S32',
        what: 'A handler that signals its process group ends the server',
        known: 'rlinetd 2009',
        guards: ['src/native/spawner/child.c'],
      },
      {
        name: 'S33',
        what: 'A handler with the uid of the server takes it over',
        known: 'reproduced: signals, ptrace, /proc',
        guards: ['src/config/settle-scope.ts', 'src/native/spawner/sandbox.c'],
      },
      {
        name: 'S34',
        what: 'Capabilities are left over, or can be gained',
        known: 'reproduced with `spawn` of Node',
        guards: ['src/config/sandbox/plan-capabilities.ts', 'src/native/spawner/sandbox.c'],
      },
      {
        name: 'S35',
        what: 'Files with set-id bits outlive the dynamic user that made them',
        known: 'CVE-2019-3843 and CVE-2019-3844 (systemd)',
      },
      {
        name: 'S36',
        what: 'In a user namespace a group can be given away, and with it what it was denied',
        known: 'CVE-2014-8989; CVE-2018-7169',
      },
      {
        name: 'S37',
        what: 'The privileged process does work that needs no privilege',
        known: 'audit of xinetd: ident, built-ins, RECORD',
        guards: ['src/native/spawner/workers.c'],
      },
      {
        name: 'S38',
        what: 'An io_uring goes on with the old identity',
        known: 'CVE-2024-22017 (Node)',
      },
      {
        name: 'S39',
        what: 'One thread keeps what the others have dropped',
        known: 'reproduced: Landlock, capset(2) and prctl(2) are about a thread',
        guards: ['src/native/spawner/workers.c'],
      },
      {
        name: 'S40',
        what: 'Core dumps and memory of handlers have the secrets of the server',
        known: 'CVE-2022-4415 and CVE-2025-4598 (systemd-coredump)',
      },
    ],
  },
  {
    title: 'Access control',
    entries: [
      {
        name: 'S41',
        what: 'A host without a name matches a rule by name',
        known: 'CVE-2000-0536 (xinetd 2.1.8)',
      },
      {
        name: 'S42',
        what: 'A name is believed that does not lead back to the address',
        known: 'CVE-2001-1155 (tcp_wrappers of FreeBSD); CVE-2011-2500 (nfs-utils)',
      },
      {
        name: 'S43',
        what: 'A name in the shape of an address matches rules about addresses',
        known: 'CVE-2003-0386 (OpenSSH)',
      },
      {
        name: 'S44',
        what: 'A list that cannot be read is no list',
        known: 'tcp_wrappers before 4.3; ipsvd 0.9.7',
      },
      {
        name: 'S45',
        what: 'The two ends of a connection are mixed up',
        known: 'CVE-2007-4601 (libwrap); CVE-2008-4552; CVE-2008-6123',
      },
      {
        name: 'S46',
        what: 'Masks are computed wrong',
        known: 'nine repairs of xinetd, 2.1.3 to 2.3.13',
        guards: [
          'src/admission/find-prefix.ts',
          'src/compile/prefix-table.ts',
          'src/config/canonical-prefix.ts',
        ],
      },
      {
        name: 'S47',
        what: 'An IPv4 client slips past its rules as IPv6',
        known: 'xinetd 2.3.13; CVE-2024-24790 (Go); CVE-2026-27624 (coturn)',
      },
      {
        name: 'S48',
        what: 'All of IPv4 is one source to a limit',
        known: 'CVE-2026-30827 (express-rate-limit)',
      },
      {
        name: 'S49',
        what: 'One IPv6 network comes as endlessly many sources',
        known: 'what `PerSourceNetBlockSize` of OpenSSH is for',
      },
      {
        name: 'S50',
        what: 'The zone of a link-local address is lost, or means something to a log',
        known: 'OpenBSD inetd 2000; CVE-2022-27775 (curl); CVE-2025-22870 (Go)',
      },
      {
        name: 'S51',
        what: 'An odd spelling of an address is taken for another address',
        known: 'CVE-2021-28918; CVE-2023-42282; CVE-2024-29415; CVE-2024-24806 (libuv)',
      },
      {
        name: 'S52',
        what: 'tcpmux leads to every service, past its rules',
        known: 'CVE-2012-0862 (xinetd before 2.3.15)',
      },
      {
        name: 'S53',
        what: 'Half a configuration is a weaker one',
        known: 'xinetd 2.3.4 and 2.3.5',
        guards: ['src/config/validate.ts', 'src/convert/xinetd/refuse-value.ts'],
      },
      {
        name: 'S54',
        what: 'Compiled rules say something else than their text',
        known: 'ucspi-tcp 0.87; ipsvd 0.7.1 to 0.9.7',
      },
      {
        name: 'S55',
        what: 'A parser remembers the question before, and hosts slip through',
        known: 'tcp_wrappers 7.4 (`strtok`)',
      },
      {
        name: 'S56',
        what: 'hosts.allow is read otherwise than it was meant, or runs commands',
        known: 'tcp_wrappers 7.3; CVE-2023-50260 (Wazuh); CVE-2014-5284 (OSSEC)',
      },
      {
        name: 'S57',
        what: 'A PROXY header is believed whoever sends it',
        known: 'CVE-2024-35175 (sshpiper)',
      },
      {
        name: 'S58',
        what: 'A second PROXY header, or one of another connection, counts',
        known: 'CVE-2025-31135 (go-guerrilla); CVE-2024-7885 (Undertow)',
        guards: ['src/dispatcher/proxy-door.ts', 'src/proxy-protocol/parse-header.ts'],
      },
      {
        name: 'S59',
        what: 'Behind a proxy some checks see the client, and others the proxy',
        known: 'CVE-2025-31698 (Traffic Server); CVE-2020-35470 (Envoy); CVE-2026-57216 (RabbitMQ)',
      },
      {
        name: 'S60',
        what: 'A PROXY header crashes its parser, or never ends',
        known: 'CVE-2019-14243; CVE-2021-23351; CVE-2024-23325 and CVE-2024-23327 (Envoy)',
      },
      {
        name: 'S61',
        what: 'What ident says is taken for who somebody is',
        known: 'the manual of tcp_wrappers',
        guards: ['src/config/access-entry.ts', 'src/config/hosts-access/parse-host-pattern.ts'],
      },
      {
        name: 'S62',
        what: 'Who forges a sender gets another one banned',
        known: 'SENSOR of xinetd',
      },
      {
        name: 'S63',
        what: 'An FTP server is told to connect to a service, from port 20',
        known: 'OpenBSD inetd 1996 to 2002; CVE-1999-0017',
      },
    ],
  },
  {
    title: 'Datagrams',
    entries: [
      {
        name: 'S64',
        what: 'Two services answer the answers of each other without end',
        known: 'CVE-1999-0103; CVE-2024-2169',
      },
      {
        name: 'S65',
        what: 'A small datagram with a forged sender makes a large answer',
        known: 'US-CERT TA14-017A: chargen 358 times, qotd 140 times',
      },
      {
        name: 'S66',
        what: 'A handler that leaves its datagram unread is started again without end',
        known: 'Red Hat #1567239 (xinetd); systemd #2467 and #3167',
      },
      {
        name: 'S67',
        what: 'A service that waits with an access list has no client to look at',
        known: 'openSUSE xinetd PR 7',
      },
      {
        name: 'S68',
        what: 'A datagram without a byte crashes the server, or switches a service off',
        known: 'CVE-2016-7795 and CVE-2016-7796 (systemd)',
      },
      {
        name: 'S69',
        what: 'An answer comes from another address than was asked',
        known: 'hosts with several addresses',
      },
      {
        name: 'S70',
        what: 'A port scan hangs the server',
        known: 'CVE-2003-0472 (inetd of IRIX); BSDI 1998',
        guards: ['src/listeners/stream-listener.ts', 'src/listeners/answer-listener.ts'],
      },
    ],
  },
  {
    title: 'Accepting, floods, limits',
    entries: [
      {
        name: 'S71',
        what: 'A client that resets makes accept(2) block',
        known: 'CVE-1999-0396 (NetBSD); CVE-1999-0216 (Linux inetd)',
      },
      {
        name: 'S72',
        what: 'A client that is gone before anybody looks ends the server',
        known: 'NetBSD inetd; systemd #7172; reproduced with Node',
      },
      {
        name: 'S73',
        what: 'An error of accept(2) that passes is taken for the end',
        known: 'OpenBSD inetd 2013; ipsvd 0.9.7',
      },
      {
        name: 'S74',
        what: 'Without descriptors left the server ends, or drops clients unseen',
        known: 'CVE-2026-42792 (epmd); reproduced with xinetd and Node',
        guards: ['src/listeners/stream-listener.ts', 'src/dispatcher/accept-gate.ts'],
      },
      {
        name: 'S75',
        what: 'Out of files or memory, the server spins',
        known: 'libuv #690; Node #45242; reproduced',
      },
      {
        name: 'S76',
        what: 'Many connections of one client switch a service off for everybody',
        known:
          '"server failing (looping), service terminated" of inetd; CVE-2022-39028; systemd #15633; reproduced',
        guards: ['src/admission/penalty.ts', 'src/dispatcher/bans.ts', 'src/admission/source-table.ts'],
      },
      {
        name: 'S77',
        what: 'The table of sources has no bound, or becomes slow',
        known: 'NetBSD inetd',
      },
      {
        name: 'S78',
        what: 'Sources are chosen to meet in one place of a hash table',
        known: 'CVE-2025-27209 and CVE-2026-21717 (Node)',
      },
      {
        name: 'S79',
        what: 'Silent clients use up the places ahead of handlers',
        known: 'CVE-2010-5107 (OpenSSH); CVE-2024-28854 (tls-listener)',
      },
      {
        name: 'S80',
        what: 'One byte now and then keeps a place for ever',
        known: 'slow loris',
        guards: ['src/dispatcher/ages.ts', 'src/dispatcher/teller.ts', 'src/dispatcher/handshakes.ts'],
      },
      {
        name: 'S81',
        what: 'Clients that have died hold their instances',
        known: 'tcp_wrappers 6.3',
      },
      {
        name: 'S82',
        what: 'The backlog is too small for a burst',
        known: 'xinetd before 2.3.14',
        guards: ['src/native/spawner/listeners.c'],
      },
      {
        name: 'S83',
        what: 'Handlers that end at once leave zombies',
        known: 'OpenBSD inetd 2004; BusyBox 2021',
      },
      {
        name: 'S84',
        what: 'A pid is used again, and the wrong process is killed',
        known: 'any kill(2) by number',
        guards: ['src/native/spawner/children.c'],
      },
      {
        name: 'S85',
        what: 'As pid 1 the server leaves orphans unreaped',
        known: 'reproduced with Node',
        guards: ['src/native/spawner/main.c'],
      },
      {
        name: 'S86',
        what: 'What a handler has started outlives its end',
        known: 'any kill of a process group',
        guards: ['src/native/spawner/cgroups.c', 'src/native/spawner/stop.c'],
      },
      {
        name: 'S87',
        what: 'A fork bomb starves the other services of its user',
        known: 'RLIMIT_NPROC is about a uid',
        guards: ['src/native/spawner/cgroups.c', 'src/config/dynamic-user.ts'],
      },
      {
        name: 'S88',
        what: 'A fork that fails ends the server, or frees twice',
        known: 'xinetd 2.3.12; reproduced with `spawn` of Node',
        guards: ['src/native/spawner/launch.c', 'src/dispatcher/failure-of.ts'],
      },
      {
        name: 'S89',
        what: 'A slow start of one handler holds up everybody',
        known: 'Node #14917; reproduced',
      },
      {
        name: 'S90',
        what: 'A step of the wall clock moves limits and timers',
        known: 'any limit by the time of day',
      },
      {
        name: 'S91',
        what: 'Each connection leaves something behind in the kernel or with the manager',
        known: 'systemd #6567 and #15220',
        guards: ['src/native/spawner/children.c', 'src/native/spawner/cgroups.c'],
      },
    ],
  },
  {
    title: 'Names, ident, banners',
    entries: [
      {
        name: 'S92',
        what: 'A reply of ident overflows its buffer',
        known: 'CVE-2001-0763 (xinetd 2.1.8.9pre11)',
      },
      {
        name: 'S93',
        what: 'A host that does not end its line of ident stalls the server',
        known: 'xinetd 2.1.6',
      },
      {
        name: 'S94',
        what: 'Ident is asked from another address than the client came to',
        known: 'tcp_wrappers 4.3; xinetd 2.3.12',
      },
      {
        name: 'S95',
        what: 'Looking for a name stalls everything',
        known: 'xinetd before 2.1.8.9pre14',
      },
      {
        name: 'S96',
        what: 'A banner blocks the server, or is not the file that it should be',
        known: 'xinetd 2.1.8.8 to 2.3.14',
      },
    ],
  },
  {
    title: 'Parsers and strings',
    entries: [
      {
        name: 'S97',
        what: 'A length of 0 or less passes the check, or the last NUL is missing',
        known: 'CVE-2001-0825 and CVE-2001-1389 (xinetd)',
        guards: ['src/native/spawner/table.c', 'src/native/spawner/base.c'],
      },
      {
        name: 'S98',
        what: 'A descriptor is an index beyond its array',
        known: 'rlinetd LP #1057645; OpenBSD inetd 1997 and 2001',
        guards: ['src/native/spawner/children.c', 'src/native/poller.ts'],
      },
      {
        name: 'S99',
        what: 'A text of somebody else is a format',
        known: 'CVE-2006-1471 (launchd); audit of xinetd',
      },
      {
        name: 'S100',
        what: 'A number is too large for what is allocated by it',
        known: 'CVE-2014-1359 (launchd); CVE-2021-33910 and CVE-2018-16864 (systemd)',
        guards: ['src/native/spawner/table.c', 'src/native/spawner/blob.c', 'src/resolver/rpc/xdr-reader.ts'],
      },
      {
        name: 'S101',
        what: 'An inetd.conf that is wrong crashes its reader, or is half taken',
        known: 'OpenBSD inetd 1997 to 2004; BusyBox 2015',
        guards: ['src/convert/inetd/read-statements.ts', 'src/convert/inetd/parse-count.ts'],
      },
      {
        name: 'S102',
        what: 'An included file crashes the reader of a foreign format',
        known: 'xinetd: names that cannot be parsed, use after free in includedir',
      },
      {
        name: 'S103',
        what: 'Left-overs of editors and packages are read as configuration',
        known: 'rlinetd (ucf); xinetd',
        guards: ['src/convert/xinetd/file-walker.ts', 'src/config/expand-include.ts'],
      },
      {
        name: 'S104',
        what: 'The configuration can be written by others',
        known: 'xinetd only warns of it',
      },
      {
        name: 'S105',
        what: 'A word of YAML has another type than it looks',
        known: 'reproduced with two parsers',
      },
      {
        name: 'S106',
        what: 'A small file of YAML takes minutes or gigabytes',
        known: 'CVE-2026-59868 and CVE-2026-59869; CVE-2023-2251; reproduced',
      },
      {
        name: 'S107',
        what: 'A key such as `__proto__` changes what every object has',
        known: 'CVE-2025-64718 (js-yaml); CVE-2019-7609 (Kibana)',
      },
      {
        name: 'S108',
        what: 'A tag of YAML runs code',
        known: 'CVE-2013-4660 (js-yaml)',
        guards: ['src/config/syntax.ts'],
      },
      {
        name: 'S109',
        what: 'The time of a parser grows faster than its text',
        known: 'CVE-2025-25283 (parse-duration) and many more',
      },
      {
        name: 'S110',
        what: 'A stack overflow that cannot be caught ends the process',
        known: 'CVE-2025-59466 (Node with async_hooks)',
      },
    ],
  },
  {
    title: 'Logs, files, sockets on disk',
    entries: [
      {
        name: 'S111',
        what: 'A link that somebody has put there makes the server write elsewhere',
        known: 'CVE-2008-1684 (inetd of Solaris); CVE-2005-1725 (launchd); CVE-2020-14367; xinetd 1998',
      },
      {
        name: 'S112',
        what: 'A log is opened anew as root in a directory of somebody else',
        known: 'CVE-2016-1247 (nginx of Debian)',
      },
      {
        name: 'S113',
        what: 'A pid file is believed, or can be written by others',
        known: 'CVE-2018-16888 (systemd); CVE-2017-14159 (slapd); CVE-2011-4339',
      },
      {
        name: 'S114',
        what: 'Anybody can talk to the control socket, or put another one there',
        known: 'CVE-2007-2990 (inetd of Solaris); CVE-2024-11584; OpenBSD 2004 and 2005',
      },
      {
        name: 'S115',
        what: 'A line in the saved state becomes another state',
        known: 'CVE-2018-15686 (systemd)',
      },
      {
        name: 'S116',
        what: 'A client writes lines of the log, or commands for a terminal',
        known: 'CVE-2009-4487 (nginx); CVE-2022-28391 (BusyBox); CVE-2025-58160; audit of xinetd',
      },
      {
        name: 'S117',
        what: 'A full disk or a full log ends the server, or its log for good',
        known: 'xinetd 2007; reproduced with streams of Node',
        guards: ['src/logging/fd-sink.ts', 'src/logging/file-line.ts'],
      },
      {
        name: 'S118',
        what: 'A flood of refusals fills the disk with its records',
        known: 'audit of xinetd',
      },
      {
        name: 'S119',
        what: 'Who reads the log stops, and the server with it',
        known: 'any blocking write to syslog or a pipe',
        guards: ['src/logging/record-queue.ts', 'src/logging/queue-sink.ts'],
      },
      {
        name: 'S120',
        what: 'One service has two logs, and each is half of it',
        known: 'openSUSE xinetd ed88c7e',
        guards: ['src/config/resolve-log.ts', 'src/config/log-rows.ts'],
      },
    ],
  },
  {
    title: 'Signals, reload, life cycle',
    entries: [
      {
        name: 'S121',
        what: 'A signal handler does what must not be done in one',
        known: 'CVE-2006-5051 and CVE-2024-6387 (OpenSSH); CVE-2001-1349 (sendmail); xinetd before 2.3.4',
        guards: ['src/native/spawner/start.c', 'src/native/spawner/main.c'],
      },
      {
        name: 'S122',
        what: 'A SIGHUP that is early ends the server, and many keep it busy',
        known: 'the default action of the signal',
      },
      {
        name: 'S123',
        what: 'A reload crashes while sessions run',
        known: 'xinetd 2.1.6, 2.3.13 and 2.3.14; rlinetd',
        guards: ['src/dispatcher/reloads.ts', 'src/launch/renumbering.ts'],
      },
      {
        name: 'S124',
        what: 'A reload loses connections or listeners',
        known: 'openSUSE bsc#972691; systemd; port-sharding PR 3',
        guards: ['src/native/spawner/match.c', 'src/native/spawner/reload.c'],
      },
      {
        name: 'S125',
        what: 'A bad configuration takes the services down',
        known: 'any reload that begins before it knows',
        guards: ['src/native/spawner/compiler.c', 'src/dispatcher/prepare-reload.ts'],
      },
      {
        name: 'S126',
        what: 'Somebody else listens on the same port, more specifically',
        known: 'CVE-2008-3259 (OpenSSH)',
      },
      {
        name: 'S127',
        what: 'The program of a service can be replaced by others',
        known: 'xinetd only warns of it',
      },
      {
        name: 'S128',
        what: 'The program is looked for in PATH',
        known: 'execvp(3), libuv',
      },
      {
        name: 'S129',
        what: 'The server is killed outright, and its handlers and counts are lost',
        known: 'any server of one process',
        guards: ['src/native/spawner/keeper.c', 'src/native/spawner/tell.c', 'src/dispatcher/outcome.ts'],
      },
      {
        name: 'S130',
        what: 'A process that dies at once is started again without a pause',
        known: 'any supervisor without one',
        guards: ['src/native/spawner/workers.c'],
      },
    ],
  },
  {
    title: 'What is special to Node.js',
    entries: [
      {
        name: 'S131',
        what: 'SIGUSR1 opens a port for debuggers',
        known: 'reproduced with Node 20.20.2',
      },
      {
        name: 'S132',
        what: 'The environment makes Node run the code of somebody else',
        known: 'CVE-2024-21892; reproduced with NODE_OPTIONS',
      },
      {
        name: 'S133',
        what: 'A web page talks to the debugger',
        known: 'CVE-2018-7160 and CVE-2021-22884 (Node)',
      },
      {
        name: 'S134',
        what: 'An error of a socket that nobody listens for ends the process',
        known: 'CVE-2025-59465 (Node)',
        guards: ['src/relay/relay.ts', 'src/dispatcher/teller.ts', 'src/relay/socket-stream.ts'],
      },
      {
        name: 'S135',
        what: 'What a callback throws, or a rejection, ends the process; queues fill its memory',
        known: 'the default of Node',
      },
      {
        name: 'S136',
        what: 'Node is of a line that gets no repairs any more',
        known: 'Node 20, from 2026-04-30',
      },
      {
        name: 'S137',
        what: 'What the program is built from is not what it seems',
        known: 'CVE-1999-0661 (tcp_wrappers); CVE-2024-3094 (xz); worms of npm, 2025',
        guards: ['package-lock.json', 'binding.gyp'],
      },
      {
        name: 'S138',
        what: 'Native code crashes on an argument, or closes a descriptor twice',
        known: 'any addon',
        guards: ['src/native/addon/addon.c'],
      },
    ],
  },
  {
    title: 'Built-in services, relays, TLS',
    entries: [
      {
        name: 'S139',
        what: 'A line of tcpmux crashes the server',
        known: 'xinetd 2.3.11',
        guards: ['src/builtins/tcpmux-line.ts'],
      },
      {
        name: 'S140',
        what: 'A relay loses data at the end, or never ends',
        known: 'xinetd 2.1.8.6b6 and 2.1.8.9pre5',
      },
      {
        name: 'S141',
        what: 'The time of day is sent too wide, or ends in 2036 or 2038',
        known: 'xinetd; RFC 868',
      },
      {
        name: 'S142',
        what: 'A handshake of TLS stalls, is endless, or is done again and again',
        known: 'CVE-2011-1473; what S79 is for other stages',
      },
      {
        name: 'S143',
        what: 'What a handler says on standard error goes to its client',
        known: 'BusyBox inetd does so on purpose',
        guards: ['src/dispatcher/standard-errors.ts'],
      },
      {
        name: 'S144',
        what: 'The server accepts for a handler that waits to do so',
        known: 'xinetd 2.1.8.9pre11 to pre15',
        guards: ['src/listeners/wait-listener.ts'],
      },
      {
        name: 'S145',
        what: 'Something is served as root that nobody has asked for',
        known: 'CVE-2012-5095 (Solaris); CVE-2017-12477; CVE-2005-1815',
      },
    ],
  },
];

/** What holds after every test, or is measured. */
export const BARS: readonly SecurityEntry[] = [
  {
    name: 'B1',
    what: 'Descriptors are back at the baseline, no zombie is left, live counters are 0, memory does not grow',
    known: 'checked after every test that starts the program',
    guards: ['test/harness/global-bars.ts'],
  },
  {
    name: 'B2',
    what: 'Every connection that was accepted ends in exactly one record',
    known: 'checked after every test that starts the program',
    guards: ['test/harness/global-bars.ts'],
  },
  {
    name: 'B3',
    what: 'One source with 5,000 connections a second keeps nobody else from 99.9 % of theirs, within 50 ms',
    known: 'measured by `npm run bench:load`',
    guards: ['bench/load/duel.mjs'],
  },
  {
    name: 'B4',
    what: '65,536 sources with the same rate: 99 %, within 250 ms',
    known: 'measured by `npm run bench:load`',
    guards: ['bench/load/duel.mjs'],
  },
  {
    name: 'B5',
    what: 'While accept(2), fork or a write fails: at most 5 % of a core, a record a second, and service a second afterwards',
    known: 'measured in the tests',
    guards: ['src/dispatcher/accept-gate.ts'],
  },
  {
    name: 'B6',
    what: '1,000 reloads under 200 connections a second: none refused or reset, no byte lost',
    known: 'a short form in the tests, all of it by `npm run test:long`',
    guards: ['src/native/spawner/match.c'],
  },
  {
    name: 'B7',
    what: 'The event loop is late by 20 ms at most for 99 of 100 turns, and never by more than 100 ms',
    known: 'measured in the tests',
    guards: ['src/dispatcher/in-turns.ts', 'src/dispatcher/turns.ts'],
  },
  {
    name: 'B8',
    what: 'The privileged process reads nothing that a client sent',
    known: 'seen by strace(1)',
    guards: ['src/native/spawner/launch.c'],
  },
  {
    name: 'B9',
    what: 'What a handler finds in /proc/self equals the golden file of its service, however it is started',
    known: 'golden files in `test/golden/probe`',
    guards: ['src/native/spawner/child.c'],
  },
  {
    name: 'B10',
    what: 'Every system call that can fail has failed once: no crash, no leak, nothing left open to all',
    known: 'issue 10, fault F1; docs/reliability-f1.md',
    guards: ['src/native/spawner/listeners.c', 'src/native/poller.ts'],
  },
];
