/*
 * A handler that lives on: each packet on descriptor 3 brings one connection, with its environment as the payload, which
 * is not needed here. It answers "ok", closes the connection and sends a byte back. When nobody is there any more to send
 * some, it ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHANNEL 3
#define MOST_OF_A_PACKET 65536

/* A connection; 0: the end; -1: an error, or a packet without one. */
static int receive(void)
{
	static char environment[MOST_OF_A_PACKET];
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec text = { .iov_base = environment, .iov_len = sizeof environment };
	struct msghdr message = {
		.msg_iov = &text, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};
	ssize_t n;
	do
		n = recvmsg(CHANNEL, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	const struct cmsghdr *first = CMSG_FIRSTHDR(&message);
	if (n <= 0 && !first)
		return (int)n;
	if (!first || first->cmsg_type != SCM_RIGHTS)
		return -1;
	int connection;
	memcpy(&connection, CMSG_DATA(first), sizeof connection);
	return connection;
}

int main(void)
{
	for (;;) {
		int connection = receive();
		if (connection <= 0)
			return connection < 0;
		if (write(connection, "ok\n", 3) != 3) {
			/* A client that has left takes nothing with it. */
		}
		close(connection);
		if (send(CHANNEL, "", 1, MSG_NOSIGNAL) != 1)
			return 0; /* who sends them is gone */
	}
}
