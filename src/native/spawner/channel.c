#include "channel.h"

#include <errno.h>
#include <unistd.h>

#include "../shared/passing.h"

int channel_receive(int channel, struct request *request, int *fd)
{
	struct passed passed;
	int length = passing_receive(channel, request, sizeof *request, &passed);
	/* It died before it read all we said: that is told once, ahead of the requests that still wait. */
	if (length == -ECONNRESET)
		length = passing_receive(channel, request, sizeof *request, &passed);
	*fd = passed.first;
	if (length < 0)
		return length == -EAGAIN || length == -EINTR ? 0 : -1;
	if (length == 0 && passed.count == 0)
		return -1;
	if (length == sizeof *request && passed.count <= 1 && !passed.cut)
		return 1;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return -EINVAL;
}

int channel_send(int channel, const struct event *event, int fd)
{
	switch (passing_send(channel, event, sizeof *event, fd)) {
	case -EAGAIN:
	case -EINTR:
	case -ENOBUFS:
	case -ETOOMANYREFS:
		return 0;
	case sizeof *event:
		return 1;
	default:
		return -1;
	}
}
