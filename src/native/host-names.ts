import type { Prefix } from '../model/prefix.ts';
import type { Binding, User } from './binding.ts';
import { checked } from './errno.ts';

const MOST_GROUPS = 65536;
const MOST_ADDRESSES = 64;
/** How many bytes an address has, then its bytes, room for 16. */
const ADDRESS_ROW_BYTES = 17;
const MOST_NETGROUP_BYTES = 1024 * 1024;

/** The C library's name service (nsswitch.conf(5)), asked while a configuration is compiled. */
export interface HostNames {
  findUser(name: string): User | undefined;
  findUserById(uid: number): User | undefined;
  findGroup(name: string): number | undefined;
  /** What initgroups(3) would set. */
  groupsOf(user: string, gid: number): readonly number[];
  findPort(name: string, protocol: 'tcp' | 'udp'): number | undefined;
  /** All addresses of a host, those of IPv4 first. */
  findAddresses(name: string): readonly Uint8Array[];
  /** Of rpc(5). */
  findRpcProgram(name: string): number | undefined;
  /** The hosts of a netgroup; an empty name is an entry for every host. */
  findNetgroup(name: string): readonly string[] | undefined;
  findInterface(name: string): number | undefined;
  /** Of networks(5): zero octets at the end of its number are the part of the hosts. */
  findNetwork(name: string): Prefix | undefined;
}

function addressesOf(binding: Binding, name: string): readonly Uint8Array[] {
  const rows = new Uint8Array(MOST_ADDRESSES * ADDRESS_ROW_BYTES);
  const count = checked(binding.hostAddresses(name, rows), { call: 'look up host', subject: name });
  const addresses = Array.from({ length: count }, (_, index) => {
    const row = rows.subarray(index * ADDRESS_ROW_BYTES);
    return row.slice(1, 1 + (row[0] ?? 0));
  });
  return addresses.toSorted((left, right) => left.length - right.length);
}

/** Answers that stay the same for as long as one configuration is compiled; a look-up that fails is made again. */
function remembered<T>(ask: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const answer = known.has(name) ? (known.get(name) as T) : ask(name);
    known.set(name, answer);
    return answer;
  };
}

/** Look-ups that fail, as opposed to finding nobody, throw SyscallError (S25). */
export function hostNames(binding: Binding): HostNames {
  const user = (result: User | number, subject: string): User | undefined =>
    typeof result === 'number' ? void checked(result, { call: 'look up user', subject }) : result;
  return {
    findUser: remembered((name) => user(binding.userByName(name), name)),
    findUserById: (uid) => user(binding.userById(uid), String(uid)),
    findGroup: (name) => {
      const gid = new Uint32Array(1);
      const found = checked(binding.groupByName(name, gid), { call: 'look up group', subject: name });
      return found === 1 ? gid[0] : undefined;
    },
    groupsOf: (name, gid) => {
      const groups = new Uint32Array(MOST_GROUPS);
      const count = checked(binding.groupsOf(name, gid, groups), {
        call: 'look up the groups of',
        subject: name,
      });
      return Array.from(groups.subarray(0, count));
    },
    findPort: (name, protocol) => {
      const port = checked(binding.servicePort(name, protocol), { call: 'look up service', subject: name });
      return port === 0 ? undefined : port;
    },
    findAddresses: (name) => addressesOf(binding, name),
    findRpcProgram: (name) => {
      const program = new Uint32Array(1);
      const found = checked(binding.rpcProgram(name, program), {
        call: 'look up RPC program',
        subject: name,
      });
      return found === 1 ? program[0] : undefined;
    },
    findNetgroup: (name) => {
      const hosts = Buffer.alloc(MOST_NETGROUP_BYTES);
      const count = checked(binding.netgroupHosts(name, hosts), {
        call: 'look up netgroup',
        subject: name,
      });
      return count === 0 ? undefined : hosts.toString('utf8').split('\0', count);
    },
    findInterface: (name) => {
      const index = checked(binding.interfaceIndex(name), { call: 'look up interface', subject: name });
      return index === 0 ? undefined : index;
    },
    findNetwork: (name) => {
      const bytes = new Uint8Array(4);
      const found = checked(binding.network(name, bytes), { call: 'look up network', subject: name });
      // Debian's networks(5) has "default" as 0.0.0.0: no network, and no rule for all of IPv4.
      const octets = bytes.findLastIndex((octet) => octet !== 0) + 1;
      return found === 0 || octets === 0 ? undefined : { bytes, length: octets * 8 };
    },
  };
}
