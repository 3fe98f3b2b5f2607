/*
 * target: what a relay leads to. Answers each connection on a port of loopback with "ok" and a new line, then with more
 * until it was so many bytes, and closes it; reads nothing.
 *
 *   target PORT BYTES
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE_BYTES 262144u
#define MOST_CONNECTIONS 16384
#define EVENTS_AT_ONCE 64
#define LINE "ok\n"

/* So many bytes of the answer are out, by descriptor. */
static uint64_t sent[MOST_CONNECTIONS];
static char piece[PIECE_BYTES];
static uint64_t answer_bytes;
static int epoll_fd;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "target: Cannot %s: %s\n", what, strerror(errno));
	exit(3);
}

static void watch(int fd, uint32_t events)
{
	struct epoll_event interest = { .events = events, .data.fd = fd };
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &interest) < 0)
		die("watch a socket");
}

static int open_listener(uint16_t port)
{
	int yes = 1;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 4096) < 0)
		die("listen");
	return fd;
}

/* True when the connection is over. */
static int answer(int fd)
{
	while (sent[fd] < answer_bytes) {
		uint64_t left = answer_bytes - sent[fd];
		/* The line stands at the beginning of the piece only. */
		const char *from = sent[fd] < sizeof LINE - 1 ? piece + sent[fd] : piece + sizeof LINE - 1;
		size_t most = PIECE_BYTES - (size_t)(from - piece);
		ssize_t n = send(fd, from, left < most ? left : most, MSG_NOSIGNAL);
		if (n < 0)
			return errno != EAGAIN;
		sent[fd] += (uint64_t)n;
	}
	return 1;
}

static void on_writable(int fd)
{
	if (answer(fd))
		close(fd);
}

static void on_client(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	if (fd >= MOST_CONNECTIONS)
		die("take so many connections");
	sent[fd] = 0;
	if (answer(fd))
		close(fd);
	else
		watch(fd, EPOLLOUT);
}

int main(int argc, char **argv)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	if (argc != 3) {
		fputs("usage: target PORT BYTES\n", stderr);
		return 2;
	}
	answer_bytes = strtoull(argv[2], NULL, 10);
	memset(piece, '.', sizeof piece);
	memcpy(piece, LINE, sizeof LINE - 1);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_fd < 0)
		die("create an epoll descriptor");
	int listener = open_listener((uint16_t)strtoul(argv[1], NULL, 10));
	watch(listener, EPOLLIN);
	for (;;) {
		int n = epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, -1);
		for (int i = 0; i < n; i++) {
			if (events[i].data.fd == listener)
				on_client(listener);
			else
				on_writable(events[i].data.fd);
		}
	}
}
