#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

int call_limits(double *pairs, size_t count)
{
	if (count < 2 * RLIM_NLIMITS)
		return -EINVAL;
	for (int resource = 0; resource < RLIM_NLIMITS; resource++) {
		struct rlimit limit;
		if (getrlimit(resource, &limit) < 0)
			return -errno;
		pairs[2 * resource] = limit.rlim_cur == RLIM_INFINITY ? INFINITY : (double)limit.rlim_cur;
		pairs[2 * resource + 1] = limit.rlim_max == RLIM_INFINITY ? INFINITY : (double)limit.rlim_max;
	}
	return 0;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0)
			return -errno;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

int call_sealed_memfd(const void *bytes, size_t length)
{
	int fd = memfd_create("zinetd-boot", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	int result = write_all(fd, bytes, length);
	if (result == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		result = -errno;
	if (result == 0)
		return fd;
	close(fd);
	return result;
}

/*
 * Node ignores SIGPIPE and SIGXFSZ, and what started Node may have ignored or blocked more (S27). All are blocked
 * until the spawner takes them. What is caught stays so until the exec, which ends that: Node's other threads block
 * nothing, and one of them would die of it, and all with it (S122).
 */
static void reset_signals(void)
{
	struct sigaction standard = { .sa_handler = SIG_DFL }, now;
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (int number = 1; number < NSIG; number++)
		if (sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
			sigaction(number, &standard, NULL);
}

/*
 * From 3 on, whatever numbers they have now: first out of each other's way. All others go with the exec; if that fails they are
 * needed, those that had these numbers as well: `before` has them, or -1 where there were none.
 */
static int place_descriptors(const int *kept, int count, int *before)
{
	int copies[MAX_KEPT];
	for (int i = 0; i < count; i++) {
		copies[i] = fcntl(kept[i], F_DUPFD_CLOEXEC, 3 + count);
		if (copies[i] < 0)
			return -errno; /* whoever starts is about to end */
	}
	for (int i = 0; i < count; i++) /* as far as there is room: only who has to say why there was no exec misses it */
		before[i] = fcntl(3 + i, F_DUPFD_CLOEXEC, 3 + count);
	for (int i = 0; i < count; i++)
		if (dup2(copies[i], 3 + i) < 0)
			return -errno;
	return syscall(SYS_close_range, 3 + count, ~0u, 4 /* CLOSE_RANGE_CLOEXEC */) < 0 ? -errno : 0;
}

/* Node is to say why there was no exec, and cannot without what it polls with. */
static void give_back(const int *before, int count)
{
	for (int i = 0; i < count; i++)
		if (before[i] >= 0)
			dup2(before[i], 3 + i);
}

int call_exec(const char *path, char *const argv[], char *const env[], const struct kept *kept)
{
	for (int fd = 0; fd < 3; fd++) {
		int flags = fcntl(fd, F_GETFL);
		fcntl(fd, F_SETFD, 0);
		/* Node leaves pipes non-blocking: the description is shared with whoever gave it to us. */
		if (flags >= 0 && (flags & O_NONBLOCK))
			fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
	}
	int before[MAX_KEPT];
	memset(before, 0xff, sizeof before);
	int result = place_descriptors(kept->fds, kept->count, before);
	if (result == 0) {
		reset_signals();
		execve(path, argv, env);
		result = -errno;
	}
	give_back(before, kept->count);
	return result;
}

int call_lock(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
}

int call_attribute(int fd, const char *name, void *value, size_t room)
{
	ssize_t length = fgetxattr(fd, name, value, room);
	return length < 0 ? -errno : (int)length;
}

int call_undumpable(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0;
}

int call_landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */);
	return version < 0 ? -errno : (int)version;
}

int call_has_seccomp(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) < 0 && errno == EFAULT;
}

int call_lock_down(const void *program, size_t length)
{
	struct sock_fprog filter = { .len = (unsigned short)(length / sizeof(struct sock_filter)), .filter = (void *)(uintptr_t)program };
	if (length % sizeof(struct sock_filter) || length / sizeof(struct sock_filter) > BPF_MAXINSNS)
		return -EINVAL;
	long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
	return result < 0 ? -errno : result > 0 ? -ESRCH : 0;
}
