/*
 * The child table: every handler from its launch until its end was reported. Holds the reading ends of what handlers
 * write for the log, so that none of them meets a broken pipe where a dispatcher has died; it gets a copy once there is something to read.
 */
#ifndef ZINETD_CHILDREN_H
#define ZINETD_CHILDREN_H

#include <stdint.h>
#include <sys/types.h>

#include "format.h"

#define NO_CHILD UINT32_MAX
#define MAX_CHILDREN 65536u

/* ENDING: it was reaped, and what it has left behind is being ended. */
enum child_state { CHILD_FREE, CHILD_LAUNCHING, CHILD_RUNNING, CHILD_ENDING, CHILD_ENDED };

struct child {
	uint64_t id, started_us, duration_us, user_us, system_us;
	struct endpoint peer;
	uint32_t serial;	/* makes a slot number that is never used twice */
	uint32_t service, listener, step, max_rss_kb;
	uint32_t launch;	/* its place among the launches, while LAUNCHING */
	int32_t pid, error, status, words; /* words: a descriptor, or -1 */
	uint32_t next_by_pid, next_report;
	uint8_t state, announced, queued, replaced;
	uint8_t speaks, given; /* of `words`: there is something to read; the dispatcher has a copy */
	uint8_t ends;		  /* it has a cgroup of its own, below `cgroup` */
	char cgroup[CGROUP_BYTES]; /* of its service, or "" */
};

struct children {
	struct child *table;
	uint32_t count, free, live, ending;
	uint32_t services;
	uint32_t *running;	/* children of each service, and last those whose service is no more */
	uint32_t *by_pid, pid_mask;
	uint32_t first_report, last_report;
	int watch; /* epoll(7) of the `words` that nobody else reads */
};

uint64_t now_us(void);

/* Places for at least so many; those there are keep theirs. 0 or -ENOMEM. */
int children_grow(struct children *children, uint32_t count);
/* Goes over to other services and listeners: the maps have the new number of each old one; `running` is zeroed and taken over. */
void children_renumber(struct children *children, const uint32_t *map, const uint32_t *rows, uint32_t *running, uint32_t services);

/* Those that an earlier program started and that are ours now, in their places; `running` is taken over. 0 or -ENOMEM. */
int children_adopt(struct children *children, const struct child *rows, uint32_t count, uint32_t *running);

/* It was started, and has not come to its end. */
int child_is_live(const struct child *child);

/* A place in state LAUNCHING; there must be a free one. */
uint32_t children_take(struct children *children, const struct request *request);
void children_remember_pid(struct children *children, uint32_t index);
/* NO_CHILD for an orphan that came to us. */
uint32_t children_forget_pid(struct children *children, pid_t pid);
/* It has ended, or, with a step, never began; its report is queued, once what is in its cgroup has ended as well. */
void children_end(struct children *children, uint32_t index);
/* Looks at those whose remains are ending. */
void children_settle(struct children *children);
void children_fail(struct children *children, uint32_t index, uint32_t step, int error);
/* The last was told of it. */
void children_free(struct children *children, uint32_t index);

/* reports.c: they form a queue through the children themselves, so that it can never overflow. */
void children_queue_report(struct children *children, uint32_t index);
/* The oldest report, to be dropped once sent, with a descriptor that stays ours, or -1; 0 when there is none. */
int children_report(struct children *children, struct event *event, int *fd);
void children_report_sent(struct children *children);

/* The n-th place as an EVENT_CHILD: 1 made, 0 past the end, -1 none to hand over. */
int children_hand_over(const struct children *children, uint32_t index, struct event *event, int *fd);

/* Signals the process group of a child; KILL, what is in its cgroup, too. -errno: no such slot, or the kernel said no. */
int child_signal(const struct child *child, int signal);
int children_signal(const struct children *children, uint64_t slot, int signal);

#endif
