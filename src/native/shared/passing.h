/* Packets with descriptors between spawner and dispatcher: one end in C, the other behind the addon. */
#ifndef ZINETD_PASSING_H
#define ZINETD_PASSING_H

#include <stddef.h>
#include <sys/socket.h>

/* The most that one packet can carry (SCM_MAX_FD): with room for all, nothing is ever left dangling (S7). */
#define MAX_DESCRIPTORS 253

union passing_control {
	char bytes[CMSG_SPACE(MAX_DESCRIPTORS * sizeof(int))];
	struct cmsghdr align;
};

/* sendmsg(2) without waiting; `passed` is a descriptor to send along, or -1. Bytes sent, or -errno. */
int passing_send(int socket, const void *bytes, size_t length, int passed);

struct passed {
	int first; /* the first descriptor that came, or -1; any other was closed */
	int count; /* how many came */
	int cut;   /* bytes or descriptors did not fit */
};

/* Adds what came with a message that was received. */
void passing_take(struct msghdr *message, struct passed *passed);

/* recvmsg(2) without waiting, descriptors close-on-exec. Bytes received, 0 when the other side is gone, or -errno. */
int passing_receive(int socket, void *bytes, size_t length, struct passed *passed);

#endif
