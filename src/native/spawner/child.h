/* The child's side of a launch. */
#ifndef ZINETD_CHILD_H
#define ZINETD_CHILD_H

#include <stdint.h>

#include "table.h"

/* Shared by the spawner and one launching child until it execs or exits; the child writes step and error. */
struct handoff {
	struct program *program;
	char **env, *pid; /* pid: where LISTEN_PID is to be written, or NULL */
	int connection, words[2]; /* words: a pipe whose second end is standard error, or -1: as the connection, or nothing */
	int cgroup; /* a cgroup.procs to write itself to, or -1 */
	int channel; /* where the connection comes from, if it is not there yet, or -1 */
	int is_armed; /* it waits for it, and `env` is to be looked at after it */
	uint32_t above; /* nothing of its concern has this number or a higher one, in a table that is the spawner's until it has its own; 0: it has */
	volatile int taken; /* it has come */
	volatile uint32_t step;
	volatile int32_t error;
	volatile int replaced; /* another file is at the program's path than when the table was loaded */
};

int child_main(void *handoff);

#endif
