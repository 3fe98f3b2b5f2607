#include "origin.h"

#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int socket_option(int fd, int option)
{
	int value = 0;
	socklen_t length = sizeof value;
	return getsockopt(fd, SOL_SOCKET, option, &value, &length) < 0 ? -1 : value;
}

/* Whether a local address is that of a listener: its port, as bound, or its path or other address. */
static int is_at(const struct listener_row *row, const struct listener *listener, const struct sockaddr_storage *local, socklen_t length)
{
	int family = row_family(row);
	if (family == AF_INET || family == AF_INET6)
		return listener->port && ntohs(((const struct sockaddr_in *)local)->sin_port) == listener->port;
	if (family == AF_VSOCK)
		return ((const struct sockaddr_vm *)local)->svm_port == ((const struct sockaddr_vm *)(const void *)row->address)->svm_port;
	return length == row->address_size && memcmp(local, row->address, length) == 0;
}

static int is_of(const struct listener_row *row, const struct listener *listener, int fd)
{
	struct sockaddr_storage local = { 0 };
	socklen_t length = sizeof local;
	int protocol = socket_option(fd, SO_PROTOCOL);
	/* Multipath TCP falls back to TCP. */
	int is_protocol = protocol == row->protocol || (row->protocol == IPPROTO_MPTCP && protocol == IPPROTO_TCP);
	if (socket_option(fd, SO_DOMAIN) != row_family(row) || socket_option(fd, SO_TYPE) != row->type || !is_protocol)
		return 0;
	return getsockname(fd, (struct sockaddr *)&local, &length) == 0 && is_at(row, listener, &local, length);
}

static int came_in(const struct origins *origins, const struct service_row *service, int fd)
{
	for (uint32_t i = service->first_listener; i < service->first_listener + service->listeners; i++)
		if (is_of(&origins->table->listeners[i], &origins->listeners[i], fd))
			return 1;
	return 0;
}

static int came_by_mux(const struct origins *origins, int fd)
{
	const struct table *table = origins->table;
	for (uint32_t i = 0; i < table->n_services; i++)
		if ((table->services[i].flags & SERVICE_MUX) && came_in(origins, &table->services[i], fd))
			return 1;
	return 0;
}

/* Both ends are the spawner's making: a channel of its own, with which others could do what a dispatcher can. */
static int is_own_channel(int fd)
{
	struct ucred maker;
	socklen_t length = sizeof maker;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &maker, &length) < 0 || maker.pid == getpid();
}

int origin_ok(const struct origins *origins, const struct service_row *service, const struct program *program, int fd)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof peer;
	if (socket_option(fd, SO_ACCEPTCONN) != 0)
		return 0;
	if (program->row->flags & VARIANT_RELAYED) {
		/* What LISTENS is told of its connections in packets (docs/reference/handler-pool.md). */
		const int type = program->row->flags & VARIANT_LISTENS ? SOCK_SEQPACKET : SOCK_STREAM;
		return socket_option(fd, SO_DOMAIN) == AF_UNIX && socket_option(fd, SO_TYPE) == type && !is_own_channel(fd);
	}
	if (socket_option(fd, SO_TYPE) == SOCK_DGRAM && getpeername(fd, (struct sockaddr *)&peer, &length) < 0)
		return 0;
	return came_in(origins, service, fd) || ((service->flags & SERVICE_MUXED) && came_by_mux(origins, fd));
}
