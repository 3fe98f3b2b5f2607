#include "calls.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "../shared/passing.h"

/* One descriptor beside a packet, or none. */
union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static void pass(struct msghdr *message, union control *control, int passed)
{
	memset(control, 0, sizeof *control);
	message->msg_control = control->bytes;
	message->msg_controllen = sizeof control->bytes;
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof passed);
	memcpy(CMSG_DATA(header), &passed, sizeof passed);
}

int call_send_batch(int fd, const uint8_t *bytes, size_t room, const struct packet_row *rows, size_t count)
{
	struct mmsghdr messages[MAX_PACKETS] = { 0 };
	struct iovec parts[MAX_PACKETS];
	union control controls[MAX_PACKETS];
	size_t at = 0;
	if (count < 1 || count > MAX_PACKETS)
		return -EINVAL;
	for (size_t i = 0; i < count; i++) {
		if (rows[i].length < 0 || (size_t)rows[i].length > room - at)
			return -EINVAL;
		parts[i] = (struct iovec){ .iov_base = (void *)(uintptr_t)(bytes + at), .iov_len = (size_t)rows[i].length };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1 };
		if (rows[i].passed >= 0)
			pass(&messages[i].msg_hdr, &controls[i], rows[i].passed);
		at += (size_t)rows[i].length;
	}
	int sent = sendmmsg(fd, messages, (unsigned)count, MSG_DONTWAIT | MSG_NOSIGNAL);
	return sent < 0 ? -errno : sent;
}

int call_receive_batch(int fd, uint8_t *bytes, size_t room, struct packet_row *rows, size_t count)
{
	struct mmsghdr messages[MAX_PACKETS] = { 0 };
	struct iovec parts[MAX_PACKETS];
	union passing_control controls[MAX_PACKETS];
	if (count < 1 || count > MAX_PACKETS)
		return -EINVAL;
	for (size_t i = 0; i < count; i++) {
		parts[i] = (struct iovec){ .iov_base = bytes + i * (room / count), .iov_len = room / count };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1, .msg_control = controls[i].bytes,
						       .msg_controllen = sizeof controls[i].bytes };
	}
	int received = recvmmsg(fd, messages, (unsigned)count, MSG_DONTWAIT | MSG_CMSG_CLOEXEC, NULL);
	if (received < 0)
		return -errno;
	for (int i = 0; i < received; i++) {
		struct passed passed = { .first = -1 };
		passing_take(&messages[i].msg_hdr, &passed);
		rows[i] = (struct packet_row){ .length = (int)messages[i].msg_len, .passed = passed.first };
	}
	return received;
}
