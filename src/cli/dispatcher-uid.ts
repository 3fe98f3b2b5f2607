import type { HostNames } from '../native/host-names.ts';

/** The uids that systemd gives to dynamic users; no passwd entry should be among them. */
const FIRST_DYNAMIC_UID = 61184;
const LAST_DYNAMIC_UID = 65519;

/**
 * The uid of the dispatcher and the compiler when root starts zinetd: that of the user `zinetd`, else one
 * that nobody has. Undefined when even that cannot be had.
 */
export function chooseDispatcherUid(names: HostNames): number | undefined {
  return names.findUser('zinetd')?.uid ?? freeUid(names, FIRST_DYNAMIC_UID);
}

/** The uid of the resolver: one that nobody has, the dispatcher included. */
export function chooseResolverUid(names: HostNames, dispatcherUid: number): number | undefined {
  const isNext = dispatcherUid >= FIRST_DYNAMIC_UID && dispatcherUid < LAST_DYNAMIC_UID;
  return freeUid(names, isNext ? dispatcherUid + 1 : FIRST_DYNAMIC_UID);
}

function freeUid(names: HostNames, first: number): number | undefined {
  for (let uid = first; uid <= LAST_DYNAMIC_UID; uid++) {
    if (names.findUserById(uid) === undefined) return uid;
  }
  return undefined;
}
