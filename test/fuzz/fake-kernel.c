#include "fake-kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../src/native/shared/passing.h"
#include "fixture.h"
#include "handover.h"
#include "launcher.h"
#include "spawner.h"

struct fake_kernel kernel = { .channel = -1 };

/* `birth` is looked at only until it has begun to run its program: then its place may be another's. */
struct fake_child {
	pid_t pid;
	struct birth *birth;
	int words;
	int is_born, runs, is_dying;
};

static struct fake_child children[FAKE_CHILDREN];
static pid_t workers[FAKE_WORKERS];

void kernel_begin(void)
{
	kernel.is_on = 1;
	kernel.now_us = 1000000000;
	kernel.fails_birth = kernel.fails_worker = kernel.own_pid = 0;
	kernel.last_pid = 1000;
	kernel.children = 0;
	kernel.channel = -1;
	for (uint32_t i = 0; i < FAKE_WORKERS; i++)
		workers[i] = 0;
}

void kernel_end(void)
{
	for (uint32_t i = 0; i < kernel.children; i++)
		let_go(&children[i].words);
	kernel.children = 0;
	let_go(&kernel.channel);
	kernel.is_on = 0;
}

/* bare.h */
uint32_t bearer_of(const void *filter, uint32_t length)
{
	(void)filter;
	(void)length;
	return BARE_BEARER + 1;
}

/* child.c: never called. */
int child_main(void *handoff)
{
	(void)handoff;
	abort();
}

static const struct handoff *handoff_of(const struct fake_child *child)
{
	return child->birth->argument;
}

static void bear(struct fake_child *child)
{
	const int words = handoff_of(child)->words[1];
	child->is_born = 1;
	child->words = words < 0 ? -1 : fcntl(words, F_DUPFD_CLOEXEC, 0);
	child->birth->pid = child->pid;
	child->birth->result = child->pid;
}

void birth_clone(struct birth *birth, uint32_t bearer)
{
	(void)bearer;
	if (kernel.fails_birth || kernel.children == FAKE_CHILDREN) {
		kernel.fails_birth = 0;
		birth->result = -EAGAIN;
		return;
	}
	struct fake_child *child = &children[kernel.children++];
	*child = (struct fake_child){ .pid = ++kernel.last_pid, .birth = birth, .words = -1 };
	/* What it is born with is open, or it is armed and gets it later. */
	const struct handoff *handoff = birth->argument;
	if (handoff->connection >= 0 ? fcntl(handoff->connection, F_GETFD) < 0 : handoff->channel < 0)
		abort();
	if (birth->is_awaited)
		bear(child);
}

void bearers_begin(void)
{
}

void kernel_births(void)
{
	for (uint32_t i = 0; i < kernel.children; i++)
		if (!children[i].is_born)
			bear(&children[i]);
}

static void take(const struct fake_child *child)
{
	struct handoff *handoff = child->birth->argument;
	struct passed passed;
	char byte;
	if (handoff->channel < 0 || passing_receive(handoff->channel, &byte, 1, &passed) <= 0)
		return;
	if (passed.count != 1 || passed.cut)
		abort();
	close(passed.first);
	handoff->taken = 1;
}

static void run(struct fake_child *child)
{
	child->runs = 1;
	*child->birth->alive = 0;
}

void child_does(uint32_t n, enum deed deed)
{
	struct fake_child *child = &children[kernel.children ? n % kernel.children : 0];
	if (!kernel.children || !child->is_born || child->is_dying)
		return;
	if (deed == SPEAKS) {
		/* A program alone: what is on its way to one has nothing to say. And it never meets a broken pipe. */
		if (child->runs && child->words >= 0 && write(child->words, "x", 1) != 1)
			abort();
		return;
	}
	if (child->runs)
		return;
	struct handoff *handoff = child->birth->argument;
	if (handoff->channel >= 0 && !handoff->taken)
		take(child);
	if (deed == TAKES || (handoff->channel >= 0 && !handoff->taken))
		return;
	if (deed == FAILS) {
		handoff->step = STEP_EXEC;
		handoff->error = ENOENT;
		child->is_dying = 1;
	}
	run(child);
}

pid_t child_exits(uint32_t n)
{
	struct fake_child *child = &children[kernel.children ? n % kernel.children : 0];
	if (!kernel.children || !child->is_born)
		return 0;
	const pid_t pid = child->pid;
	if (!child->runs)
		run(child);
	let_go(&child->words);
	*child = children[--kernel.children];
	return pid;
}

uint32_t child_dying(void)
{
	uint32_t n = 0;
	while (n < kernel.children && !children[n].is_dying)
		n++;
	return n;
}

/* workers.c */
static pid_t worker_new(void)
{
	for (uint32_t i = 0; i < FAKE_WORKERS; i++)
		if (!workers[i])
			return workers[i] = ++kernel.last_pid;
	abort();
}

static void write_all(int fd, struct blob blob)
{
	if (write(fd, blob.bytes, blob.size) != (ssize_t)blob.size)
		abort();
}

pid_t worker_start(const struct boot *boot, enum worker kind, const int *descriptors, int count)
{
	(void)boot;
	(void)count;
	if (kernel.fails_worker) {
		kernel.fails_worker = 0;
		errno = EAGAIN;
		return -1;
	}
	if (kind == DISPATCHER) {
		let_go(&kernel.channel);
		kernel.channel = fcntl(descriptors[0], F_DUPFD_CLOEXEC, 0);
	} else if (kind == UPGRADER) {
		write_all(descriptors[0], fixture_table((uint32_t)kernel.last_pid));
		write_all(descriptors[3], fixture_boot());
	}
	return worker_new();
}

void worker_exits(pid_t pid)
{
	for (uint32_t i = 0; i < FAKE_WORKERS; i++)
		if (workers[i] == pid)
			workers[i] = 0;
}

void end_worker(const struct kept *worker)
{
	if (worker->pid)
		kill(worker->pid, SIGKILL);
}

int __real_kill(pid_t pid, int number);
int __wrap_kill(pid_t pid, int number);
pid_t __real_fork(void);
pid_t __wrap_fork(void);
pid_t __real_getpid(void);
pid_t __wrap_getpid(void);
int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);
_Noreturn void __real_exit(int code);
_Noreturn void __wrap_exit(int code);
_Noreturn void __wrap_die(int code, const char *what, int error);
int __wrap_leave_to(const struct spawner *spawner, struct leaving *leaving);

/* Nobody else is ever signalled: not one that was reaped, nor a group that is none (S30). */
int __wrap_kill(pid_t pid, int number)
{
	if (!kernel.is_on)
		return __real_kill(pid, number);
	if (pid == 0 || pid == 1 || pid == -1)
		abort();
	for (uint32_t i = 0; i < FAKE_WORKERS; i++)
		if (workers[i] && workers[i] == pid)
			return 0;
	for (uint32_t i = 0; i < kernel.children; i++)
		if (children[i].is_born && (children[i].pid == pid || children[i].pid == -pid)) {
			children[i].is_dying |= number == SIGKILL;
			return 0;
		}
	abort();
}

pid_t __wrap_fork(void)
{
	return kernel.is_on ? worker_new() : __real_fork();
}

/* Sockets of the target's own making are as if the dispatcher had made them. */
pid_t __wrap_getpid(void)
{
	return kernel.is_on && !kernel.own_pid ? 1 : __real_getpid();
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
	if (!kernel.is_on)
		return __real_clock_gettime(clock, time);
	*time = (struct timespec){ .tv_sec = (time_t)(kernel.now_us / 1000000), .tv_nsec = (long)(kernel.now_us % 1000000 * 1000) };
	return 0;
}

_Noreturn void __wrap_exit(int code)
{
	if (!kernel.is_on)
		__real_exit(code);
	if (code == EXIT_BUG)
		abort();
	longjmp(kernel.end, 1);
}

_Noreturn void __wrap_die(int code, const char *what, int error)
{
	(void)what;
	(void)error;
	__wrap_exit(code);
}

/* Instead of going over to the next program: that it would understand what is left to it. */
int __wrap_leave_to(const struct spawner *spawner, struct leaving *leaving)
{
	struct blob blob;
	struct handover handover;
	int fd = leave_state(spawner, leaving);
	if (fd < 0)
		return fd;
	if (blob_map(fd, &blob) < 0 || handover_decode(blob, &handover) < 0)
		abort();
	munmap((void *)(uintptr_t)blob.bytes, blob.size);
	munmap((void *)(uintptr_t)handover.boot.blob.bytes, handover.boot.blob.size);
	table_release(handover.rows);
	table_release(handover.table);
	for (int i = 0; i < WORKERS; i++) {
		free(handover.boot.workers[i].argv);
		free(handover.boot.workers[i].env);
	}
	close(fd);
	return -ENOEXEC;
}
