import type { SandboxCall } from '../../model/sandbox.ts';
import type { Identity } from '../../model/service.ts';
import { call } from './call.ts';
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, MOUNT_ATTR_RDONLY, MS, O } from './kernel.ts';
import { mountAttributes } from './mount-attributes.ts';
import type { Wishes } from './wishes.ts';

/** A file for the handler alone. */
export interface Credential {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** That of systemd: zinetd's own credentials, if it was given some, are below, and out of sight in there. */
export const CREDENTIALS_DIRECTORY = '/run/credentials';

const OWNER_READS = 0o400;
const OWNER_ENTERS = 0o700;

function directoryOf({ chroot = '' }: Wishes): string {
  return `${chroot}${CREDENTIALS_DIRECTORY}`;
}

/** Ahead of what makes the file system read-only. It stays, empty and root's alone: who mounts something has his own. */
export function planCredentialsPlace(wishes: Wishes): readonly SandboxCall[] {
  if (!wishes.hasCredentials) return [];
  return [call('mkdirat', [AT_FDCWD, directoryOf(wishes), OWNER_ENTERS], { isOptional: true })];
}

function give(path: string, { uid, gid }: Pick<Identity, 'uid' | 'gid'>): SandboxCall {
  return call('fchownat', [AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW]);
}

/**
 * A file system in the handler's own view, which is never swapped out and nobody can write to once it is full: ramfs, whose only
 * option is a mode. What is given to somebody is given by root, who made it.
 */
export function planCredentials(
  credentials: readonly Credential[],
  { wishes, identity }: { readonly wishes: Wishes; readonly identity: Identity | undefined },
): readonly SandboxCall[] {
  if (!wishes.hasCredentials) return [];
  const directory = directoryOf(wishes);
  const files = credentials.map(({ name, bytes }) => ({ path: `${directory}/${name}`, bytes }));
  const flags = MS.NOSUID | MS.NODEV | MS.NOEXEC;
  const sealed = mountAttributes({ set: MOUNT_ATTR_RDONLY });
  return [
    call('mount', ['ramfs', directory, 'ramfs', flags, `mode=${OWNER_ENTERS.toString(8)}`]),
    ...files.map(({ path, bytes }) =>
      call('write', [path, bytes, bytes.length, O.CREAT | O.EXCL, OWNER_READS]),
    ),
    ...(identity ? [...files.map(({ path }) => path), directory].map((path) => give(path, identity)) : []),
    call('mount_setattr', [AT_FDCWD, directory, 0, sealed, sealed.length]),
  ];
}

/** The same calls for another handler of the service: what was given to the first is given to that one. */
export function giveTo(calls: readonly SandboxCall[], identity: Identity): readonly SandboxCall[] {
  return calls.map((each) => (each.name === 'fchownat' ? give(String(each.args[1]), identity) : each));
}
