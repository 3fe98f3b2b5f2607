import type { SyscallName } from '../../model/syscall-numbers.ts';
import { PROCESS_RULES } from './process-rules.ts';
import type { Condition, Rule } from './rule.ts';

/** Calls that neither dispatcher nor resolver has a use for, whatever their arguments, by what they would reach. */
const DENIED: readonly (readonly SyscallName[])[] = [
  // Other processes.
  [
    'ptrace',
    'process_vm_readv',
    'process_vm_writev',
    'kcmp',
    'pidfd_getfd',
    'process_madvise',
    'process_mrelease',
  ],
  // Code and programs in the kernel; wide parts of it that a server does not need (io_uring: S38).
  [
    'kexec_load',
    'kexec_file_load',
    'create_module',
    'init_module',
    'finit_module',
    'delete_module',
    'bpf',
    'perf_event_open',
    'userfaultfd',
    'keyctl',
    'add_key',
    'request_key',
    'io_uring_setup',
    'io_uring_enter',
    'io_uring_register',
    'modify_ldt',
    'iopl',
    'ioperm',
  ],
  // Mounts, roots and namespaces.
  [
    'mount',
    'umount2',
    'pivot_root',
    'chroot',
    'fsopen',
    'fsmount',
    'fsconfig',
    'fspick',
    'move_mount',
    'open_tree',
    'open_tree_attr',
    'mount_setattr',
    'setns',
    'unshare',
  ],
  // The machine.
  [
    'reboot',
    'swapon',
    'swapoff',
    'acct',
    'quotactl',
    'quotactl_fd',
    'vhangup',
    'syslog',
    'sethostname',
    'setdomainname',
    'clock_settime',
    'clock_adjtime',
    'settimeofday',
    'adjtimex',
  ],
  // Identity.
  [
    'setuid',
    'setgid',
    'setreuid',
    'setregid',
    'setresuid',
    'setresgid',
    'setgroups',
    'setfsuid',
    'setfsgid',
    'capset',
    'personality',
  ],
  // Memory policy, files by handle, leftovers.
  [
    'name_to_handle_at',
    'open_by_handle_at',
    'fanotify_init',
    'memfd_secret',
    'move_pages',
    'migrate_pages',
    'mbind',
    'set_mempolicy',
    'set_mempolicy_home_node',
    'lookup_dcookie',
    'nfsservctl',
    'uselib',
    'ustat',
    'sysfs',
    '_sysctl',
  ],
  // System V and POSIX queues, which processes of one uid share.
  [
    'shmget',
    'shmat',
    'shmctl',
    'msgget',
    'msgsnd',
    'msgrcv',
    'msgctl',
    'semget',
    'semop',
    'semtimedop',
    'semctl',
    'mq_open',
    'mq_unlink',
  ],
  // Shortening or rewriting what is open: pwritev2 and io_submit can write in front of O_APPEND (RWF_NOAPPEND).
  ['truncate', 'ftruncate', 'fallocate', 'pwritev2', 'creat', 'openat2'],
  ['io_setup', 'io_submit', 'io_cancel', 'io_getevents', 'io_pgetevents', 'io_destroy'],
  // Changing directories and the attributes of files.
  [
    'chmod',
    'fchmod',
    'fchmodat',
    'fchmodat2',
    'chown',
    'fchown',
    'lchown',
    'fchownat',
    'mknod',
    'mknodat',
    'link',
    'linkat',
    'symlink',
    'symlinkat',
    'rename',
    'renameat',
    'renameat2',
    'unlink',
    'unlinkat',
    'mkdir',
    'mkdirat',
    'rmdir',
    'utime',
    'utimes',
    'utimensat',
    'futimesat',
    'setxattr',
    'lsetxattr',
    'fsetxattr',
    'setxattrat',
    'removexattr',
    'lremovexattr',
    'fremovexattr',
    'removexattrat',
    'file_setattr',
  ],
  // Listening: Node's inspector has nowhere to (S131, S133).
  ['listen'],
  // Signals to anybody; tgkill has a rule of its own.
  ['kill', 'tkill', 'rt_sigqueueinfo', 'rt_tgsigqueueinfo', 'pidfd_send_signal'],
];

/** O_WRONLY, O_RDWR, O_CREAT and O_TRUNC: same bits on both architectures. */
const WRITING_FLAGS = 0o3 | 0o100 | 0o1000;

function opensForWriting(argument: 1 | 2): readonly Condition[] {
  return [{ argument, mask: WRITING_FLAGS, test: 'differs', value: 0 }];
}

/**
 * F_SETFL could clear O_APPEND or set O_ASYNC. Node calls it only to restore O_NONBLOCK of the standard
 * descriptors, and aborts when it cannot; STANDARD_STREAM_RULES leave it nothing to restore. F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE and F_NOTIFY send signals by other means.
 */
const FCNTL_COMMANDS = [4, 8, 10, 15, 1024, 1026];

const FIONBIO = 0x5421;

/**
 * FIONBIO, FIOCLEX, FIONCLEX, FIONREAD, TCGETS, TCGETS2, TIOCGWINSZ. Not in it, among all others: TIOCSTI and
 * TIOCLINUX (S31), and FS_IOC_UNRESVSP, which punches holes into a log that is open for appending.
 */
const IOCTL_REQUESTS = [FIONBIO, 0x5451, 0x5450, 0x541b, 0x5401, 0x802c_542a, 0x5413];

const SIGABRT = 6;
const PR_SET_DUMPABLE = 4;
const PR_SET_MM = 35;
const PR_SET_PTRACER = 0x5961_6d61;

function argumentIs(argument: Condition['argument'], value: number): Condition {
  return { argument, test: 'equals', value };
}

function argumentIsNot(argument: Condition['argument'], value: number): Condition {
  return { argument, test: 'differs', value };
}

/**
 * Node makes a standard stream non-blocking when it prints a warning or an exception. Others share these
 * descriptions (S16), so that it is only told that it did.
 */
const STANDARD_STREAM_RULES: readonly Rule[] = [0, 1, 2].map((fd) => ({
  syscall: 'ioctl',
  action: 'pretend',
  when: [argumentIs(1, FIONBIO), argumentIs(0, fd)],
}));

/** What neither dispatcher nor resolver may do from its first instruction on. */
export const WORKER_RULES: readonly Rule[] = [
  ...DENIED.flat().map((syscall): Rule => ({ syscall, action: 'EPERM' })),
  { syscall: 'open', action: 'EPERM', when: opensForWriting(1) },
  { syscall: 'openat', action: 'EPERM', when: opensForWriting(2) },
  ...FCNTL_COMMANDS.map(
    (command): Rule => ({ syscall: 'fcntl', action: 'EPERM', when: [argumentIs(1, command)] }),
  ),
  ...STANDARD_STREAM_RULES,
  ...IOCTL_REQUESTS.map(
    (request): Rule => ({ syscall: 'ioctl', action: 'allow', when: [argumentIs(1, request)] }),
  ),
  { syscall: 'ioctl', action: 'EPERM' },
  // abort() is the one use of tgkill.
  { syscall: 'tgkill', action: 'EPERM', when: [argumentIsNot(2, SIGABRT)] },
  // The limits of other processes.
  { syscall: 'prlimit64', action: 'EPERM', when: [argumentIsNot(0, 0)] },
  {
    syscall: 'prctl',
    action: 'EPERM',
    when: [argumentIs(0, PR_SET_DUMPABLE), argumentIsNot(1, 0)],
  },
  { syscall: 'prctl', action: 'EPERM', when: [argumentIs(0, PR_SET_MM)] },
  { syscall: 'prctl', action: 'EPERM', when: [argumentIs(0, PR_SET_PTRACER)] },
  ...PROCESS_RULES,
];
