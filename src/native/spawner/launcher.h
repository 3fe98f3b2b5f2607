/* What launch.c and armed.c share: the places of launches. */
#ifndef ZINETD_LAUNCHER_H
#define ZINETD_LAUNCHER_H

#include <stdint.h>
#include <sys/types.h>

#include "bare.h"
#include "child.h"
#include "environment.h"
#include "launch.h"

#define ARMED 64u	/* of all programs */
#define LAUNCHES 256u /* under way at once, children that are armed among them */
#define STACK_BYTES 16384u
#define NO_PLACE UINT32_MAX

/* ARMED: its child waits for a connection; SPENT: that is to be killed; ENDING: it was, and will be reaped. */
enum place_state { PLACE_FREE, PLACE_ARMED, PLACE_SPENT, PLACE_ENDING, PLACE_LAUNCHING };

struct launch {
	uint32_t alive, child; /* alive: the kernel zeroes it when the child execs or exits; child: while LAUNCHING */
	struct table *table;
	struct birth birth;
	struct handoff handoff;
	struct environment environment;
	_Alignas(16) unsigned char stack[STACK_BYTES];
};

struct launcher {
	struct table *table;
	const struct listener *listeners;
	struct children *children;
	uint32_t *launching; /* launches under way of each service */
	uint32_t launches_under_way, armed, spent; /* armed: those SPENT or ENDING, too */
	uint32_t n_busy, n_channels;
	uint64_t given_us; /* when a channel was last used */
	struct program *busy[ARMED]; /* those that have armed children, or are to have some */
	/* Of each place, apart from it so that no place is touched that was never used. */
	uint8_t states[LAUNCHES];
	uint32_t free, next[LAUNCHES];	/* next: of those armed for the same program, or of those free */
	int channels[LAUNCHES][2];	/* where an armed child gets its connection from, ours first; -1: there is none yet */
	struct launch launches[LAUNCHES];
};

/* places.c. A place that nobody has; there must be one. */
uint32_t place_take(struct launcher *launcher, struct program *program, enum place_state state);
void place_free(struct launcher *launcher, uint32_t place);
/* Makes the child of a place, for what is in its handoff. One that is ARMED may be born later. 0, or -errno if it was not born. */
int place_birth(struct launcher *launcher, uint32_t place);
void close_pair(int *fds);

/*
 * armed.c: children that have done all but the last steps of a launch ahead of the connection, for programs that are launched
 * often. Nothing is told of them until they get one.
 */

/* Counts a launch; the place of a child that waits for a connection, or NO_PLACE. It is the caller's, to give or to spend. */
uint32_t armed_take(struct launcher *launcher, struct program *program, int is_waiting);
/* 0 or -errno: then it is to be spent. */
int armed_give(struct launcher *launcher, uint32_t place, int connection);
void armed_spend(struct launcher *launcher, uint32_t place);
/* One of the program has failed: the others end, and for a while there are none. */
void armed_pause(struct program *program);
/* Has the child of a place get its connection by a channel: 0 or -errno. */
int armed_open(struct launcher *launcher, uint32_t place);
/* Closes the channel of a place, which is kept for the next child otherwise. */
void armed_hang_up(struct launcher *launcher, uint32_t place);
/* All of them. */
void armed_end(struct launcher *launcher);
/* If the pid was that of one without a connection. */
void armed_reaped(struct launcher *launcher, pid_t pid);

#endif
