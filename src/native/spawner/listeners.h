/* The listening sockets: opened once, held for the life of the spawner. */
#ifndef ZINETD_LISTENERS_H
#define ZINETD_LISTENERS_H

#include "table.h"

struct listener {
	int fd;		/* -1 when it could not be opened */
	int error;	/* errno of that */
	uint16_t port;	/* as bound, host byte order */
};

struct listener *listeners_open(const struct table *table);
void listeners_close(struct listener *listeners, uint32_t count);

#endif
