#include "listeners.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static socklen_t address_of(const struct listener_row *row, struct sockaddr_storage *storage)
{
	memset(storage, 0, sizeof *storage);
	if (row->family == AF_INET) {
		struct sockaddr_in *in = (void *)storage;
		in->sin_family = AF_INET;
		in->sin_port = htons(row->port);
		memcpy(&in->sin_addr, row->address, 4);
		return sizeof *in;
	}
	struct sockaddr_in6 *in6 = (void *)storage;
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(row->port);
	in6->sin6_scope_id = row->scope;
	memcpy(&in6->sin6_addr, row->address, 16);
	return sizeof *in6;
}

static int prepare(int fd, const struct listener_row *row)
{
	int one = 1, v6only = (row->flags & LISTENER_V6ONLY) != 0;
	/* A restart must not wait for connections in TIME_WAIT; Linux still refuses a second listener (S126). */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0)
		return -errno;
	if (row->family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only) < 0)
		return -errno;
	struct sockaddr_storage storage;
	socklen_t length = address_of(row, &storage);
	if (bind(fd, (struct sockaddr *)&storage, length) < 0 || listen(fd, (int)row->backlog) < 0)
		return -errno;
	return 0;
}

static uint16_t bound_port(int fd)
{
	struct sockaddr_storage storage;
	socklen_t length = sizeof storage;
	if (getsockname(fd, (struct sockaddr *)&storage, &length) < 0)
		return 0;
	/* The port has the same place in both address families. */
	return ntohs(((struct sockaddr_in *)&storage)->sin_port);
}

static struct listener open_one(const struct listener_row *row)
{
	/* Non-blocking: the dispatcher accepts on it, and a client may be gone by then (CVE-1999-0396, S71). */
	int fd = socket(row->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return (struct listener){ .fd = -1, .error = errno };
	int result = prepare(fd, row);
	if (result < 0) {
		close(fd);
		return (struct listener){ .fd = -1, .error = -result };
	}
	return (struct listener){ .fd = fd, .port = bound_port(fd) };
}

/* One entry for each row, whether it could be opened or not; NULL when there is no memory. */
struct listener *listeners_open(const struct table *table)
{
	struct listener *listeners = calloc(table->n_listeners ? table->n_listeners : 1, sizeof *listeners);
	for (uint32_t i = 0; listeners && i < table->n_listeners; i++)
		listeners[i] = open_one(&table->listeners[i]);
	return listeners;
}

void listeners_close(struct listener *listeners, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (listeners[i].fd >= 0) {
			close(listeners[i].fd);
			listeners[i].fd = -1;
		}
}
