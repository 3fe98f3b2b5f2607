/* Where a socket that the dispatcher sends has come from: it may be given to no service but its own. */
#ifndef ZINETD_ORIGIN_H
#define ZINETD_ORIGIN_H

#include "listeners.h"
#include "table.h"

/* The table, with its listeners as they are open. */
struct origins {
	const struct table *table;
	const struct listener *listeners;
};

/*
 * Whether a socket is a connection that came in at this very service or its tcpmux (datagrams: one that has its peer), or
 * for a program that talks to the dispatcher itself, one end of a socket pair.
 */
int origin_ok(const struct origins *origins, const struct service_row *service, const struct program *program, int fd);

#endif
