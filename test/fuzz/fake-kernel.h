/* Children, workers, signals and the clock for a spawner that runs inside a fuzz target: no process is ever made. */
#ifndef ZINETD_FAKE_KERNEL_H
#define ZINETD_FAKE_KERNEL_H

#include <setjmp.h>
#include <stdint.h>
#include <sys/types.h>

#define FAKE_CHILDREN 512u
#define FAKE_WORKERS 8u

struct fake_kernel {
	int is_on;
	jmp_buf end; /* where the spawner's exit leads */
	uint64_t now_us;
	int fails_birth, fails_worker; /* the next one */
	int own_pid;
	pid_t last_pid;
	uint32_t children;
	int channel; /* the dispatcher's end, or -1 */
};

extern struct fake_kernel kernel;

void kernel_begin(void);
/* Nothing of it is left, whatever the spawner still knows. */
void kernel_end(void);
/* Those that were asked for without waiting are born. */
void kernel_births(void);

/* What the n-th child that there is does, of as many as there are; without an effect where it cannot. */
enum deed { EXECS, TAKES, FAILS, SPEAKS };
void child_does(uint32_t n, enum deed deed);
/* It ends: its pid, or 0 where there is none. */
pid_t child_exits(uint32_t n);
/* The number of one that was killed, or has failed, and is to end; as many as there are if none is. */
uint32_t child_dying(void);
/* Is gone from the workers. */
void worker_exits(pid_t pid);

#endif
