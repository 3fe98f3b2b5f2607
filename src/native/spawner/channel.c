#include "channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The most that one packet can carry (SCM_MAX_FD): with room for all, nothing is ever left dangling (S7). */
#define MAX_DESCRIPTORS 253

union control {
	char bytes[CMSG_SPACE(MAX_DESCRIPTORS * sizeof(int))];
	struct cmsghdr align;
};

/* Keeps the first descriptor, closes the others; returns how many there were. */
static int take_descriptors(struct msghdr *message, int *first)
{
	int count = 0;
	*first = -1;
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		size_t n = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
			if (count++ == 0)
				*first = fd;
			else
				close(fd);
		}
	}
	return count;
}

int channel_receive(int channel, struct request *request, int *fd)
{
	static union control control; /* no stack for the sake of a rare packet; one thread */
	struct iovec part = { .iov_base = request, .iov_len = sizeof *request };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes
	};
	ssize_t length = recvmsg(channel, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	*fd = -1;
	if (length < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	int count = take_descriptors(&message, fd);
	if (length == 0 && count == 0)
		return -1;
	if (length == sizeof *request && count <= 1 && !(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
		return 1;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return -EINVAL;
}

int channel_send(int channel, const struct event *event, int fd)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec part = { .iov_base = (void *)(uintptr_t)event, .iov_len = sizeof *event };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	if (fd >= 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof control.bytes;
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(header), &fd, sizeof fd);
	}
	ssize_t length = sendmsg(channel, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (length < 0)
		return errno == EAGAIN || errno == EINTR || errno == ENOBUFS || errno == ETOOMANYREFS ? 0 : -1;
	return 1;
}
