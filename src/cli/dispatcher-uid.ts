import type { HostNames } from '../native/host-names.ts';

/** The uids that systemd gives to dynamic users; no passwd entry should be among them. */
const FIRST_DYNAMIC_UID = 61184;
const LAST_DYNAMIC_UID = 65519;

/**
 * The uid of the dispatcher and the compiler when root starts zinetd: that of the user `zinetd`, else one
 * that nobody has. Undefined when even that cannot be had.
 */
export function chooseDispatcherUid(names: HostNames): number | undefined {
  const own = names.findUser('zinetd');
  if (own) return own.uid;
  for (let uid = FIRST_DYNAMIC_UID; uid <= LAST_DYNAMIC_UID; uid++) {
    if (names.findUserById(uid) === undefined) return uid;
  }
  return undefined;
}
