#include "listeners.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int set_options(int fd, const struct table *table, const struct listener_row *row)
{
	const struct option_row *options = row_options(&table->blob, row);
	for (uint32_t i = 0; i < row->options.count; i++)
		if (setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof options[i].value) < 0)
			return -errno;
	return 0;
}

/* `port`: the one that it has had, where the row leaves that to the kernel. */
static int bind_to(int fd, const struct listener_row *row, uint16_t port)
{
	struct sockaddr_storage where = { 0 };
	memcpy(&where, row->address, row->address_size);
	if (port)
		((struct sockaddr_in *)&where)->sin_port = htons(port);
	return bind(fd, (const struct sockaddr *)&where, row->address_size) < 0 ? -errno : 0;
}

/* On the interface that it is bound to, or else that of the route. */
static int join_group(int fd, const struct listener_row *row)
{
	struct group_req group = { 0 };
	socklen_t length = sizeof group.gr_interface;
	memcpy(&group.gr_group, row->address, row->address_size);
	if (getsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &group.gr_interface, &length) < 0)
		return -errno;
	const int level = row_family(row) == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
	return setsockopt(fd, level, MCAST_JOIN_GROUP, &group, sizeof group) < 0 ? -errno : 0;
}

static int set(int fd, int option, int on)
{
	return setsockopt(fd, SOL_SOCKET, option, &on, sizeof on) < 0 ? -errno : 0;
}

/*
 * Two of ours at the same address, for as long as one takes the other's place. Of datagrams the last one bound gets
 * them all, even while a handler still has the one before; so may anybody's, which is why it is but for a moment.
 */
static int set_sharing(int fd, const struct listener_row *row, int on)
{
	return set(fd, row->type == SOCK_DGRAM ? SO_REUSEADDR : SO_REUSEPORT, on);
}

static int prepare(int fd, const struct table *table, const struct listener_row *row, struct listener *listener)
{
	int result = set_options(fd, table, row);
	if (result == 0 && listener->shares)
		result = set_sharing(fd, row, 1);
	if (result == 0 && (row->flags & LISTENER_PATH))
		result = path_bind(listener, fd, row);
	else if (result == 0)
		result = bind_to(fd, row, listener->port);
	/* As long as it does not listen, anybody might listen at an address of a wildcard's, or get its datagrams (S126). */
	if (result == 0 && listener->shares)
		result = set(fd, SO_REUSEADDR, 0);
	if (result == 0 && (row->flags & LISTENER_GROUP))
		result = join_group(fd, row);
	if (result == 0 && !listener->shares && row->type != SOCK_DGRAM && listen(fd, (int)row->backlog) < 0) {
		result = -errno;
		if (row->flags & LISTENER_PATH)
			path_remove(listener, row); /* or what had it before could not come back */
	}
	return result;
}

/* 0 where there are none, or -errno: without it nothing that comes in would be known for its own. */
static int bound_port(int fd, const struct listener_row *row)
{
	struct sockaddr_storage storage;
	socklen_t length = sizeof storage;
	if (row_family(row) != AF_INET && row_family(row) != AF_INET6)
		return 0;
	/* It has the same place in both address families. */
	return getsockname(fd, (struct sockaddr *)&storage, &length) < 0 ? -errno : ntohs(((struct sockaddr_in *)&storage)->sin_port);
}

/* Non-blocking where the dispatcher accepts: a client may be gone by then (CVE-1999-0396, S71). Handlers get the others. */
int listener_flags(const struct listener_row *row)
{
	return row->flags & (LISTENER_WAIT | LISTENER_SHARED) ? 0 : O_NONBLOCK;
}

/* What comes from anybody else goes to the socket that is bound beside it from now on. */
static int connect_to(int fd, const struct endpoint *peer)
{
	struct sockaddr_storage storage;
	int size = sockaddr_of(peer, &storage);
	if (size < 0)
		return size;
	return connect(fd, (const struct sockaddr *)&storage, (socklen_t)size) < 0 ? -errno : 0;
}

static int open_socket(const struct listener_row *row)
{
	int fd = socket(row_family(row), row->type | SOCK_CLOEXEC | listener_flags(row), row->protocol);
	return fd < 0 ? -errno : fd;
}

/* It is bound and listens already. The flags are those of the description, which whoever made it may hold as well. */
static int adopt(int fd, const struct table *table, const struct listener_row *row)
{
	return fcntl(fd, F_SETFL, listener_flags(row)) < 0 ? -errno : set_options(fd, table, row);
}

int put_far(int fd)
{
	const int far = fcntl(fd, F_DUPFD_CLOEXEC, FAR);
	if (far >= 0)
		close(fd);
	return far < 0 ? fd : far;
}

void listener_open(struct listener *listener, const struct table *table, const struct listener_row *row,
		   const struct endpoint *peer)
{
	const int is_inherited = (row->flags & LISTENER_INHERITED) != 0;
	int fd = is_inherited ? inherited_socket(row) : open_socket(row);
	int result = fd < 0 ? fd : is_inherited ? adopt(fd, table, row) : prepare(fd, table, row, listener);
	const int port = result < 0 ? result : bound_port(fd, row);
	if (port < 0)
		result = port;
	else if (listener->fd >= 0)
		result = connect_to(listener->fd, peer);
	listener->error = -result;
	if (result < 0) {
		if (fd >= 0)
			close(fd);
		return;
	}
	if (listener->fd >= 0)
		close(listener->fd);
	listener->fd = table->n_listeners > CROWD ? put_far(fd) : fd;
	listener->port = (uint16_t)port;
}

void listener_listen(struct listener *listener, const struct listener_row *row)
{
	if (listener->fd < 0 || row->type == SOCK_DGRAM)
		return;
	if (listener->shares)
		set(listener->fd, SO_REUSEADDR, 1); /* connections of the one before may still be open */
	/* One that listens already goes on as it was. */
	if (listen(listener->fd, (int)row->backlog) == 0 || !listener->shares)
		return;
	listener->error = errno;
	listener_close(listener, row);
}

int listener_yield(struct listener *listener, const struct listener_row *row)
{
	const int is_path = row->flags & LISTENER_PATH;
	if (listener->shares || listener->aside)
		return 0;
	int result = is_path ? path_move(listener, row) : set_sharing(listener->fd, row, 1);
	listener->aside = result == 0 && is_path;
	listener->shares = result == 0 && !is_path;
	return result;
}

void listener_return(struct listener *listener, const struct listener_row *row)
{
	if (listener->shares && listener->fd >= 0)
		set_sharing(listener->fd, row, 0);
	listener->shares = 0;
	listener->aside = listener->aside && path_move(listener, row) < 0;
}

void listener_close(struct listener *listener, const struct listener_row *row)
{
	if (listener->fd < 0)
		return;
	if (row->flags & LISTENER_PATH)
		path_remove(listener, row);
	if (listener->shares)
		set_sharing(listener->fd, row, 0); /* a handler may have it still */
	close(listener->fd);
	listener->fd = -1;
}

void listeners_close(struct listener *listeners, const struct table *table)
{
	for (uint32_t i = 0; i < table->n_listeners; i++)
		listener_close(&listeners[i], &table->listeners[i]);
}
