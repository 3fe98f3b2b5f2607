#include "calls.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_DESCRIPTORS 253 /* SCM_MAX_FD */

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
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec part = { .iov_base = (void *)(uintptr_t)bytes, .iov_len = length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	if (passed >= 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof control.bytes;
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof passed);
		memcpy(CMSG_DATA(header), &passed, sizeof passed);
	}
	ssize_t sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	return sent < 0 ? -errno : (int)sent;
}

/* The first descriptor of a message; any other is closed. */
static int only_descriptor(struct msghdr *message)
{
	int first = -1;
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
			if (first < 0)
				first = fd;
			else
				close(fd);
		}
	}
	return first;
}

int call_receive(int fd, void *bytes, size_t length, int *passed)
{
	union {
		char bytes[CMSG_SPACE(MAX_DESCRIPTORS * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec part = { .iov_base = bytes, .iov_len = length };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes
	};
	*passed = -1;
	ssize_t received = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (received < 0)
		return -errno;
	*passed = only_descriptor(&message);
	return (int)received;
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
