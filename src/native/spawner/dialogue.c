/* What the dispatcher asks, and what it is told. */
#include <fcntl.h>
#include <string.h>

#include "../shared/passing.h"
#include "spawner.h"

/*
 * One packet, at most one descriptor. 1: a request (fd is its descriptor or -1); 0: nothing waits; -1: the other side
 * is gone. -EINVAL: a packet of another size, or with more descriptors; all it carried are closed.
 */
static int receive(int channel, struct request *request, int *fd)
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

/* Of what, nobody can say: the compiler's command line is fixed, and there is one table that waits at the most. */
static int do_reload(struct spawner *spawner, const struct request *request)
{
	const struct request plain = { .type = request->type, .generation = request->generation };
	if (memcmp(request, &plain, sizeof plain) != 0)
		return -EINVAL;
	if (request->type == REQUEST_RELOAD) {
		spawner->compiler.wanted = spawner->phase == SERVING;
		return spawner->phase == SERVING ? 0 : -EINVAL;
	}
	if (!spawner->pending.table || spawner->reload.type)
		return -EINVAL; /* it was not told of any */
	if (request->type == REQUEST_COMMIT)
		pending_commit(spawner);
	else
		pending_drop(spawner);
	return 0;
}

static int do_signal(struct spawner *spawner, const struct request *request)
{
	if (request->signal != SIGTERM && request->signal != SIGKILL)
		return -EINVAL;
	return children_signal(&spawner->children, request->id, (int)request->signal);
}

/* One that could not be opened, or a new one while that in use becomes the peer's. */
static int do_open(struct spawner *spawner, const struct request *request)
{
	if (request->listener >= spawner->table->n_listeners || spawner->phase != SERVING)
		return -EINVAL;
	const struct listener_row *row = &spawner->table->listeners[request->listener];
	struct listener *listener = &spawner->listeners[request->listener];
	if (listener->fd >= 0 && !(row->flags & LISTENER_SHARED))
		return -EALREADY;
	if ((listener->fd >= 0) != (request->peer.family != 0))
		return -EINVAL;
	listener_open(listener, spawner->table, row, &request->peer);
	spawner->opened = (struct event){ .type = EVENT_LISTENER, .service = request->listener, .error = listener->error };
	return 0;
}

/* -errno when anything about the request is off; `connection` is closed in one place, by the caller. */
static int obey(struct spawner *spawner, const struct request *request, int connection)
{
	if (request->generation != spawner->generation)
		return -ESTALE;
	if ((connection >= 0) != (request->type == REQUEST_LAUNCH) || (connection >= 0 && request->listener != 0))
		return -EINVAL;
	switch (request->type) {
	case REQUEST_READY:
		spawner->was_ready = 1;
		return 0;
	case REQUEST_LAUNCH:
	case REQUEST_LAUNCH_WAIT:
		return launcher_launch(spawner->launcher, request, connection);
	case REQUEST_SIGNAL:
		return do_signal(spawner, request);
	case REQUEST_DRAINED:
		spawner->drained = spawner->phase != SERVING;
		return spawner->drained ? 0 : -EINVAL;
	case REQUEST_STOP:
		if (spawner->phase == SERVING)
			next_phase(spawner);
		return 0;
	case REQUEST_RELOAD:
	case REQUEST_COMMIT:
	case REQUEST_ABORT:
		return do_reload(spawner, request);
	case REQUEST_OPEN:
		return do_open(spawner, request);
	default:
		return -ENOSYS;
	}
}

static void refuse(struct spawner *spawner, const struct request *request, int error)
{
	spawner->refusal = (struct event){
		.type = EVENT_REFUSED, .id = request->id, .service = request->service, .error = error, .status = (int32_t)request->type,
		.listener = request->listener,
	};
}

/* For one that closed its end or will not read: its death is what starts the next. */
void end_dispatcher(struct spawner *spawner)
{
	spawner->deaf = 1;
	if (spawner->phase != LEAVING)
		end_worker(&spawner->dispatcher);
}

/*
 * Takes up to `limit` requests and returns how many, but no more than can be answered: a refusal that could
 * not be sent stops the reading.
 */
int handle_requests(struct spawner *spawner, int limit)
{
	int taken = 0;
	while (taken < limit && spawner->dispatcher.channel >= 0 && !spawner->refusal.type && !spawner->opened.type &&
	       launcher_ready(spawner->launcher)) {
		struct request request = { 0 };
		int connection;
		int result = receive(spawner->dispatcher.channel, &request, &connection);
		if (result == 0)
			break;
		if (result == -1) {
			close_channel(&spawner->dispatcher);
			end_dispatcher(spawner);
			break;
		}
		taken++;
		if (result > 0)
			result = obey(spawner, &request, connection);
		if (connection >= 0)
			close(connection);
		if (result < 0)
			refuse(spawner, &request, -result);
	}
	return taken;
}

/* 1: on its way; 0: the channel is full; -1: the other side is gone. Keeps `fd`, which may be -1. */
static int send_event(struct spawner *spawner, struct event *event, int fd)
{
	event->generation = spawner->generation;
	int result = passing_send(spawner->dispatcher.channel, event, sizeof *event, fd);
	if (result == -EAGAIN || result == -EINTR || result == -ENOBUFS || result == -ETOOMANYREFS)
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
		*fd = spawner->policy;
		return 1;
	}
	if (n - 1 < spawner->table->n_listeners)
		return listener_item(spawner, n - 1, event, fd);
	int found = children_hand_over(&spawner->children, n - 1 - spawner->table->n_listeners, event);
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
	close_channel(&spawner->resolver);
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

/* After a commit, the listeners that are new, and that these are all. */
static int send_fresh(struct spawner *spawner)
{
	struct event event;
	int fd;
	for (; spawner->fresh < spawner->table->n_listeners; spawner->fresh++)
		if (spawner->listeners[spawner->fresh].from == NO_ID && listener_item(spawner, spawner->fresh, &event, &fd) &&
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
		const uint32_t from = pending->listeners[pending->told].from;
		struct event kept = { .type = EVENT_KEPT, .service = pending->told, .listener = from };
		if (from != NO_ID && send_event(spawner, &kept, -1) <= 0)
			return 0;
	}
	return send_waiting(spawner, &spawner->reload, spawner->reload.error ? -1 : pending->policy);
}

static int send_reports(struct spawner *spawner)
{
	struct event event;
	while (children_report(&spawner->children, &event)) {
		if (send_event(spawner, &event, -1) <= 0)
			return 0;
		children_report_sent(&spawner->children);
	}
	return 1;
}

/* Says all there is to say; 0 when the channel is full and something is left. */
int tell(struct spawner *spawner)
{
	if (spawner->dispatcher.channel < 0 || spawner->deaf)
		return 1;
	return hand_over(spawner) && send_waiting(spawner, &spawner->refusal, -1) && send_opened(spawner) && send_fresh(spawner) &&
	       send_resolver(spawner) && send_reports(spawner) && send_reload(spawner) &&
	       send_waiting(spawner, &spawner->stopping, -1) && send_waiting(spawner, &spawner->bye, -1);
}
