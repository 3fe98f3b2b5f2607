/* What the dispatcher is told. */
#include <fcntl.h>

#include "../shared/passing.h"
#include "spawner.h"
#include "words.h"

/* 1: on its way; 0: the channel is full; -1: the other side is gone. Keeps `fd`, which may be -1. */
static int send_event(struct spawner *spawner, struct event *event, int fd)
{
	event->generation = spawner->generation;
	int result = passing_send(spawner->dispatcher.channel, event, sizeof *event, fd);
	if (result == -EAGAIN || result == -EINTR || result == -ENOBUFS || result == -ENOMEM || result == -ETOOMANYREFS)
		return 0;
	if (result == sizeof *event)
		return 1;
	end_dispatcher(spawner);
	return -1;
}

/* 1 made; 0: it was closed by a stop meanwhile. */
static int listener_item(const struct spawner *spawner, uint32_t row, struct event *event, int *fd)
{
	const struct listener *listener = &spawner->listeners[row];
	*event = (struct event){ .type = EVENT_LISTENER, .service = row, .error = listener->error };
	*fd = listener->fd;
	/* Shared with an earlier dispatcher, which may have made it block the next one in accept(2) (S16). */
	if (*fd >= 0)
		fcntl(*fd, F_SETFL, listener_flags(&spawner->table->listeners[row]));
	return *fd >= 0 || event->error;
}

/* The n-th item of: hello, each listener, each child, start. 1 made, 0 nothing at this place. */
static int handover_item(struct spawner *spawner, uint32_t n, struct event *event, int *fd)
{
	*fd = -1;
	*event = (struct event){ 0 };
	if (n == 0) {
		event->type = EVENT_HELLO;
		event->id = spawner->dispatchers;
		event->status = spawner->lacks;
		event->slot = (uint64_t)spawner->has_arrived;
		event->duration_us = now_us() - spawner->started_us;
		*fd = spawner->policy;
		return 1;
	}
	if (n - 1 < spawner->table->n_listeners)
		return listener_item(spawner, n - 1, event, fd);
	int found = children_hand_over(&spawner->children, n - 1 - spawner->table->n_listeners, event, fd);
	if (found != 0)
		return found > 0;
	event->type = EVENT_START;
	return 1;
}

/* Once it is sent, the channel of a new resolver is the dispatcher's. */
static int send_resolver(struct spawner *spawner)
{
	struct event event = { .type = EVENT_RESOLVER };
	if (spawner->resolver.channel < 0)
		return 1;
	if (send_event(spawner, &event, spawner->resolver.channel) <= 0)
		return 0;
	let_go(&spawner->resolver.channel);
	return 1;
}

/* 1 when everything is handed over, 0 when the channel is full. */
static int hand_over(struct spawner *spawner)
{
	while (spawner->handover != UINT32_MAX) {
		struct event event;
		int fd;
		int made = handover_item(spawner, spawner->handover, &event, &fd);
		/* The resolver ahead of the first client. */
		if (made && event.type == EVENT_START && !send_resolver(spawner))
			return 0;
		if (made && send_event(spawner, &event, fd) <= 0)
			return 0;
		if (made && event.type == EVENT_CHILD)
			words_given(&spawner->children, event.slot);
		spawner->handover = made && event.type == EVENT_START ? UINT32_MAX : spawner->handover + 1;
	}
	return 1;
}

/* 1 when it is on its way, or none waits. */
static int send_waiting(struct spawner *spawner, struct event *event, int fd)
{
	if (event->type && send_event(spawner, event, fd) <= 0)
		return 0;
	event->type = 0;
	return 1;
}

static int send_opened(struct spawner *spawner)
{
	const struct event *opened = &spawner->opened;
	return send_waiting(spawner, &spawner->opened, opened->type && !opened->error ? spawner->listeners[opened->service].fd : -1);
}

/* The dispatcher's copy is the one that counts. */
static int send_outlet(struct spawner *spawner)
{
	if (!send_waiting(spawner, &spawner->outlet, spawner->outlet_fd))
		return 0;
	let_go(&spawner->outlet_fd);
	return 1;
}

/* Answers that wait for a dispatcher that is gone. */
void forget_answers(struct spawner *spawner)
{
	spawner->refusal.type = spawner->opened.type = spawner->outlet.type = 0;
	let_go(&spawner->outlet_fd);
}

static int is_fresh(const struct listener *listener)
{
	return listener->from == NO_ID || listener->moved;
}

/* After a commit, the listeners that are new, and that these are all. */
static int send_fresh(struct spawner *spawner)
{
	struct event event;
	int fd;
	for (; spawner->fresh < spawner->table->n_listeners; spawner->fresh++)
		if (is_fresh(&spawner->listeners[spawner->fresh]) && listener_item(spawner, spawner->fresh, &event, &fd) &&
		    send_event(spawner, &event, fd) <= 0)
			return 0;
	event = (struct event){ .type = EVENT_START };
	if (spawner->fresh != UINT32_MAX && send_event(spawner, &event, -1) <= 0)
		return 0;
	spawner->fresh = UINT32_MAX;
	return 1;
}

/* The outcome of a reload, and ahead of it which sockets stay. */
static int send_reload(struct spawner *spawner)
{
	struct pending *pending = &spawner->pending;
	for (; pending->table && pending->told < pending->table->n_listeners; pending->told++) {
		const struct listener *listener = &pending->listeners[pending->told];
		struct event kept = { .type = EVENT_KEPT, .service = pending->told, .listener = listener->from };
		if (!is_fresh(listener) && send_event(spawner, &kept, -1) <= 0)
			return 0;
	}
	if (!send_waiting(spawner, &spawner->reload, pending->table ? pending->policy : spawner->report))
		return 0;
	let_go(&spawner->report);
	return 1;
}

static int send_reports(struct spawner *spawner)
{
	struct event event;
	int fd;
	while (children_report(&spawner->children, &event, &fd)) {
		if (send_event(spawner, &event, fd) <= 0)
			return 0;
		spawner->frees |= (event.type == EVENT_EXITED || event.type == EVENT_RAN) && event.listener != NO_ID;
		children_report_sent(&spawner->children);
	}
	return 1;
}

/* What was said of one that failed goes along, and is nobody else's. */
static int send_upgraded(struct spawner *spawner)
{
	const int has_failed = spawner->upgraded.type && spawner->upgraded.error;
	if (!send_waiting(spawner, &spawner->upgraded, has_failed ? spawner->upgrade.words : -1))
		return 0;
	if (has_failed)
		let_go(&spawner->upgrade.words);
	return 1;
}

/* Says all there is to say; 0 when the channel is full and something is left. */
int tell(struct spawner *spawner)
{
	if (spawner->dispatcher.channel < 0 || spawner->deaf)
		return 1;
	return hand_over(spawner) && send_waiting(spawner, &spawner->refusal, -1) && send_opened(spawner) && send_outlet(spawner) &&
	       send_fresh(spawner) && send_resolver(spawner) && send_reports(spawner) && send_reload(spawner) &&
	       send_waiting(spawner, &spawner->dump, -1) && send_upgraded(spawner) && send_waiting(spawner, &spawner->stopping, -1) &&
	       send_waiting(spawner, &spawner->bye, -1);
}
