/* What a taken-over dispatcher tries, from inside its process: see taken-over.test.ts. */
#ifndef ATTEMPTS_H
#define ATTEMPTS_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Negative with errno where it was refused. Nothing of it harms the machine if it succeeds. */
struct attempt {
	const char *what;
	long (*try)(void);
};

/* Each ends with a row of zeros. */
extern const struct attempt FILES[], PROCESSES[], SOCKETS[], KERNEL[];

/* What the test laid out, by the name of a variable. */
static inline const char *target(const char *name)
{
	const char *value = getenv(name);
	return value ? value : "/nonexistent";
}

static inline pid_t target_pid(const char *name)
{
	return (pid_t)atoi(target(name));
}

/* A result of open(2) and its kin, with nothing left open. */
static inline long let_go(long fd)
{
	const int error = errno;
	if (fd >= 0)
		close((int)fd);
	errno = error;
	return fd;
}

#define OPEN(name, path, flags) \
	static long name(void) { return let_go(open(path, (flags) | O_CLOEXEC, 0600)); }
#define CALL(name, ...) \
	static long name(void) { return syscall(__VA_ARGS__); }

/* The first descriptor of which something is true, or -1. */
int find_descriptor(int (*is_it)(int fd));

#endif
