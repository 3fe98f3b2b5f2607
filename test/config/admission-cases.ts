/** A wrong value, and what is said of it: `LINE:COLUMN CODE`, the message, the advice. */
export type Case = readonly [
  yaml: string,
  ...said: readonly (readonly [at: string, message: string, help?: string])[],
];

/** Of a service, from line 7 and column 5 on. */
export const SERVICE_CASES: readonly Case[] = [
  [
    'only_from: 10.0.0.0/8',
    ['7:16 config/wrong-type', 'Cannot use "10.0.0.0/8" for "only_from" in service "s": must be a list'],
  ],
  [
    'only_from: [10.0.0.0/8, "2001:db8::1/32"]',
    [
      '7:29 config/invalid-value',
      'Cannot use "2001:db8::1/32" for "only_from" in service "s": bits are set after the end of the prefix',
      'write "2001:db8::/32"',
    ],
  ],
  [
    'only_from: [127.1]',
    ['7:17 config/wrong-type', 'Cannot use 127.1 for "only_from" in service "s": must be text'],
  ],
  [
    'only_from: ["127.1"]',
    [
      '7:17 config/invalid-value',
      'Cannot use "127.1" for "only_from" in service "s": an IPv4 address has four octets',
      'write all four, or a prefix such as "10.1.0.0/16"',
    ],
  ],
  [
    'only_from: [root@host.example]',
    [
      '7:17 config/invalid-value',
      'Cannot use "root@host.example" for "only_from" in service "s": what a client says of its user proves nothing, so that no rule can go by it',
      'write the host or address alone',
    ],
  ],
  [
    'only_from: ["fe80::1%eth9"]',
    [
      '7:17 config/unknown-interface',
      'Cannot use "fe80::1%eth9" for "only_from" in service "s": there is no interface "eth9"',
    ],
  ],
  [
    'only_from: [fe80::1]',
    [
      '7:17 config/invalid-value',
      'Cannot use "fe80::1" for "only_from" in service "s": a link-local address is on one interface only',
      'write it with the name of the interface: "fe80::1%eth0"',
    ],
  ],
  [
    'only_from: [/]',
    [
      '7:17 config/invalid-value',
      'Cannot use "/" for "only_from" in service "s": an address is missing',
      'write a file as "file:/PATH"',
    ],
  ],
  [
    'only_from: ["::ffff:1.2.3.4"]',
    [
      '7:17 config/invalid-value',
      'Cannot use "::ffff:1.2.3.4" for "only_from" in service "s": peers with an IPv4-mapped address are IPv4 ones here',
      'write "1.2.3.4"',
    ],
  ],
  [
    'no_access: [10.0.0.1/8]',
    [
      '7:17 config/invalid-value',
      'Cannot use "10.0.0.1/8" for "no_access" in service "s": bits are set after the end of the prefix',
      'write "10.0.0.0/8"',
    ],
  ],
  [
    'no_access: [010.0.0.1]',
    [
      '7:17 config/invalid-value',
      'Cannot use "010.0.0.1" for "no_access" in service "s": octets are decimal and have no leading zeros, since tools disagree on what they mean',
    ],
  ],
  [
    'no_access: [0x7f.1]',
    [
      '7:17 config/invalid-value',
      'Cannot use "0x7f.1" for "no_access" in service "s": it looks like an address and is not one: an IPv4 address has four decimal octets',
    ],
  ],
  [
    'no_access: ["1.2.3.4 "]',
    [
      '7:17 config/invalid-value',
      'Cannot use "1.2.3.4 " for "no_access" in service "s": there is white space in it',
    ],
  ],
  [
    'no_access: [1.2.3.4/33]',
    [
      '7:17 config/invalid-value',
      'Cannot use "1.2.3.4/33" for "no_access" in service "s": the length of an IPv4 prefix is 0 to 32',
    ],
  ],
  [
    'no_access: [1.2.3.4/08]',
    [
      '7:17 config/invalid-value',
      'Cannot use "1.2.3.4/08" for "no_access" in service "s": the length of a prefix has no leading zeros',
    ],
  ],
  [
    'no_access: ["::1/129"]',
    [
      '7:17 config/invalid-value',
      'Cannot use "::1/129" for "no_access" in service "s": the length of an IPv6 prefix is 0 to 128',
    ],
  ],
  [
    'no_access: [file:list]',
    [
      '7:17 config/invalid-value',
      'Cannot use "file:list" for "no_access" in service "s": the path of a file is absolute',
      'write "file:/PATH"',
    ],
  ],
  [
    'no_access: [file:/nowhere/list]',
    ['7:17 config/unreadable', 'Cannot read "/nowhere/list": "/nowhere" does not exist'],
  ],
  ['no_access: [5]', ['7:17 config/wrong-type', 'Cannot use 5 for "no_access" in service "s": must be text']],
  [
    'match: first',
    [
      '7:12 config/invalid-value',
      'Cannot use "first" for "match" in service "s": must be "specific" or "xinetd"',
    ],
  ],
  [
    'hosts_access: yes',
    [
      '7:19 config/wrong-type',
      'Cannot use "yes" for "hosts_access" in service "s": must be true or false or a map',
      'write true',
    ],
  ],
  [
    'hosts_access: {alow: /etc/x}',
    [
      '7:20 config/unknown-key',
      'Cannot use "hosts_access.alow" in service "s": no such setting',
      'did you mean "allow"?',
    ],
  ],
  [
    'hosts_access: {allow: etc/x}',
    [
      '7:27 config/invalid-value',
      'Cannot use "etc/x" for "hosts_access.allow" in service "s": must be an absolute path',
    ],
  ],
  [
    'hosts_access: {deny: ["# ALL: ALL"]}',
    [
      '7:27 config/invalid-value',
      'Cannot use "# ALL: ALL" for "hosts_access.deny" in service "s": there is no rule in it',
    ],
  ],
  [
    'hosts_access: {deny: ["ALL: ALL\\nALL: LOCAL"]}',
    [
      '7:27 config/invalid-value',
      'Cannot use "ALL: ALL\\x0aALL: LOCAL" for "hosts_access.deny" in service "s": a rule is one line',
    ],
  ],
  [
    'hosts_access: {daemon: ""}',
    ['7:28 config/invalid-value', 'Cannot use "" for "hosts_access.daemon" in service "s": must be a name'],
  ],
  [
    'access_times: []',
    [
      '7:19 config/invalid-value',
      'Cannot use a list for "access_times" in service "s": must have at least one window',
    ],
  ],
  [
    'access_times: ["8:00-18:00"]',
    [
      '7:20 config/invalid-value',
      'Cannot use "8:00-18:00" for "access_times" in service "s": "8:00" is no time of day',
      'did you mean "08:00"?',
    ],
  ],
  [
    'access_times: ["mon-fry 08:00-18:00"]',
    [
      '7:20 config/invalid-value',
      'Cannot use "mon-fry 08:00-18:00" for "access_times" in service "s": "fry" is no day',
      'did you mean "fri"?',
    ],
  ],
  [
    'access_times: "08:00-18:00"',
    ['7:19 config/wrong-type', 'Cannot use "08:00-18:00" for "access_times" in service "s": must be a list'],
  ],
  [
    'time_zone: Europe/Berln',
    [
      '7:16 config/time-zone',
      'Cannot use "time_zone" in service "s": "Europe/Berln" is no time zone',
      'did you mean "Europe/Berlin"?',
    ],
  ],
  [
    'time_zone: "+02:00"',
    [
      '7:16 config/time-zone',
      'Cannot use "time_zone" in service "s": "+02:00" is no time zone',
      'write a name of the IANA database, such as "Europe/Berlin" or "UTC"',
    ],
  ],
  [
    'max_load: 0',
    ['7:15 config/invalid-value', 'Cannot use 0 for "max_load" in service "s": must be above 0'],
  ],
  [
    'max_load: "4"',
    [
      '7:15 config/wrong-type',
      'Cannot use "4" for "max_load" in service "s": must be a number',
      'write it without quotes: 4',
    ],
  ],
  [
    'rate_per_source: 5',
    [
      '7:22 config/wrong-type',
      'Cannot use 5 for "rate_per_source" in service "s": must be {count, per, burst}, or UNLIMITED',
    ],
  ],
  [
    'rate_per_source: {count: 5}',
    ['7:22 config/missing-key', 'Cannot use "rate_per_source" in service "s": "per" is missing'],
  ],
  [
    'rate_per_source: {count: 5, per: 1}',
    [
      '7:38 config/wrong-type',
      'Cannot use 1 for "rate_per_source.per" in service "s": must be a duration from "1ms" to "366d"',
    ],
  ],
  [
    'rate_per_source: {count: 5, per: 0s}',
    [
      '7:38 config/invalid-value',
      'Cannot use "0s" for "rate_per_source.per" in service "s": must be a duration from "1ms" to "366d"',
    ],
  ],
  [
    'rate_per_source: {count: 5, per: 1s, bursts: 9}',
    [
      '7:42 config/unknown-key',
      'Cannot use "rate_per_source.bursts" in service "s": no such setting',
      'did you mean "burst"?',
    ],
  ],
  [
    'per_source: 0',
    [
      '7:17 config/invalid-value',
      'Cannot use 0 for "per_source" in service "s": must be a number, or UNLIMITED',
    ],
  ],
  [
    'per_source: none',
    [
      '7:17 config/wrong-type',
      'Cannot use "none" for "per_source" in service "s": must be a number, or UNLIMITED',
    ],
  ],
  ['cps: 5', ['7:10 config/wrong-type', 'Cannot use 5 for "cps" in service "s": must be a map']],
  [
    'cps: {rte: 5}',
    ['7:10 config/missing-key', 'Cannot use "cps" in service "s": "rate" is missing'],
    [
      '7:11 config/unknown-key',
      'Cannot use "cps.rte" in service "s": no such setting',
      'did you mean "rate"?',
    ],
  ],
  [
    'cps: {rate: "5"}',
    [
      '7:17 config/wrong-type',
      'Cannot use "5" for "cps.rate" in service "s": must be 0 to 1000000',
      'write it without quotes: 5',
    ],
  ],
  [
    'cps: {rate: 5, wait: 10}',
    [
      '7:26 config/wrong-type',
      'Cannot use 10 for "cps.wait" in service "s": must be a duration from "1ms" to "24d"',
    ],
  ],
  [
    'cps: {rate: 5, wait: 25d}',
    [
      '7:26 config/invalid-value',
      'Cannot use "25d" for "cps.wait" in service "s": must be a duration from "1ms" to "24d"',
    ],
  ],
  [
    'instances: 0',
    [
      '7:16 config/invalid-value',
      'Cannot use 0 for "instances" in service "s": must be 1 to 65535, UNLIMITED, or {soft, hard, drop}',
    ],
  ],
  [
    'instances: {soft: 5, hard: 3}',
    [
      '7:16 config/invalid-value',
      'Cannot use a map for "instances" in service "s": must have "soft" at most at "hard"',
    ],
  ],
  [
    'instances: {soft: 5, hrd: 9}',
    ['7:16 config/missing-key', 'Cannot use "instances" in service "s": "hard" is missing'],
    [
      '7:26 config/unknown-key',
      'Cannot use "instances.hrd" in service "s": no such setting',
      'did you mean "hard"?',
    ],
  ],
  [
    'instances: {soft: 5, hard: 9, drop: 101}',
    ['7:41 config/invalid-value', 'Cannot use 101 for "instances.drop" in service "s": must be at most 100'],
  ],
  [
    'policies: {instnaces: queue}',
    [
      '7:16 config/unknown-key',
      'Cannot use "policies.instnaces" in service "s": no such setting',
      'did you mean "instances"?',
    ],
  ],
  [
    'policies: {per_source: queue}',
    [
      '7:28 config/wrong-type',
      'Cannot use "queue" for "policies.per_source" in service "s": cannot wait: all other sources would wait as well',
    ],
  ],
  [
    'policies: {per_source: drop}',
    [
      '7:28 config/wrong-type',
      'Cannot use "drop" for "policies.per_source" in service "s": must be "reject", {reject} or {tarpit}',
    ],
  ],
  [
    'policies: {cps: drop}',
    [
      '7:21 config/wrong-type',
      'Cannot use "drop" for "policies.cps" in service "s": must be "reject", "queue", {reject}, {suspend} or {tarpit}',
    ],
  ],
  [
    'policies: {cps: {}}',
    [
      '7:21 config/wrong-type',
      'Cannot use a map for "policies.cps" in service "s": must be "reject", "queue", {reject}, {suspend} or {tarpit}',
    ],
  ],
  [
    'policies: {cps: {suspnd: {for: 5s}}}',
    [
      '7:22 config/unknown-key',
      'Cannot use "policies.cps.suspnd" in service "s": no such setting',
      'did you mean "suspend"?',
    ],
  ],
  [
    'policies: {cps: {suspend: {for: 25d}}}',
    [
      '7:37 config/invalid-value',
      'Cannot use "25d" for "policies.cps.suspend.for" in service "s": must be a duration from "1ms" to "24d"',
    ],
  ],
  [
    'policies: {access: {suspend: {for: 1s}}}',
    ['7:25 config/unknown-key', 'Cannot use "policies.access.suspend" in service "s": no such setting'],
  ],
  [
    'policies: {instances: {tarpit: {bytes_per_second: 1}}}',
    ['7:36 config/missing-key', 'Cannot use "policies.instances.tarpit" in service "s": "slots" is missing'],
  ],
  [
    'policies: {instances: {reject: {text: "%z"}}}',
    [
      '7:43 config/invalid-value',
      'Cannot use "%z" for "policies.instances.reject.text" in service "s": "%z" stands for nothing',
      '%a is the address of the client, %s the service, %r the reason, %% a percent sign',
    ],
  ],
  [
    'decide: {sokcet: /run/x}',
    [
      '7:14 config/unknown-key',
      'Cannot use "decide.sokcet" in service "s": no such setting',
      'did you mean "socket"?',
    ],
  ],
  [
    'decide: {socket: run/x}',
    [
      '7:22 config/invalid-value',
      'Cannot use "run/x" for "decide.socket" in service "s": must be an absolute path',
    ],
  ],
  [
    'decide: {socket: /run/x, deadline: 0s}',
    [
      '7:40 config/invalid-value',
      'Cannot use "0s" for "decide.deadline" in service "s": must be a duration from "1ms" to "24d"',
    ],
  ],
  [
    'decide: {socket: /run/x, on_failure: deny}',
    [
      '7:42 config/invalid-value',
      'Cannot use "deny" for "decide.on_failure" in service "s": must be "refuse" or "allow"',
    ],
  ],
  [
    'sensor: yes',
    [
      '7:13 config/wrong-type',
      'Cannot use "yes" for "sensor" in service "s": must be true or false',
      'write true',
    ],
  ],
  [
    'deny_time: 30',
    [
      '7:16 config/wrong-type',
      'Cannot use 30 for "deny_time" in service "s": must be a duration such as "30m", "forever" or "never"',
    ],
  ],
  [
    'deny_time: 0s',
    [
      '7:16 config/invalid-value',
      'Cannot use "0s" for "deny_time" in service "s": must be a duration such as "30m", "forever" or "never"',
    ],
  ],
  [
    'penalties: {crsh: 5s}',
    [
      '7:17 config/unknown-key',
      'Cannot use "penalties.crsh" in service "s": no such setting',
      'did you mean "crash"?',
    ],
  ],
  [
    'penalties: {crash: 5}',
    [
      '7:24 config/wrong-type',
      'Cannot use 5 for "penalties.crash" in service "s": must be a duration such as "10s", "500ms" or "2h"',
    ],
  ],
  [
    'penalties: {exit_status: [{status: 256, penalty: 5s}]}',
    [
      '7:40 config/invalid-value',
      'Cannot use 256 for "penalties.exit_status.status" in service "s": must be at most 255',
    ],
  ],
  [
    'penalties: {exit_status: [{status: 5, pnalty: 5s}]}',
    ['7:31 config/missing-key', 'Cannot use "penalties.exit_status" in service "s": "penalty" is missing'],
    [
      '7:43 config/unknown-key',
      'Cannot use "penalties.exit_status.pnalty" in service "s": no such setting',
      'did you mean "penalty"?',
    ],
  ],
];

/** Of the daemon, from line 1 and column 1 on. */
export const DAEMON_CASES: readonly Case[] = [
  [
    'max_processes: 0',
    [
      '1:16 config/invalid-value',
      'Cannot use 0 for "max_processes" at the top of the file: must be 1 to 65535, or {soft, hard, drop}',
    ],
  ],
  [
    'max_processes: {soft: 3, hard: 2}',
    [
      '1:16 config/invalid-value',
      'Cannot use a map for "max_processes" at the top of the file: must have "soft" at most at "hard"',
    ],
  ],
  [
    'sources: {ipv4_prefx: 24}',
    [
      '1:11 config/unknown-key',
      'Cannot use "sources.ipv4_prefx" at the top of the file: no such setting',
      'did you mean "ipv4_prefix"?',
    ],
  ],
  [
    'sources: {ipv4_prefix: 7}',
    [
      '1:24 config/invalid-value',
      'Cannot use 7 for "sources.ipv4_prefix" at the top of the file: must be at least 8',
    ],
  ],
  [
    'sources: {capacity: 5}',
    [
      '1:21 config/invalid-value',
      'Cannot use 5 for "sources.capacity" at the top of the file: must be at least 1024',
    ],
  ],
  [
    'bans: {exempt: [10.0.0.1, host.example]}',
    [
      '1:27 config/invalid-value',
      'Cannot use "host.example" for "bans.exempt": names are not looked up here',
      'write an address',
    ],
  ],
  [
    'bans: {exempt: [10.0.0.1/8]}',
    [
      '1:17 config/invalid-value',
      'Cannot use "10.0.0.1/8" for "bans.exempt" at the top of the file: bits are set after the end of the prefix',
      'write "10.0.0.0/8"',
    ],
  ],
  [
    'bans: {overflw: oldest}',
    [
      '1:8 config/unknown-key',
      'Cannot use "bans.overflw" at the top of the file: no such setting',
      'did you mean "overflow"?',
    ],
  ],
  [
    'bans: {overflow: newest}',
    [
      '1:18 config/invalid-value',
      'Cannot use "newest" for "bans.overflow" at the top of the file: must be "permissive" or "oldest"',
    ],
  ],
];
