/* Launching from a thread that has no privilege to pass on. */
#ifndef ZINETD_BARE_H
#define ZINETD_BARE_H

#include <stdint.h>
#include <sys/types.h>

/* What clone(2) wants to know of a child. */
struct birth {
	int (*main)(void *argument);
	void *argument, *stack; /* stack: its upper end */
	int flags;
	uint32_t *alive;	/* zeroed by the kernel when the child execs or exits */
};

/* The pid, or -errno. */
pid_t birth_clone(const struct birth *birth);

/*
 * The same, of a child that is born with an empty bounding set and no_new_privs (capabilities(7), prctl(2)): by a thread
 * that has given up both for good, which costs once what 42 system calls of each child would. -EPERM: it could not.
 */
pid_t birth_clone_bare(const struct birth *birth);

#endif
