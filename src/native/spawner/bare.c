#include "bare.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/prctl.h>

#define STACK_BYTES 65536u

/* One birth at a time: who asks waits. */
static sem_t asked, answered;
static const struct birth *wanted;
static pid_t born;

pid_t birth_clone(const struct birth *birth)
{
	pid_t pid = clone(birth->main, birth->stack, birth->flags, birth->argument, NULL, NULL, birth->alive);
	return pid < 0 ? -errno : pid;
}

/* Of this thread alone; what it is permitted it keeps, for children that have namespaces to make. */
static int strip(void)
{
	for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0)
			return -errno;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

static void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) < 0 && errno == EINTR)
		;
}

static void *serve(void *unused)
{
	const int stripped = strip();
	for (;;) {
		wait_for(&asked);
		born = stripped < 0 ? stripped : birth_clone(wanted);
		sem_post(&answered);
	}
	return unused;
}

/* It ends with the process, and with the exec of an upgrade. 0 or -errno. */
static int begin(void)
{
	pthread_t thread;
	pthread_attr_t attributes;
	sem_init(&asked, 0, 0);
	sem_init(&answered, 0, 0);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	int error = pthread_create(&thread, &attributes, serve, NULL);
	pthread_attr_destroy(&attributes);
	return -error;
}

pid_t birth_clone_bare(const struct birth *birth)
{
	static int begun;
	const int error = begun ? 0 : begin();
	if (error < 0)
		return error;
	begun = 1;
	wanted = birth;
	sem_post(&asked);
	wait_for(&answered);
	return born;
}
