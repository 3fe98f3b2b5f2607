/* Launching handlers and reaping them: the child table. */
#ifndef ZINETD_LAUNCH_H
#define ZINETD_LAUNCH_H

#include <sys/types.h>

#include "format.h"
#include "table.h"

struct launcher;
struct listener;
struct rusage;

struct launcher *launcher_new(const struct table *table, const struct listener *listeners);

/* Takes the connection, whatever comes of it; the outcome is an event later. -errno: the request is off. */
int launcher_launch(struct launcher *launcher, const struct request *request, int connection);

/* Signals the process group of a running child. -errno: no such slot, or the kernel said no. */
int launcher_signal(struct launcher *launcher, uint64_t slot, int signal);
void launcher_signal_all(struct launcher *launcher, int signal);

/* Looks at launches under way; returns milliseconds until it wants to be called again, or -1. */
int launcher_settle(struct launcher *launcher);

/* A child of ours was reaped. Unknown pids are orphans that came to us. */
struct rusage;
void launcher_reaped(struct launcher *launcher, pid_t pid, int status, const struct rusage *usage);

/* 1 while another request can be taken: a full table waits for reports to be read. */
int launcher_ready(const struct launcher *launcher);
uint32_t launcher_children(const struct launcher *launcher);

/* The oldest report, to be dropped once sent; 0 when there is none. */
int launcher_report(struct launcher *launcher, struct event *event);
void launcher_report_sent(struct launcher *launcher);

/* The n-th place of the child table as an EVENT_CHILD; 0 past the end, -1 where there is none to hand over. */
int launcher_child(const struct launcher *launcher, uint32_t index, struct event *event);

#endif
