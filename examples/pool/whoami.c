/*
 * Tells each client who it is and how many were here before it: under any inetd, with a listening socket, or in a pool.
 * docs/how-to/write-a-handler-that-lives-on.md is about this file.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define IDLE_MS 60000
#define MOST_BYTES 4096 /* of the variables of one connection */
#define CHANNEL 3

static unsigned clients;

/* The address of the other end; NULL for a unix socket. */
static const char *address_of(int connection)
{
	static char text[INET6_ADDRSTRLEN];
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} peer;
	socklen_t length = sizeof peer;
	if (getpeername(connection, &peer.any, &length) < 0)
		return NULL;
	if (peer.any.sa_family == AF_INET)
		return inet_ntop(AF_INET, &peer.in.sin_addr, text, sizeof text);
	return peer.any.sa_family == AF_INET6 ? inet_ntop(AF_INET6, &peer.in6.sin6_addr, text, sizeof text) : NULL;
}

/* One client; 0 or 1. The line fits into what the kernel buffers, so that a slow one does not make the others wait. */
static int serve(int connection, const char *who)
{
	char line[160];
	if (!who)
		who = address_of(connection);
	int length = snprintf(line, sizeof line, "You are %.80s, client %u of process %d\n", who ? who : "of this machine",
			      ++clients, (int)getpid());
	return send(connection, line, (size_t)length, MSG_NOSIGNAL) == length ? 0 : 1;
}

/* Accepts until nobody has come for a while: zinetd starts this program again for the next one. */
static int serve_listener(int listener)
{
	struct pollfd poller = { .fd = listener, .events = POLLIN };
	while (poll(&poller, 1, IDLE_MS) > 0) {
		int connection = accept(listener, NULL, NULL);
		if (connection < 0)
			continue;
		serve(connection, NULL);
		close(connection);
	}
	return 0;
}

/* Takes one connection and its variables, with a NUL behind them all; how many bytes they are, or 0 when no more will come. */
static size_t take(char *bytes, int *connection)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec part = { .iov_base = bytes, .iov_len = MOST_BYTES };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes
	};
	ssize_t length;
	do
		length = recvmsg(CHANNEL, &message, MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	const struct cmsghdr *header = length > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	*connection = -1;
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
		memcpy(connection, CMSG_DATA(header), sizeof *connection);
	bytes[length > 0 ? length : 0] = 0;
	return length > 0 ? (size_t)length : 0;
}

/* The value of a variable; NULL if it is not there. Each has a NUL behind it. */
static const char *value_of(const char *name, const char *bytes, size_t length)
{
	size_t size = strlen(name);
	for (const char *at = bytes; at < bytes + length; at += strlen(at) + 1)
		if (strncmp(at, name, size) == 0 && at[size] == '=')
			return at + size + 1;
	return NULL;
}

/* One packet for each connection; one back when it is done: a byte for the status, and the number of the connection. */
static int serve_pool(void)
{
	char bytes[MOST_BYTES + 1], report[32];
	int connection;
	for (size_t length; (length = take(bytes, &connection)) > 0;) {
		const char *id = value_of("ZINETD_CONNECTION_ID", bytes, length);
		report[0] = 1;
		if (connection >= 0) {
			report[0] = (char)serve(connection, value_of("REMOTE_ADDR", bytes, length));
			close(connection);
		}
		int size = snprintf(report + 1, sizeof report - 1, "%.20s", id ? id : "");
		send(CHANNEL, report, (size_t)size + 1, MSG_NOSIGNAL);
	}
	return 0;
}

int main(void)
{
	const char *pid = getenv("LISTEN_PID"), *name = getenv("LISTEN_FDNAMES");
	int is_listed = pid && atoi(pid) == getpid(), is_listening = 0;
	if (is_listed && name && strcmp(name, "pool") == 0)
		return serve_pool();
	int given = is_listed ? CHANNEL : 0;
	socklen_t size = sizeof is_listening;
	if (getsockopt(given, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size) < 0)
		return 1;
	return is_listening ? serve_listener(given) : serve(given, getenv("REMOTE_ADDR"));
}
