/* The child's side of a launch. */
#ifndef ZINETD_CHILD_H
#define ZINETD_CHILD_H

#include <stdint.h>

#include "table.h"

/* Shared by the spawner and one launching child until it execs or exits; the child writes step and error. */
struct handoff {
	const struct program *program;
	char **env, *pid; /* pid: where LISTEN_PID is to be written, or NULL */
	int connection, words; /* words: standard error, or -1: as the connection, or nothing */
	int cgroup; /* a cgroup.procs to write itself to, or -1 */
	int channel; /* it is armed: the connection comes from there, and `env` is to be looked at after it; or -1 */
	volatile int taken; /* it has come */
	volatile uint32_t step;
	volatile int32_t error;
	volatile int replaced; /* another file is at the program's path than when the table was loaded */
};

int child_main(void *handoff);

#endif
