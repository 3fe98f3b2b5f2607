/* The seqpacket socket between spawner and dispatcher: fixed-size packets, at most one descriptor each. */
#ifndef ZINETD_CHANNEL_H
#define ZINETD_CHANNEL_H

#include "format.h"

/* 1: a request (fd is the one descriptor or -1); 0: nothing waits; -1: the other side is gone.
 * -EINVAL: a packet of another size, or with other than one descriptor at most; all it carried are closed. */
int channel_receive(int channel, struct request *request, int *fd);

/* 1: sent; 0: would block; -1: the other side is gone. Keeps `fd`, which may be -1. */
int channel_send(int channel, const struct event *event, int fd);

#endif
