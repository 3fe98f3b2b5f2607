/*
 * errlogd FILE
 *
 * Collects messages: appends each datagram that arrives on descriptor 0 to FILE, as one line. Ends when none has
 * come for three seconds; an inetd starts it again with the next one. For services of "dgram" and "wait".
 *
 * Exits with 0, or as sysexits.h says: 64 for wrong arguments or another kind of service, 71 if it cannot receive,
 * 73 if it cannot open FILE, 74 if it cannot write to it. Says why to syslog: descriptor 2 is the socket, too.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <syslog.h>
#include <unistd.h>

#define IDLE_MS 3000
/* No datagram of UDP is larger, so that none is cut. */
#define MESSAGE_BYTES 65535

/* What each byte of a message becomes at most: a backslash, an x and two digits. */
#define ESCAPED_BYTES 4

static int complain(int status, const char *what)
{
	syslog(LOG_ERR, "%s: %m", what);
	return status;
}

/* A file in a directory that others can write to may be a link that they have put there: it is not followed. */
static int open_log(const char *path)
{
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);
}

/* Whether a byte would do something to a terminal, or be taken for the end of a line or for our own escapes. */
static int is_special(unsigned char byte)
{
	return byte < 0x20 || byte == 0x7f || byte == '\\';
}

/* Makes a line of a message, and tells how long it is. The newline that many senders add goes without saying. */
static size_t make_line(char *line, const unsigned char *message, size_t size)
{
	size_t length = 0;

	if (size > 0 && message[size - 1] == '\n')
		size--;
	for (size_t at = 0; at < size; at++)
		if (is_special(message[at]))
			length += (size_t)sprintf(line + length, "\\x%02x", message[at]);
		else
			line[length++] = (char)message[at];
	line[length++] = '\n';
	return length;
}

/* In one write, so that lines of several writers do not mix. */
static int append(int log, const unsigned char *message, size_t size)
{
	static char line[MESSAGE_BYTES * ESCAPED_BYTES + 1];
	size_t length = make_line(line, message, size);
	ssize_t written = write(log, line, length);

	if (written >= 0 && (size_t)written < length)
		errno = ENOSPC;
	return written == (ssize_t)length ? 0 : -1;
}

/* 1 with a message, 0 if none came for a while, -1 on error. */
static int wait_for_message(void)
{
	struct pollfd socket = {.fd = STDIN_FILENO, .events = POLLIN};
	int ready;

	do
		ready = poll(&socket, 1, IDLE_MS);
	while (ready < 0 && errno == EINTR);
	return ready;
}

/* What poll(2) saw may be gone, such as a datagram whose checksum is wrong: so it must not block. */
static ssize_t receive(unsigned char *message)
{
	ssize_t size;

	do
		size = recv(STDIN_FILENO, message, MESSAGE_BYTES, MSG_DONTWAIT);
	while (size < 0 && errno == EINTR);
	return size;
}

/* With a stream, each end of a connection would look like an empty message, for ever. */
static int has_datagrams(void)
{
	int type = 0;
	socklen_t size = sizeof type;

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &size) < 0)
		return 0;
	errno = EPROTOTYPE;
	return type == SOCK_DGRAM;
}

static int collect(int log)
{
	static unsigned char message[MESSAGE_BYTES];
	int ready;

	while ((ready = wait_for_message()) > 0) {
		ssize_t size = receive(message);
		if (size < 0 && errno == EAGAIN)
			continue;
		if (size < 0)
			return complain(EX_OSERR, "Cannot receive");
		if (append(log, message, (size_t)size) < 0)
			return complain(EX_IOERR, "Cannot write a message");
	}
	return ready == 0 ? EX_OK : complain(EX_OSERR, "Cannot wait for messages");
}

int main(int argc, char **argv)
{
	int log;

	openlog("errlogd", LOG_PID, LOG_DAEMON);
	if (argc != 2) {
		syslog(LOG_ERR, "Usage: errlogd FILE");
		return EX_USAGE;
	}
	if (!has_datagrams())
		return complain(EX_USAGE, "Cannot take messages from descriptor 0");
	log = open_log(argv[1]);
	return log < 0 ? complain(EX_CANTCREAT, argv[1]) : collect(log);
}
