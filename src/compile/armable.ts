import type { Rlimit } from '../model/rlimit.ts';
import type { Program, Service } from '../model/service.ts';
import type { SyscallName } from '../model/syscall-numbers.ts';

/** What a child still does once it has its connection, but for execve. */
const LAST_CALLS: readonly SyscallName[] = ['recvmsg', 'dup3', 'rt_sigprocmask', 'exit_group'];
/** All that is called from clone to execve, and by the thread that calls clone: src/native/spawner/bare.c and child.c. */
export const LAUNCH_CALLS: readonly SyscallName[] = [
  ...LAST_CALLS,
  ...(['clone', 'futex', 'rt_sigprocmask', 'setsid', 'openat', 'close', 'close_range', 'write'] as const),
  ...(['newfstatat', 'setsockopt', 'prlimit64', 'setpriority', 'umask', 'chdir'] as const),
  ...(['setgroups', 'setresgid', 'setresuid', 'prctl', 'capset', 'getpid'] as const),
  ...(['landlock_create_ruleset', 'landlock_add_rule', 'landlock_restrict_self'] as const),
];
/** Descriptors that it has while it waits: standard error and where the connection comes from. */
const LEAST_NOFILE = 4;

function allowsWaiting({ name, soft }: Rlimit): boolean {
  if (name === 'nproc') return soft === Number.POSITIVE_INFINITY;
  return name !== 'nofile' || soft >= LEAST_NOFILE;
}

/**
 * Whether children of this program may be there ahead of their connections (src/native/spawner/armed.c): what they do ahead
 * costs more than to be woken does, as a sandbox does, or has a handler to wait for, those that wait take up nothing that its limits count, and nothing is done to its socket on the way.
 */
export function isArmable(
  program: Program,
  { cgroup, isWaiting }: Pick<Service, 'cgroup' | 'isWaiting'>,
): boolean {
  const { keepalive, lingerSeconds, listenName, rlimits, sandbox } = program;
  const isPlain = !keepalive && lingerSeconds === undefined && listenName === undefined;
  const isWorthIt = sandbox !== undefined || isWaiting;
  return isWorthIt && isPlain && cgroup === undefined && rlimits.every(allowsWaiting);
}

/** Whether its filter can only be installed once nothing but execve is left to do. */
export function isFilterLate({ sandbox }: Pick<Program, 'sandbox'>): boolean {
  return sandbox?.filter?.denied.some(({ name }) => LAST_CALLS.includes(name)) === true;
}

/**
 * Whether a thread that bears its children can have its filter already: only if that lets through all that they and the
 * thread call. Namespaces and views, whose calls hardly a filter allows, are none of it.
 */
export function isMoulded({ sandbox }: Pick<Program, 'sandbox'>): boolean {
  if (!sandbox?.filter || !sandbox.isBare || sandbox.namespaces !== 0) return false;
  const called = [...LAUNCH_CALLS, ...sandbox.calls.map(({ name }) => name)];
  return !sandbox.filter.denied.some(({ name }) => called.includes(name));
}
