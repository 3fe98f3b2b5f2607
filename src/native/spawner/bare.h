/* Births of children, by the first thread or by others that have no privilege to pass on. */
#ifndef ZINETD_BARE_H
#define ZINETD_BARE_H

#include <stdint.h>
#include <sys/types.h>

/* What clone(2) wants to know of a child, and what came of it. */
struct birth {
	int (*main)(void *argument);
	void *argument, *stack; /* stack: its upper end */
	int flags;
	uint32_t *alive; /* zeroed by the kernel when the child execs or exits */
	pid_t pid;	 /* set by the kernel before the child runs */
	int32_t result;	 /* 0 until it is born; then the pid, or -errno */
	int is_awaited;	 /* by who asked: not one that is born later */
};

/* Most that may be asked for and not be born yet. */
#define BIRTHS 256u

/*
 * Threads that have emptied their bounding set, set no_new_privs (capabilities(7), prctl(2)) and perhaps installed a
 * filter of system calls for good, which costs once what it would cost each child. They last as long as the process.
 */
#define BEARERS 16u
#define NO_BEARER 0u /* it is the first thread */
#define BARE_BEARER 1u

/* The bearer with this filter, of struct sock_filter, to which it must allow clone(2) and futex(2); BARE_BEARER if there are too many. */
uint32_t bearer_of(const void *filter, uint32_t length);

/* Unless it is awaited it is born once somebody is, or bearers_begin says so, and until then belongs to the bearer. */
void birth_clone(struct birth *birth, uint32_t bearer);
void bearers_begin(void);

static inline int is_born(const struct birth *birth)
{
	return __atomic_load_n(&birth->result, __ATOMIC_ACQUIRE) != 0;
}

#endif
