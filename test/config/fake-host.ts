import type { Host, HostUser } from '../../src/config/host.ts';
import { CAPABILITIES } from '../../src/model/capability.ts';
import type { Prefix } from '../../src/model/prefix.ts';

const USERS: readonly HostUser[] = [
  { name: 'root', uid: 0, gid: 0 },
  { name: 'toor', uid: 0, gid: 0 },
  { name: 'nobody', uid: 65534, gid: 65534 },
  { name: 'ftp', uid: 110, gid: 120 },
  { name: 'zinetd', uid: 999, gid: 999 },
  { name: 'me', uid: 1000, gid: 1000 },
];

const GROUPS: ReadonlyMap<string, number> = new Map([
  ['root', 0],
  ['daemon', 1],
  ['ftp', 120],
  ['me', 1000],
]);

const PORTS: ReadonlyMap<string, number> = new Map([
  ['finger', 79],
  ['http', 80],
]);

const ADDRESSES: ReadonlyMap<string, readonly Uint8Array[]> = new Map([
  [
    'localhost',
    [Uint8Array.of(127, 0, 0, 1), Uint8Array.from({ length: 16 }, (_, index) => Number(index === 15))],
  ],
]);

const PROGRAMS: ReadonlyMap<string, number> = new Map([
  ['rstatd', 100_001],
  ['rusersd', 100_002],
]);

const INTERFACES: ReadonlyMap<string, number> = new Map([
  ['lo', 1],
  ['eth0', 2],
]);

const NETWORKS: ReadonlyMap<string, Prefix> = new Map([
  ['office', { bytes: Uint8Array.of(10, 1, 0, 0), length: 16 }],
]);

/** A machine that never changes; root started zinetd on it unless `changes` says otherwise. */
export function fakeHost(changes: Partial<Host> = {}): Host {
  return {
    ownerUid: 0,
    capabilities: new Set(CAPABILITIES),
    dispatcherUid: 999,
    resolverUid: 61184,
    hardLimits: new Map(),
    mostFiles: 4096,
    environment: { LANG: 'C.UTF-8', HOME: '/root' },
    findUser: (name) => USERS.find((user) => user.name === name),
    findUserById: (uid) => USERS.find((user) => user.uid === uid),
    findGroup: (name) => GROUPS.get(name),
    groupsOf: (_user, gid) => [gid, 1],
    findPort: (name) => PORTS.get(name),
    findAddresses: (name) => ADDRESSES.get(name) ?? [],
    findRpcProgram: (name) => PROGRAMS.get(name),
    timeZone: 'Europe/Berlin',
    findNetgroup: () => undefined,
    findInterface: (name) => INTERFACES.get(name),
    findNetwork: (name) => NETWORKS.get(name),
    ...changes,
  };
}
