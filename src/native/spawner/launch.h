/* Launching handlers and noticing that they ended. */
#ifndef ZINETD_LAUNCH_H
#define ZINETD_LAUNCH_H

#include <sys/types.h>

#include "children.h"
#include "table.h"

struct launcher;
struct listener;
struct rusage;

/* NULL when there is no memory. */
struct launcher *launcher_new(const struct table *table, const struct listener *listeners, struct children *children);

/* A LAUNCH or LAUNCH_WAIT; the outcome is an event later. -errno: the request is off, nothing was started. `connection`,
 * of a LAUNCH alone, stays the caller's, who may close it at once. */
int launcher_launch(struct launcher *launcher, const struct request *request, int connection);

/* Looks at launches under way; returns milliseconds until it wants to be called again, or -1. */
int launcher_settle(struct launcher *launcher);

/*
 * The table and the listeners that it was made with are others now; children are numbered anew. What is under way goes on
 * with the programs of the table before. -ENOMEM: nothing has changed.
 */
int launcher_renumber(struct launcher *launcher, const struct table *next, const struct listener *listeners,
		      const struct renumbering *numbers);
/* Launches under way that began before the last renumbering. */
uint32_t launcher_old(const struct launcher *launcher);

/* A child was reaped. Unknown pids are orphans that came to us. */
void launcher_reaped(struct launcher *launcher, pid_t pid, int status, const struct rusage *usage);

/* 1 while another request can be taken: a full table waits for reports to be read. */
int launcher_ready(const struct launcher *launcher);

#endif
