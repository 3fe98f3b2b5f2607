/*
 * launch: what does it cost to start a program by fork, by vfork, and by clone on a stack of its own?
 *
 *   launch PROGRAM [COUNT [TOUCH_MB]]
 *
 * Starts PROGRAM COUNT times with each method, in turns, one at a time, and prints medians as a table. The
 * child does the same everywhere: standard output to /dev/null, then execve. TOUCH_MB makes the parent
 * larger first: fork copies its page tables, the other two do not.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STACK_BYTES 16384
#define MOST 100000

struct sample {
	double start_us;      /* until the parent goes on */
	double life_us;	      /* until the child is reaped */
	double parent_cpu_us; /* the parent's, start and reaping */
	double child_cpu_us;
};

struct method {
	const char *name;
	pid_t (*start)(void);
	struct sample *samples;
};

static char *child_argv[2], *child_environment[1];
static int null_fd;
static uint32_t child_alive;
static _Alignas(16) unsigned char stack[STACK_BYTES];

static void die(const char *what)
{
	fprintf(stderr, "launch: Cannot %s: %s\n", what, strerror(errno));
	exit(3);
}

/* System calls only: two of the three methods run this in the parent's memory. */
static int child_main(void *unused)
{
	(void)unused;
	syscall(SYS_dup3, null_fd, 1, 0);
	syscall(SYS_execve, child_argv[0], child_argv, child_environment);
	syscall(SYS_exit_group, 127);
	return 127;
}

static pid_t by_fork(void)
{
	pid_t pid = fork();
	if (pid == 0)
		child_main(NULL);
	return pid;
}

static pid_t by_vfork(void)
{
	pid_t pid = vfork();
	if (pid == 0)
		child_main(NULL);
	return pid;
}

/* What vfork does, but the wait is ours: it can have an end, and it can be left for later. */
static pid_t by_clone(void)
{
	child_alive = 1;
	pid_t pid = clone(child_main, stack + STACK_BYTES, CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD, NULL, NULL, NULL,
			  &child_alive);
	while (pid > 0 && __atomic_load_n(&child_alive, __ATOMIC_ACQUIRE))
		syscall(SYS_futex, &child_alive, FUTEX_WAIT, 1, NULL, NULL, 0);
	return pid;
}

static double clock_us(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static double cpu_us(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1e6 +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
}

static struct sample measure(const struct method *method)
{
	struct rusage usage;
	int status;
	double began = clock_us(CLOCK_MONOTONIC), cpu_began = clock_us(CLOCK_PROCESS_CPUTIME_ID);
	pid_t pid = method->start();
	double started = clock_us(CLOCK_MONOTONIC);
	if (pid < 0)
		die("start a process");
	if (wait4(pid, &status, 0, &usage) != pid)
		die("wait for the process");
	double ended = clock_us(CLOCK_MONOTONIC), cpu_ended = clock_us(CLOCK_PROCESS_CPUTIME_ID);
	if (status != 0) {
		fprintf(stderr, "launch: Cannot use \"%s\": it ended with wait status %d\n", child_argv[0], status);
		exit(1);
	}
	return (struct sample){ .start_us = started - began,
				.life_us = ended - began,
				.parent_cpu_us = cpu_ended - cpu_began,
				.child_cpu_us = cpu_us(&usage) };
}

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

/* `field` is the offset of a double in struct sample. */
static double quantile(const struct method *method, int count, size_t field, double share)
{
	static double values[MOST];
	for (int i = 0; i < count; i++)
		memcpy(&values[i], (const char *)&method->samples[i] + field, sizeof values[i]);
	qsort(values, (size_t)count, sizeof values[0], by_value);
	return values[(int)(share * (count - 1))];
}

static void print_row(const struct method *method, int count)
{
	printf("| %s | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f |\n", method->name,
	       quantile(method, count, offsetof(struct sample, start_us), 0.5),
	       quantile(method, count, offsetof(struct sample, start_us), 0.99),
	       quantile(method, count, offsetof(struct sample, life_us), 0.5),
	       quantile(method, count, offsetof(struct sample, life_us), 0.99),
	       quantile(method, count, offsetof(struct sample, parent_cpu_us), 0.5),
	       quantile(method, count, offsetof(struct sample, child_cpu_us), 0.5));
}

static int whole_number(const char *text, int most)
{
	char *end;
	long value = strtol(text, &end, 10);
	if (end != text && !*end && value >= 0 && value <= most)
		return (int)value;
	fprintf(stderr, "launch: Cannot use \"%s\": expected a number up to %d\n", text, most);
	exit(2);
}

static void grow(size_t bytes)
{
	unsigned char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		die("allocate memory");
	/* A page table entry for each small page is what fork has to copy. */
	madvise(memory, bytes, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < bytes; i += 4096)
		memory[i] = 1;
}

int main(int argc, char **argv)
{
	struct method methods[] = {
		{ "`fork`", by_fork, NULL },
		{ "`vfork`", by_vfork, NULL },
		{ "`clone(CLONE_VM)`, own stack, futex", by_clone, NULL },
	};
	const int n_methods = (int)(sizeof methods / sizeof methods[0]);
	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: launch PROGRAM [COUNT [TOUCH_MB]]\n");
		return 2;
	}
	int count = argc > 2 ? whole_number(argv[2], MOST) : 5000;
	if (argc > 3 && strcmp(argv[3], "0") != 0)
		grow((size_t)whole_number(argv[3], 1024) << 20);
	child_argv[0] = argv[1];
	null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null_fd < 0)
		die("open /dev/null");
	for (int m = 0; m < n_methods; m++)
		if (!(methods[m].samples = calloc((size_t)count + 1, sizeof *methods[m].samples)))
			die("allocate memory");
	for (int i = -10; i < count; i++) /* the first ones warm up */
		for (int m = 0; m < n_methods; m++) {
			struct method *method = &methods[(m + i + 10) % n_methods];
			method->samples[i < 0 ? 0 : i] = measure(method);
		}
	printf("| method | parent goes on, µs | p99 | child reaped, µs | p99 | CPU of the parent, µs | CPU of the child, µs |\n");
	printf("|---|---|---|---|---|---|---|\n");
	for (int m = 0; m < n_methods; m++)
		print_row(&methods[m], count);
	return 0;
}
