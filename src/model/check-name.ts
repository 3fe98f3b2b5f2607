/**
 * Every check, in the order in which they are asked: the operator's word first, then identity, counters last, the source's before the
 * service's. `id_only` and `decide` leave the machine's memory, and `certificate` waits for a handshake, which is for those alone who may
 * come.
 */
export const CHECK_NAMES = [
  'enabled',
  'ban',
  'access',
  'hosts_access',
  'sensor',
  'access_times',
  'max_load',
  'rate_per_source',
  'per_source',
  'cps',
  'instances',
  'max_processes',
  'id_only',
  'decide',
  'certificate',
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];
