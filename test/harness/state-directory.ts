import { chownSync } from 'node:fs';
import type { TestUser } from './identity.ts';
import { scratch } from './scratch.ts';

/** An empty state directory for zinetd, started by this user: the machine's own is not for tests. */
export function stateDirectory(as?: TestUser): string {
  const directory = scratch('state');
  if (as) chownSync(directory, as.uid, as.gid);
  return directory;
}
