/**
 * `enum launch_step` of src/native/spawner/format.h: what a launch does, in order, and so where it can fail.
 * `clone`, `cap`, `busy` and, of its directory, `cgroup` come before there is a child.
 */
export const LAUNCH_STEPS = [
  'none',
  'clone',
  'cap',
  'busy',
  'cgroup',
  'sigmask',
  'setsid',
  'dup',
  'close_range',
  'setsockopt',
  'setrlimit',
  'setpriority',
  'umask',
  'chdir',
  'setgroups',
  'setresgid',
  'setresuid',
  'landlock',
  'seccomp',
  'prctl',
  'capset',
  'mount',
  'mount_setattr',
  'chroot',
  'mkdirat',
  'fchownat',
  'write',
  'exec',
] as const;

export type LaunchStep = (typeof LAUNCH_STEPS)[number];
