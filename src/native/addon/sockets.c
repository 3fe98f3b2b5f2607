#include "calls.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../shared/passing.h"

static void endpoint_of(const struct sockaddr_storage *storage, struct endpoint *endpoint)
{
	memset(endpoint, 0, sizeof *endpoint);
	endpoint->family = storage->ss_family;
	if (storage->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)storage;
		endpoint->port = ntohs(in->sin_port);
		memcpy(endpoint->address, &in->sin_addr, 4);
	} else if (storage->ss_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)storage;
		endpoint->port = ntohs(in6->sin6_port);
		endpoint->scope = in6->sin6_scope_id;
		memcpy(endpoint->address, &in6->sin6_addr, 16);
	}
}

int call_accept(int listener, struct endpoint *peer)
{
	struct sockaddr_storage storage = { 0 };
	socklen_t length = sizeof storage;
	int fd = accept4(listener, (struct sockaddr *)&storage, &length, SOCK_CLOEXEC);
	if (fd < 0)
		return -errno;
	endpoint_of(&storage, peer);
	return fd;
}

int call_local_endpoint(int fd, struct endpoint *local)
{
	struct sockaddr_storage storage = { 0 };
	socklen_t length = sizeof storage;
	if (getsockname(fd, (struct sockaddr *)&storage, &length) < 0)
		return -errno;
	endpoint_of(&storage, local);
	return 0;
}

int call_send(int fd, const void *bytes, size_t length, int passed)
{
	return passing_send(fd, bytes, length, passed);
}

int call_receive(int fd, void *bytes, size_t length, int *passed)
{
	struct passed all;
	int received = passing_receive(fd, bytes, length, &all);
	*passed = all.first;
	return received;
}

int call_socket_pair(int pair[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0 ? -errno : 0;
}

int call_writable(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLOUT };
	int result = poll(&poller, 1, 0);
	return result < 0 ? -errno : result;
}

int call_epoll_create(void)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int call_epoll_watch(int epoll, int fd, uint32_t token, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.u32 = token };
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0)
		return 0;
	if (errno == EEXIST && epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) == 0)
		return 0;
	return -errno;
}

int call_epoll_forget(int epoll, int fd)
{
	return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL) < 0 ? -errno : 0;
}
