/*
 * Part of the spawner and of the addon as F1 builds them, between them and libc (ld --wrap): counts the calls of each process, and
 * fails the n-th of one. What to fail, the counts, from where each is called and the basic blocks that were reached are in a file that
 * all processes have mapped; it comes in with an environment variable, and goes on by exec as a descriptor.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KEPT_FD 190
#define MAGIC 0x31463146u
#define BY_NUMBER 256 /* ids from here on are those of raw calls */
#define IDS 1024
#define BLOCK_BYTES (1u << 21)
#define SITES 4096

enum process { RUN, COMPILER, DISPATCHER, RESOLVER, UPGRADER, SPAWNER, WORKER, CHILD, TRIAL, PROCESSES };

enum id {
#define CALL(kind, name) ID_##name,
#define OTHER(name) ID_##name,
#define HELPER(name)
#include "calls.h"
#undef CALL
#undef OTHER
#undef HELPER
};

/* A place in the sources that calls, and which of the calls its first one was. */
struct site {
	uint32_t process_and_id, at, nth, calls;
};

struct plan {
	uint32_t magic;
	int32_t process, id, error;
	uint32_t nth, hits;
	int32_t spawner, last_process;
	uint32_t place, hit_nth, unused[6];
	uint32_t counts[PROCESSES][IDS];
	uint32_t sites_used, unused_too[3];
	struct site sites[SITES];
	uint8_t blocks[2][BLOCK_BYTES]; /* of the spawner and of the addon, by their place in the file */
};

#define CALLER __builtin_return_address(0)

static struct plan *plan;
static enum process self;

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

long __real_syscall(long, long, long, long, long, long, long);
int __real_close(int);

/* Which of the calls from there it is. */
static uint32_t count_at(uint32_t process_and_id, uint32_t at, uint32_t nth)
{
	const uint32_t used = __atomic_load_n(&plan->sites_used, __ATOMIC_RELAXED);
	for (uint32_t i = 0; i < used && i < SITES; i++)
		if (plan->sites[i].at == at && plan->sites[i].process_and_id == process_and_id)
			return __atomic_add_fetch(&plan->sites[i].calls, 1, __ATOMIC_RELAXED);
	const uint32_t mine = __atomic_fetch_add(&plan->sites_used, 1, __ATOMIC_RELAXED);
	if (mine < SITES)
		plan->sites[mine] = (struct site){ process_and_id, at, nth, 1 };
	return 1;
}

/* errno, or 0. With a place it is the n-th call from there that fails. */
static int failure_of(enum process process, int id, const void *caller)
{
	if (!plan)
		return 0;
	const uint32_t count = __atomic_add_fetch(&plan->counts[process][id], 1, __ATOMIC_RELAXED);
	const uint32_t at = (uint32_t)((uintptr_t)caller - (uintptr_t)__ehdr_start);
	const uint32_t from_there = count_at((uint32_t)process << 16 | (uint32_t)id, at, count);
	if (plan->id != id || plan->process != (int32_t)process || (plan->place && plan->place != at))
		return 0;
	if ((plan->place ? from_there : count) != plan->nth)
		return 0;
	plan->hit_nth = count;
	__atomic_add_fetch(&plan->hits, 1, __ATOMIC_RELAXED);
	return plan->error;
}

long f1_raw(long number)
{
	return number == SYS_exit_group ? 0 : -failure_of(CHILD, BY_NUMBER + (int)number, CALLER);
}

#ifdef F1_ADDON
#define OBJECT 1
#else
#define OBJECT 0
#endif

void __sanitizer_cov_trace_pc(void)
{
	const uintptr_t at = (uintptr_t)__builtin_return_address(0) - (uintptr_t)__ehdr_start;
	if (plan && at < BLOCK_BYTES)
		plan->blocks[OBJECT][at] = 1;
}

static long minus(int error)
{
	errno = error;
	return -1;
}

static long nothing(int error)
{
	errno = error;
	return 0;
}

static long same(int error)
{
	return error;
}

#define GIVE_MINUS minus
#define GIVE_NOTHING nothing
#define GIVE_ERROR same

/* All arguments are integers or addresses, and no more than are passed in registers. */
#define CALL(kind, name)                                                    \
	long __real_##name(long, long, long, long, long, long);             \
	long __wrap_##name(long a, long b, long c, long d, long e, long f); \
	long __wrap_##name(long a, long b, long c, long d, long e, long f)  \
	{                                                                   \
		const int error = failure_of(self, ID_##name, CALLER);              \
		return error ? GIVE_##kind(error) : __real_##name(a, b, c, d, e, f); \
	}
#define OTHER(name)
#define HELPER(name)
#include "calls.h"

/* Flags of a descriptor that is open are no matter of resources; the spawner looks all the same. */
long __real_fcntl(long, long, long);
long __wrap_fcntl(long fd, long how, long argument);
long __wrap_fcntl(long fd, long how, long argument)
{
	const int is_sure = how == F_GETFD || how == F_GETFL || ((how == F_SETFD || how == F_SETFL) && self < SPAWNER);
	const int error = is_sure ? 0 : failure_of(self, ID_fcntl, CALLER);
	return error ? minus(error) : __real_fcntl(fd, how, argument);
}

/* Nothing is asked of the kernel that it could lack when a descriptor is to be watched no more. */
int __wrap_epoll_ctl(int epoll, int how, int fd, struct epoll_event *event);
int __real_epoll_ctl(int, int, int, struct epoll_event *);
int __wrap_epoll_ctl(int epoll, int how, int fd, struct epoll_event *event)
{
	const int error = how == EPOLL_CTL_DEL ? 0 : failure_of(self, ID_epoll_ctl, CALLER);
	return error ? (int)minus(error) : __real_epoll_ctl(epoll, how, fd, event);
}

/* Who looks for leaks at the end has to look into itself by ptrace(2). */
#ifdef F1_LEAKS
#define IS_UNASKED(what) ((what) == PR_SET_DUMPABLE)
#else
#define IS_UNASKED(what) 0
#endif

long __real_prctl(long, long, long, long, long);
long __wrap_prctl(long what, long a, long b, long c, long d);
long __wrap_prctl(long what, long a, long b, long c, long d)
{
	const int error = failure_of(self, ID_prctl, CALLER);
	if (error)
		return minus(error);
	return IS_UNASKED(what) ? 0 : __real_prctl(what, a, b, c, d);
}

/* The kernel lets go of the descriptor whatever it says. */
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	const int error = failure_of(self, ID_close, CALLER), result = __real_close(fd);
	return error ? (int)minus(error) : result;
}

pid_t __real_fork(void);
pid_t __wrap_fork(void);
pid_t __wrap_fork(void)
{
	const int error = failure_of(self, ID_fork, CALLER);
	const pid_t pid = error ? (pid_t)minus(error) : __real_fork();
	if (pid == 0)
		self = WORKER;
	return pid;
}

int __real_clone(int (*)(void *), void *, int, void *, void *, void *, void *);
int __wrap_clone(int (*main)(void *), void *stack, int flags, void *argument, void *parent, void *tls, void *child);
int __wrap_clone(int (*main)(void *), void *stack, int flags, void *argument, void *parent, void *tls, void *child)
{
	const int error = failure_of(self, ID_clone, CALLER);
	return error ? (int)minus(error) : __real_clone(main, stack, flags, argument, parent, tls, child);
}

int __real_execve(const char *, char *const *, char *const *);
int __wrap_execve(const char *path, char *const *argv, char *const *env);
int __wrap_execve(const char *path, char *const *argv, char *const *env)
{
	const int error = failure_of(self, ID_execve, CALLER);
	if (error)
		return (int)minus(error);
	if (plan && self == RUN)
		plan->spawner = getpid();
	__real_fcntl(KEPT_FD, F_SETFD, 0);
	__real_execve(path, argv, env);
	const int why = errno;
	__real_fcntl(KEPT_FD, F_SETFD, FD_CLOEXEC);
	return (int)minus(why);
}

int __real_getaddrinfo(const char *, const char *, const void *, void *);
int __wrap_getaddrinfo(const char *node, const char *service, const void *hints, void *result);
int __wrap_getaddrinfo(const char *node, const char *service, const void *hints, void *result)
{
	const int error = failure_of(self, ID_getaddrinfo, CALLER);
	if (!error)
		return __real_getaddrinfo(node, service, hints, result);
	errno = error;
	return error == ENOMEM ? EAI_MEMORY : error == EAGAIN ? EAI_AGAIN : EAI_SYSTEM;
}

#ifdef F1_ADDON
int __real_uv_poll_init(void *, void *, int);
int __wrap_uv_poll_init(void *loop, void *handle, int fd);
int __wrap_uv_poll_init(void *loop, void *handle, int fd)
{
	const int error = failure_of(self, ID_uv_poll_init, CALLER);
	return error ? -error : __real_uv_poll_init(loop, handle, fd);
}

int __real_uv_poll_start(void *, int, void *);
int __wrap_uv_poll_start(void *handle, int events, void *callback);
int __wrap_uv_poll_start(void *handle, int events, void *callback)
{
	const int error = failure_of(self, ID_uv_poll_start, CALLER);
	return error ? -error : __real_uv_poll_start(handle, events, callback);
}
#endif

/* Whoever closes all the rest does not close ours. */
static long close_others(long first, long last, long flags)
{
	if (first > KEPT_FD || last < KEPT_FD || flags)
		return __real_syscall(SYS_close_range, first, last, flags, 0, 0, 0);
	const long below = first < KEPT_FD ? __real_syscall(SYS_close_range, first, KEPT_FD - 1, 0, 0, 0, 0) : 0;
	return below < 0 ? below : __real_syscall(SYS_close_range, KEPT_FD + 1, last, 0, 0, 0, 0);
}

long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	const int error = failure_of(self, BY_NUMBER + (int)number, CALLER);
	if (error)
		return minus(error);
	return number == SYS_close_range ? close_others(a, b, c) : __real_syscall(number, a, b, c, d, e, f);
}

#ifdef F1_ADDON
static enum process process_of(const char *words, size_t length)
{
	static const struct {
		const char *word;
		enum process process;
	} rows[] = { { "--compiler", COMPILER }, { "--dispatcher", DISPATCHER }, { "--resolver", RESOLVER }, { "--upgrader", UPGRADER } };
	for (size_t at = 0; at < length; at += strlen(words + at) + 1)
		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
			if (strcmp(words + at, rows[i].word) == 0)
				return rows[i].process;
	return RUN;
}

static enum process who(void)
{
	char words[4096] = { 0 };
	const int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	const ssize_t length = fd < 0 ? 0 : read(fd, words, sizeof words - 1);
	if (fd >= 0)
		__real_close(fd);
	return process_of(words, length < 0 ? 0 : (size_t)length);
}

static void find_plan(void)
{
	const char *path = getenv("ZINETD_F1");
	const int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	dup3(fd, KEPT_FD, O_CLOEXEC);
	__real_close(fd);
}
#else
static enum process who(void)
{
	return plan->spawner == getpid() ? SPAWNER : TRIAL;
}

static void find_plan(void)
{
}
#endif

__attribute__((constructor)) static void take_plan(void)
{
	struct stat st;
	find_plan();
	if (fstat(KEPT_FD, &st) < 0 || st.st_size < (off_t)sizeof *plan)
		return;
	fcntl(KEPT_FD, F_SETFD, FD_CLOEXEC);
	struct plan *mapped = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, KEPT_FD, 0);
	if (mapped == MAP_FAILED || mapped->magic != MAGIC)
		return;
	plan = mapped;
	self = who();
}
