#include "attempts.h"

#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>

#define SPAWNER target_pid("SPAWNER")
#define HANDLER target_pid("HANDLER")
#define STRANGER target_pid("STRANGER")

static char *const SHELL[] = { "sh", "-c", "exit 0", NULL };
static char *const NOTHING[] = { NULL };

/* A child that came to be is none of the test's. */
static long end_child(long pid)
{
	if (pid == 0)
		_exit(0);
	const int error = errno;
	if (pid > 0)
		waitpid((pid_t)pid, NULL, 0);
	errno = error;
	return pid;
}

static long run_shell(void) { return execve("/bin/sh", SHELL, NOTHING); }
static long run_node(void) { return execve("/proc/self/exe", SHELL, NOTHING); }
static long run_descriptor(void)
{
	const int fd = open("/proc/self/exe", O_PATH | O_CLOEXEC);
	const long result = syscall(SYS_execveat, fd, "", SHELL, NOTHING, AT_EMPTY_PATH);
	const int error = errno;
	let_go(fd);
	errno = error;
	return result;
}
static long make_memory(void) { return let_go(memfd_create("program", MFD_CLOEXEC)); }
static long run_memory(void)
{
	const int fd = memfd_create("program", MFD_CLOEXEC);
	const long written = write(fd, "#!/bin/sh\n", 10);
	const long result = written < 0 ? written : syscall(SYS_execveat, fd, "", SHELL, NOTHING, AT_EMPTY_PATH);
	const int error = errno;
	let_go(fd);
	errno = error;
	return result;
}
static long run_own_memory(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page == MAP_FAILED ? -1 : munmap(page, 4096);
}
#ifdef SYS_fork
static long by_fork(void) { return end_child(syscall(SYS_fork)); }
static long by_vfork(void) { return end_child(syscall(SYS_vfork)); }
#else
static long by_fork(void) { errno = ENOSYS; return -1; }
static long by_vfork(void) { errno = ENOSYS; return -1; }
#endif
static long by_clone(void) { return end_child(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }
static long by_clone3(void)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	return end_child(syscall(SYS_clone3, &args, sizeof args));
}
static void *nothing(void *argument) { return argument; }
static long by_thread(void)
{
	pthread_t thread;
	errno = pthread_create(&thread, NULL, nothing, NULL);
	return errno ? -1 : pthread_join(thread, NULL);
}
CALL(user_namespace, SYS_unshare, CLONE_NEWUSER)
CALL(mount_namespace, SYS_unshare, CLONE_NEWNS)
static long new_user_namespace(void) { return end_child(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)); }
CALL(join_namespace, SYS_setns, 0, 0)

static long signal_spawner(void) { return kill(SPAWNER, 0); }
static long signal_handler(void) { return kill(HANDLER, 0); }
static long signal_all(void) { return kill(-1, 0); }
static long signal_thread(void) { return syscall(SYS_tkill, SPAWNER, 0); }
static long abort_spawner(void) { return syscall(SYS_tgkill, SPAWNER, SPAWNER, SIGABRT); }
static long abort_stranger(void) { return syscall(SYS_tgkill, STRANGER, STRANGER, SIGABRT); }
static long queue_signal(void)
{
	siginfo_t info = { .si_code = SI_QUEUE };
	return syscall(SYS_rt_sigqueueinfo, SPAWNER, SIGTERM, &info);
}
static long own_descriptors(void) { return fcntl(3, F_SETOWN, SPAWNER); }
static long pidfd(void) { return syscall(SYS_pidfd_open, SPAWNER, 0); }
static long name_process(void) { return let_go(pidfd()); }
static long signal_pidfd(void)
{
	const int fd = (int)pidfd();
	const long result = syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0);
	const int error = errno;
	let_go(fd);
	errno = error;
	return result;
}
static long take_descriptor(void)
{
	const int fd = (int)pidfd();
	const long result = syscall(SYS_pidfd_getfd, fd, 3, 0);
	const int error = errno;
	let_go(fd);
	errno = error;
	return result;
}
static long trace(pid_t pid) { return ptrace(PTRACE_ATTACH, pid, 0, 0); }
static long trace_spawner(void) { return trace(SPAWNER); }
static long trace_handler(void) { return trace(HANDLER); }
static long let_trace(void) { return prctl(PR_SET_PTRACER, -1, 0, 0, 0); }
static long read_memory(pid_t pid)
{
	char byte;
	struct iovec ours = { &byte, 1 }, theirs = { (void *)0x1000, 1 };
	return process_vm_readv(pid, &ours, 1, &theirs, 1, 0);
}
static long read_spawner(void) { return read_memory(SPAWNER); }
static long read_handler(void) { return read_memory(HANDLER); }
static long write_handler(void)
{
	char byte = 0;
	struct iovec ours = { &byte, 1 }, theirs = { (void *)0x1000, 1 };
	return process_vm_writev(HANDLER, &ours, 1, &theirs, 1, 0);
}
static long open_of(pid_t pid, const char *name)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	return let_go(open(path, O_RDONLY | O_CLOEXEC));
}
static long memory_of_spawner(void) { return open_of(SPAWNER, "mem"); }
static long status_of_spawner(void) { return open_of(SPAWNER, "status"); }
static long environment_of_handler(void) { return open_of(HANDLER, "environ"); }
static long arguments_of_stranger(void) { return open_of(STRANGER, "cmdline"); }
static long link_of_spawner(void)
{
	char path[64], to[256];
	snprintf(path, sizeof path, "/proc/%d/exe", (int)SPAWNER);
	return readlink(path, to, sizeof to);
}
static long limit_spawner(void)
{
	struct rlimit limit = { 1, 1 };
	return syscall(SYS_prlimit64, SPAWNER, RLIMIT_NOFILE, &limit, NULL);
}
static long slow_spawner(void) { return setpriority(PRIO_PROCESS, (id_t)SPAWNER, 19); }
static long place_spawner(void)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	return sched_setaffinity(SPAWNER, sizeof set, &set);
}
static long compare(void) { return syscall(SYS_kcmp, SPAWNER, HANDLER, 0, 3, 3); }
static long locks_of_spawner(void)
{
	void *head;
	size_t size;
	return syscall(SYS_get_robust_list, SPAWNER, &head, &size);
}
static long be_first(void)
{
	struct sched_param param = { .sched_priority = 1 };
	return sched_setscheduler(0, SCHED_FIFO, &param);
}
static long be_dumpable(void) { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }
static long be_root(void) { return (long)syscall(SYS_setuid, 0); }
static long group_root(void) { return (long)syscall(SYS_setgid, 0); }
static long groups(void) { return syscall(SYS_setgroups, 0, NULL); }
static long capabilities(void)
{
	uint32_t header[2] = { 0x20080522, 0 }, data[6] = { 1, 1, 0, 0, 0, 0 };
	return syscall(SYS_capset, header, data);
}
static long wait_for_handler(void) { return waitpid(HANDLER, NULL, WNOHANG); }

const struct attempt PROCESSES[] = {
	{ "execute a shell", run_shell },
	{ "execute Node, which it runs", run_node },
	{ "execute what a descriptor leads to", run_descriptor },
	{ "make a file in memory", make_memory },
	{ "execute a file in memory", run_memory },
	{ "have memory that it may write and execute", run_own_memory },
	{ "fork", by_fork },
	{ "vfork", by_vfork },
	{ "make a process by clone", by_clone },
	{ "make a process by clone3", by_clone3 },
	{ "make a thread", by_thread },
	{ "have a user namespace of its own", user_namespace },
	{ "make a process in a user namespace", new_user_namespace },
	{ "have a mount namespace of its own", mount_namespace },
	{ "go over to another namespace", join_namespace },
	{ "signal the spawner", signal_spawner },
	{ "signal a handler", signal_handler },
	{ "signal everybody", signal_all },
	{ "signal the spawner by its thread", signal_thread },
	{ "abort the spawner by tgkill", abort_spawner },
	{ "abort another process of its uid by tgkill", abort_stranger },
	{ "queue a signal for the spawner", queue_signal },
	{ "signal the spawner through its descriptor", signal_pidfd },
	{ "have the kernel signal the spawner when a descriptor is ready", own_descriptors },
	{ "hold the spawner by a descriptor", name_process },
	{ "take a descriptor of the spawner", take_descriptor },
	{ "trace the spawner", trace_spawner },
	{ "trace a handler", trace_handler },
	{ "let anybody trace it", let_trace },
	{ "read the memory of the spawner", read_spawner },
	{ "read the memory of a handler", read_handler },
	{ "write the memory of a handler", write_handler },
	{ "open the memory of the spawner", memory_of_spawner },
	{ "open the status of the spawner", status_of_spawner },
	{ "open the environment of a handler", environment_of_handler },
	{ "open the arguments of another process of its uid", arguments_of_stranger },
	{ "learn the program of the spawner", link_of_spawner },
	{ "limit the descriptors of the spawner", limit_spawner },
	{ "slow the spawner down", slow_spawner },
	{ "choose the processor of the spawner", place_spawner },
	{ "compare descriptors of spawner and handler", compare },
	{ "learn what the spawner has locked", locks_of_spawner },
	{ "wait for a handler", wait_for_handler },
	{ "be scheduled before all others", be_first },
	{ "be dumpable again", be_dumpable },
	{ "become root", be_root },
	{ "join the group of root", group_root },
	{ "change its groups", groups },
	{ "take a capability", capabilities },
	{ 0 },
};
