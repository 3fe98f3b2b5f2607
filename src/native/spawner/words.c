#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

int words_open(const struct program *program, int *words)
{
	if (!(program->row->flags & VARIANT_TOLD))
		return 0;
	if (pipe2(words, O_CLOEXEC) < 0)
		return -errno;
	return fcntl(words[0], F_SETFL, O_NONBLOCK) < 0 ? -errno : 0; /* the handler's own end blocks */
}

int words_left(const struct child *child)
{
	struct pollfd polled = { .fd = child->words, .events = POLLIN };
	if (child->words < 0 || child->given)
		return 0;
	return poll(&polled, 1, 0) <= 0 || (polled.revents & POLLIN);
}

static void speaks(struct children *children, uint32_t index)
{
	children->table[index].speaks = 1;
	children_queue_report(children, index);
}

void words_watch(struct children *children, uint32_t index)
{
	const struct child *child = &children->table[index];
	struct epoll_event event = { .events = EPOLLIN | EPOLLONESHOT, .data.u32 = index };
	if (child->words < 0 || child->given)
		return;
	/* What cannot be watched is the dispatcher's at once: else nobody would ever read it, and the handler would wait. */
	if (epoll_ctl(children->watch, EPOLL_CTL_ADD, child->words, &event) < 0)
		speaks(children, index);
}

void words_listen(struct children *children)
{
	struct epoll_event events[64];
	const int count = epoll_wait(children->watch, events, 64, 0);
	for (int i = 0; i < count; i++) {
		const struct child *child = &children->table[events[i].data.u32];
		if ((events[i].events & EPOLLIN) && child->state == CHILD_RUNNING && !child->given)
			speaks(children, events[i].data.u32);
	}
}

void words_given(struct children *children, uint64_t slot)
{
	struct child *child = &children->table[(uint32_t)slot];
	child->given = 1;
	child->speaks = 0;
}

void words_taken_back(struct children *children)
{
	for (uint32_t i = 0; i < children->count; i++)
		children->table[i].given = 0;
}

/* Out of the set first: a copy of the dispatcher's would keep it there. */
void words_close(const struct children *children, struct child *child)
{
	if (child->words < 0)
		return;
	epoll_ctl(children->watch, EPOLL_CTL_DEL, child->words, NULL);
	close(child->words);
}
