import { hostNames } from '../native/host-names.ts';
import { loadBinding } from '../native/load.ts';

/** For people to read: the number where there is no name. */
export function userName(uid: number): string {
  try {
    return hostNames(loadBinding()).findUserById(uid)?.name ?? `uid ${uid}`;
  } catch {
    return `uid ${uid}`;
  }
}
