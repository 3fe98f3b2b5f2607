import type { SandboxCall } from '../../model/sandbox.ts';
import { call } from './call.ts';
import { AT_FDCWD, AT_RECURSIVE, MOUNT_ATTR_NOEXEC, MOUNT_ATTR_RDONLY, MS } from './kernel.ts';
import { mountAttributes } from './mount-attributes.ts';
import { planCredentialsPlace } from './plan-credentials.ts';
import type { Wishes } from './wishes.ts';

const TMP_SIZE = '64m';
const HOMES = ['/home', '/root', '/run/user'];
const SYSTEM = ['/usr', '/boot', '/efi'];
const OPTIONAL = { isOptional: true } as const;

function changeMount(path: string, change: { readonly set?: number; readonly clear?: number }): SandboxCall {
  const attributes = mountAttributes(change);
  return call('mount_setattr', [AT_FDCWD, path, AT_RECURSIVE, attributes, attributes.length], OPTIONAL);
}

/** A mount of its own, with flags of its own, of what is there already. */
function bind(path: string): SandboxCall {
  return call('mount', [path, path, 0, MS.BIND | MS.REC, 0], OPTIONAL);
}

function tmpfs(path: string, options: { readonly flags: number; readonly data: string }): SandboxCall {
  return call('mount', ['tmpfs', path, 'tmpfs', options.flags, options.data], OPTIONAL);
}

function readOnlyPaths({ protectSystem, protectHome, readOnlyPaths: written }: Wishes): readonly string[] {
  const system = protectSystem === false ? [] : SYSTEM;
  const etc = protectSystem === 'full' ? ['/etc'] : [];
  const homes = protectHome === 'read-only' ? HOMES : [];
  return protectSystem === 'strict' ? ['/'] : [...system, ...etc, ...homes, ...written];
}

/** Whether any of it needs a view of the file system that is the handler's own. */
export function needsMounts(wishes: Wishes): boolean {
  const { protectHome, privateTmp, privatePids, readWritePaths, execPaths, hasCredentials } = wishes;
  const isOwn =
    protectHome !== false || privateTmp || privatePids || execPaths !== undefined || hasCredentials;
  return isOwn || readWritePaths.length > 0 || readOnlyPaths(wishes).length > 0;
}

/** Behind all other mounts, so that there is none of them that it does not reach. */
function planExecution({ execPaths }: Wishes): readonly SandboxCall[] {
  if (!execPaths) return [];
  const paths = execPaths.filter((path) => path !== '/');
  if (paths.length < execPaths.length) return [];
  return [
    ...paths.map(bind),
    changeMount('/', { set: MOUNT_ATTR_NOEXEC }),
    ...paths.map((path) => changeMount(path, { clear: MOUNT_ATTR_NOEXEC })),
  ];
}

/**
 * mount(2) and mount_setattr(2) in a namespace that is new: nothing of it reaches anybody else. What may be written is bound
 * to itself ahead of the change that makes the rest read-only, and made writable behind it.
 */
export function planMounts(wishes: Wishes): readonly SandboxCall[] {
  const { protectHome, privateTmp, privatePids, readWritePaths } = wishes;
  const readOnly = readOnlyPaths(wishes);
  const hidden = protectHome === true ? HOMES : [];
  const quiet = MS.NOSUID | MS.NODEV;
  return [
    call('mount', [0, '/', 0, MS.REC | MS.SLAVE, 0]),
    ...planCredentialsPlace(wishes),
    ...(privatePids ? [call('mount', ['proc', '/proc', 'proc', quiet | MS.NOEXEC, 0])] : []),
    ...readOnly.filter((path) => path !== '/').map(bind),
    ...readWritePaths.map(bind),
    ...readOnly.map((path) => changeMount(path, { set: MOUNT_ATTR_RDONLY })),
    ...readWritePaths.map((path) => changeMount(path, { clear: MOUNT_ATTR_RDONLY })),
    ...hidden.map((path) => tmpfs(path, { flags: quiet | MS.NOEXEC | MS.RDONLY, data: 'mode=755,size=4k' })),
    ...(privateTmp ? ['/tmp', '/var/tmp'] : []).map((path) =>
      tmpfs(path, { flags: quiet, data: `mode=1777,size=${TMP_SIZE}` }),
    ),
    ...planExecution(wishes),
  ];
}
