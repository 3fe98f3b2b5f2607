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
struct launcher *launcher_new(struct children *children);

/* What it takes for another table, before anything is changed: places for its children. 0 or -ENOMEM. */
int launcher_make_room(struct launcher *launcher, struct table *table);
/* Goes over to another table. `launching` is zeroed and taken over; `map` as children_renumber has it. */
void launcher_renumber(struct launcher *launcher, const uint32_t *map, uint32_t *launching);
void launcher_use(struct launcher *launcher, struct table *table, const struct listener *listeners);

/* A LAUNCH or LAUNCH_WAIT; the outcome is an event later. -errno: the request is off, nothing was started. `connection`,
 * of a LAUNCH alone, stays the caller's, who may close it at once. */
int launcher_launch(struct launcher *launcher, const struct message *message, int connection);

/* Looks at launches under way; returns milliseconds until it wants to be called again, or -1. */
int launcher_settle(struct launcher *launcher);

/* Children ahead of their connections, for programs that are launched often; none unless it serves. Milliseconds as above. */
int launcher_arm(struct launcher *launcher, int is_serving);

/* A child was reaped. Unknown pids are orphans that came to us. */
void launcher_reaped(struct launcher *launcher, pid_t pid, int status, const struct rusage *usage);

/* 1 while another request can be taken: a full table waits for reports to be read. */
int launcher_ready(const struct launcher *launcher);

#endif
