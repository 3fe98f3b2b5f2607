/* The sockets that services are reached by. */
#ifndef ZINETD_LISTENERS_H
#define ZINETD_LISTENERS_H

#include <sys/types.h>

#include "../shared/endpoint.h"
#include "table.h"

struct listener {
	int fd;		/* -1 when it could not be opened, or is closed */
	int error;	/* errno of the last try */
	uint32_t from;	/* the row of the table before whose socket this is; NO_ID: it was opened anew */
	uint8_t moved;	/* from another service: to the dispatcher it is another one */
	uint8_t shares; /* lets another one of ours have the same address, until a commit or the way back */
	uint8_t aside;	/* its path has another name meanwhile */
	uint16_t port;	/* as bound, host byte order; 0 for a unix socket */
	dev_t device;	/* of a path, what was made there */
	ino_t inode;
};

/* So many descriptors are worth to be kept from children. */
#define CROWD 32u
/* Where they are: above all that children need, and in a table that is still small. */
#define FAR 512
/* The number that it has from then on, which is the same where there is no room. */
int put_far(int fd);

void listeners_close(struct listener *listeners, const struct table *table);
/*
 * Opens one that is closed, or a new one in the place of a SHARED one, which is left to whoever else holds it and
 * receives from `peer` only. One that SHARES does not listen yet. The outcome is in `listener`; where it fails,
 * nothing has changed.
 */
void listener_open(struct listener *listener, const struct table *table, const struct listener_row *row,
		   const struct endpoint *peer);
/* Begins to listen, or goes on with another backlog. One that cannot begin is closed. */
void listener_listen(struct listener *listener, const struct listener_row *row);
/* Lets one that SHARES have its address, or leaves its path to another one: 0 or -errno. And takes that back. */
int listener_yield(struct listener *listener, const struct listener_row *row);
void listener_return(struct listener *listener, const struct listener_row *row);
/* Also takes a path away, if what is there is still ours. */
void listener_close(struct listener *listener, const struct listener_row *row);
/* The flags that its open file description should have, whatever a dispatcher has made of them. */
int listener_flags(const struct listener_row *row);

/* inherited.c: a descriptor of our own of one that zinetd was started with, or -errno. */
int inherited_socket(const struct listener_row *row);

/* path.c: bind(2) to a path, in the place of a socket that nobody listens on any more. 0 or -errno. */
int path_bind(struct listener *listener, int fd, const struct listener_row *row);
void path_remove(const struct listener *listener, const struct listener_row *row);
/* Gives it another name, for as long as it is `aside`, and its own one back: 0 or -errno. */
int path_move(const struct listener *listener, const struct listener_row *row);

#endif
