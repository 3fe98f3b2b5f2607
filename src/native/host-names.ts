import type { Binding, User } from './binding.ts';
import { checked } from './errno.ts';

const MOST_GROUPS = 65536;

/** The C library's name service (nsswitch.conf(5)), asked while a configuration is compiled. */
export interface HostNames {
  findUser(name: string): User | undefined;
  findUserById(uid: number): User | undefined;
  findGroup(name: string): number | undefined;
  /** What initgroups(3) would set. */
  groupsOf(user: string, gid: number): readonly number[];
  findTcpPort(name: string): number | undefined;
}

/** Look-ups that fail, as opposed to finding nobody, throw SyscallError (S25). */
export function hostNames(binding: Binding): HostNames {
  const user = (result: User | number, subject: string): User | undefined =>
    typeof result === 'number' ? void checked(result, { call: 'look up user', subject }) : result;
  return {
    findUser: (name) => user(binding.userByName(name), name),
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
    findTcpPort: (name) => {
      const port = checked(binding.tcpPort(name), { call: 'look up service', subject: name });
      return port === 0 ? undefined : port;
    },
  };
}
