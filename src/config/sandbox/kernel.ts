/** Numbers of the kernel's headers, the same on all architectures. */
export const PR = {
  SET_KEEPCAPS: 8,
  CAPBSET_DROP: 24,
  SET_NO_NEW_PRIVS: 38,
  CAP_AMBIENT: 47,
  CAP_AMBIENT_RAISE: 2,
} as const;

export const CLONE = {
  NEWNS: 0x0002_0000,
  NEWIPC: 0x0800_0000,
  NEWPID: 0x2000_0000,
  NEWNET: 0x4000_0000,
} as const;

export const MS = {
  RDONLY: 1,
  NOSUID: 2,
  NODEV: 4,
  NOEXEC: 8,
  BIND: 4096,
  REC: 16_384,
  SLAVE: 0x8_0000,
} as const;

export const MOUNT_ATTR_RDONLY = 1;
export const MOUNT_ATTR_NOEXEC = 8;
/** LANDLOCK_ACCESS_FS_*, those of version 3 that are not about reading. */
export const FS = {
  EXECUTE: 1,
  WRITE_FILE: 2,
  REMOVE_DIR: 0x10,
  REMOVE_FILE: 0x20,
  MAKE_CHAR: 0x40,
  MAKE_DIR: 0x80,
  MAKE_REG: 0x100,
  MAKE_SOCK: 0x200,
  MAKE_FIFO: 0x400,
  MAKE_BLOCK: 0x800,
  MAKE_SYM: 0x1000,
  REFER: 0x2000,
  TRUNCATE: 0x4000,
} as const;

export const O = { CREAT: 0o100, EXCL: 0o200 } as const;

export const AT_FDCWD = -100;
export const AT_SYMLINK_NOFOLLOW = 0x100;
export const AT_RECURSIVE = 0x8000;
/** Of capset(2): _LINUX_CAPABILITY_VERSION_3. */
export const CAPABILITY_VERSION = 0x2008_0522;
