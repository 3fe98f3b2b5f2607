/*
 * Packets between dispatcher and spawner as the addon takes and sends them (F23, S7): of any length, with none to many
 * descriptors, in batches for which there is as much room as the input says. No descriptor is lost, no byte is beyond.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../src/native/addon/calls.h"
#include "../../src/native/shared/passing.h"

#define MOST_SENT 64
#define MOST_OPEN 1024

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int null;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	null = open("/dev/null", O_RDWR);
	return 0;
}

struct input {
	const uint8_t *at;
	size_t left;
};

static uint32_t take(struct input *input, size_t count)
{
	uint32_t value = 0;
	for (; count && input->left; count--, input->left--)
		value = value << 8 | *input->at++;
	return value;
}

static void send_packet(int socket, size_t length, size_t count)
{
	static const uint8_t zeros[8192];
	union passing_control control = { 0 };
	struct iovec part = { .iov_base = (void *)(uintptr_t)zeros, .iov_len = length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	if (count) {
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		*header = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(count * sizeof(int)) };
		for (size_t i = 0; i < count; i++)
			memcpy(CMSG_DATA(header) + i * sizeof(int), &null, sizeof(int));
	}
	sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void receive(int socket, size_t count, size_t room)
{
	struct packet_row *rows = calloc(count + 1, sizeof *rows);
	uint8_t *bytes = malloc(room + 1);
	const int received = call_receive_batch(socket, bytes, room, rows, count);
	if (received > (int)count || (received < 0 && received != -EAGAIN && received != -EINVAL))
		abort();
	for (int i = 0; i < received; i++) {
		if (rows[i].length < 0 || (size_t)rows[i].length > room / count)
			abort();
		for (int at = 0; at < rows[i].length; at++)
			if (bytes[(size_t)i * (room / count) + (size_t)at])
				abort();
		if (rows[i].passed >= 0 && close(rows[i].passed) < 0)
			abort();
	}
	free(rows);
	free(bytes);
}

/* As one packet each: the rest is for passing_receive. */
static void receive_one(int socket, size_t room)
{
	uint8_t *bytes = malloc(room + 1);
	struct passed passed;
	const int length = passing_receive(socket, bytes, room, &passed);
	if (length > (int)room || (length < 0 && passed.first >= 0))
		abort();
	if (passed.first >= 0)
		close(passed.first);
	free(bytes);
}

/* Rows as nobody should give them. */
static void send_batch(int socket, struct input *input, size_t count, size_t room)
{
	struct packet_row rows[MAX_PACKETS + 2];
	uint8_t *bytes = calloc(1, room + 1);
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct packet_row){ .length = (int)take(input, 1 + 3 * (i & 1)), .passed = take(input, 1) & 1 ? null : -1 };
	const int sent = call_send_batch(socket, bytes, room, rows, count);
	if (sent > (int)count)
		abort();
	free(bytes);
}

static void step(const int *pair, struct input *input)
{
	const uint32_t what = take(input, 1);
	switch (what & 3) {
	case 0:
		send_packet(pair[0], take(input, 2) & 8191, take(input, 1) % (MAX_DESCRIPTORS + 1));
		break;
	case 1:
		receive(pair[1], what >> 2, take(input, 2));
		break;
	case 2:
		receive_one(pair[1], take(input, 2));
		break;
	default:
		send_batch(pair[0], input, what >> 2 & 31, take(input, 2));
	}
}

static int count_open(void)
{
	static struct pollfd polled[MOST_OPEN];
	int count = 0;
	for (int fd = 0; fd < MOST_OPEN; fd++)
		polled[fd] = (struct pollfd){ .fd = fd };
	poll(polled, MOST_OPEN, 0);
	for (int fd = 0; fd < MOST_OPEN; fd++)
		count += !(polled[fd].revents & POLLNVAL);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input input = { bytes, size };
	int pair[2];
	const int before = count_open();
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return 0;
	for (int i = 0; i < MOST_SENT && input.left; i++)
		step(pair, &input);
	close(pair[0]);
	close(pair[1]);
	if (count_open() != before)
		abort();
	return 0;
}
