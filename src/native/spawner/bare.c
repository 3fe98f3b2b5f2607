#include "bare.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STACK_BYTES 65536u

struct bearer {
	struct sock_fprog filter;
	int has_begun;
	sem_t asked;
	/* A ring from the first thread: behind the last one in it, and as far as the bearer was told. */
	struct birth *births[BIRTHS];
	uint32_t last, told;
};

static struct bearer bare, *bearers[BEARERS] = { [BARE_BEARER] = &bare };
static uint32_t n_bearers = BARE_BEARER + 1;
static sem_t answered; /* zero is what it begins with */

static void finish(struct birth *birth, pid_t result)
{
	__atomic_store_n(&birth->result, result, __ATOMIC_RELEASE);
}

static void give_birth(struct birth *birth)
{
	pid_t pid = clone(birth->main, birth->stack, birth->flags | CLONE_PARENT_SETTID, birth->argument, &birth->pid, NULL, birth->alive);
	finish(birth, pid < 0 ? -errno : pid);
}

/* Of this thread alone; what it is permitted it keeps, for children that have namespaces to make. */
static int strip(const struct sock_fprog *filter)
{
	for (int capability = 0; capability < 64; capability++)
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 && errno != EINVAL) /* no such one */
			return -errno;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return filter->len && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter) < 0 ? -errno : 0;
}

static void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) < 0 && errno == EINTR)
		;
}

/* clone(2) and futex(2) and no other call, once it is stripped: a filter may kill for it, and that would be all of us. */
static void *serve(void *argument)
{
	struct bearer *bearer = argument;
	const int stripped = strip(&bearer->filter);
	for (uint32_t next = 0;;) {
		wait_for(&bearer->asked);
		for (; next != __atomic_load_n(&bearer->last, __ATOMIC_ACQUIRE); next++) {
			struct birth *birth = bearer->births[next % BIRTHS];
			const int is_awaited = birth->is_awaited; /* ahead of the result: then it is the first thread's again */
			if (stripped < 0)
				finish(birth, stripped);
			else
				give_birth(birth);
			if (is_awaited)
				sem_post(&answered);
		}
	}
	return NULL;
}

/* It ends with the process, and with the exec of an upgrade. 0 or -errno. */
static int begin(struct bearer *bearer)
{
	pthread_t thread;
	pthread_attr_t attributes;
	sem_init(&bearer->asked, 0, 0);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	int error = pthread_create(&thread, &attributes, serve, bearer);
	pthread_attr_destroy(&attributes);
	bearer->has_begun = error == 0;
	return -error;
}

static int has_filter(const struct bearer *bearer, const void *filter, uint32_t length)
{
	return bearer->filter.len == length && (!length || memcmp(bearer->filter.filter, filter, length * sizeof(struct sock_filter)) == 0);
}

/* NULL when there is no memory. The filter is copied: its table may go. */
static struct bearer *bearer_new(const void *filter, uint32_t length)
{
	struct bearer *bearer = calloc(1, sizeof *bearer + length * sizeof(struct sock_filter));
	if (bearer)
		bearer->filter = (struct sock_fprog){ .len = (unsigned short)length, .filter = memcpy(bearer + 1, filter, length * sizeof(struct sock_filter)) };
	return bearer;
}

uint32_t bearer_of(const void *filter, uint32_t length)
{
	for (uint32_t i = BARE_BEARER; i < n_bearers; i++)
		if (has_filter(bearers[i], filter, length))
			return i;
	if (n_bearers < BEARERS && (bearers[n_bearers] = bearer_new(filter, length)))
		return n_bearers++;
	return BARE_BEARER;
}

static void tell(struct bearer *bearer)
{
	bearer->told = bearer->last;
	sem_post(&bearer->asked);
}

void birth_clone(struct birth *birth, uint32_t number)
{
	struct bearer *bearer = bearers[number];
	const int is_awaited = birth->is_awaited;
	if (number == NO_BEARER) {
		give_birth(birth);
		return;
	}
	const int error = bearer->has_begun ? 0 : begin(bearer);
	if (error < 0) {
		finish(birth, error);
		return;
	}
	bearer->births[bearer->last % BIRTHS] = birth;
	__atomic_store_n(&bearer->last, bearer->last + 1, __ATOMIC_RELEASE);
	if (!is_awaited)
		return;
	tell(bearer);
	wait_for(&answered);
}

void bearers_begin(void)
{
	for (uint32_t i = BARE_BEARER; i < n_bearers; i++)
		if (bearers[i]->told != bearers[i]->last)
			tell(bearers[i]);
}
