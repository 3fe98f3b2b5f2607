#include "listeners.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof value);
}

/* What is accepted inherits it: a peer that is gone must not keep an instance (S81). The last is for one that goes
 * while something is on its way to it, when there are no probes. */
static int keep_alive(int fd, const struct listener_row *row)
{
	uint32_t give_up_ms = 1000u * (row->keep_idle + 1u * row->keep_interval * row->keep_count);
	if (row->keep_idle == 0)
		return 0;
	if (set(fd, SOL_SOCKET, SO_KEEPALIVE, 1) < 0 || set(fd, IPPROTO_TCP, TCP_KEEPIDLE, row->keep_idle) < 0 ||
	    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, row->keep_interval) < 0 ||
	    set(fd, IPPROTO_TCP, TCP_KEEPCNT, row->keep_count) < 0)
		return -1;
	return set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, (int)give_up_ms);
}

static int prepare(int fd, const struct listener_row *row)
{
	/* A restart must not wait for connections in TIME_WAIT; Linux still refuses a second listener (S126). */
	if (set(fd, SOL_SOCKET, SO_REUSEADDR, 1) < 0 || keep_alive(fd, row) < 0)
		return -errno;
	if (row_family(row) == AF_INET6 && set(fd, IPPROTO_IPV6, IPV6_V6ONLY, (row->flags & LISTENER_V6ONLY) != 0) < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)row->address, row->address_size) < 0 || listen(fd, (int)row->backlog) < 0)
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
	int fd = socket(row_family(row), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
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
