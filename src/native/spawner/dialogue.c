/* What the dispatcher asks, and what it is told. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "channel.h"
#include "spawner.h"

static int do_signal(struct spawner *spawner, const struct request *request)
{
	if (request->signal != SIGTERM && request->signal != SIGKILL)
		return -EINVAL;
	return children_signal(&spawner->children, request->id, (int)request->signal);
}

/* -errno when anything about the request is off; `connection` is closed in one place, by the caller. */
static int obey(struct spawner *spawner, const struct request *request, int connection)
{
	if (request->generation != spawner->generation)
		return -ESTALE;
	if (request->reserved != 0 || (connection >= 0) != (request->type == REQUEST_LAUNCH))
		return -EINVAL;
	switch (request->type) {
	case REQUEST_READY:
		spawner->was_ready = 1;
		return 0;
	case REQUEST_LAUNCH:
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
	default:
		return -ENOSYS;
	}
}

static void refuse(struct spawner *spawner, const struct request *request, int error)
{
	spawner->refusal = (struct event){
		.type = EVENT_REFUSED, .id = request->id, .service = request->service, .error = error, .status = (int32_t)request->type
	};
}

/*
 * Takes up to `limit` requests and returns how many, but no more than can be answered: a refusal that could
 * not be sent stops the reading.
 */
int handle_requests(struct spawner *spawner, int limit)
{
	int taken = 0;
	while (taken < limit && spawner->channel >= 0 && !spawner->refusal.type && launcher_ready(spawner->launcher)) {
		struct request request = { 0 };
		int connection;
		int result = channel_receive(spawner->channel, &request, &connection);
		if (result == 0)
			break;
		if (result == -1) {
			drop_channel(spawner);
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

static int send_event(struct spawner *spawner, struct event *event, int fd)
{
	event->generation = spawner->generation;
	int result = channel_send(spawner->channel, event, fd);
	if (result < 0)
		end_dispatcher(spawner);
	return result;
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
	if (n - 1 < spawner->table.n_listeners) {
		event->type = EVENT_LISTENER;
		event->service = n - 1;
		event->error = spawner->listeners[n - 1].error;
		*fd = spawner->listeners[n - 1].fd;
		/* Shared with an earlier dispatcher, which may have made it block the next one in accept(2) (S16). */
		if (*fd >= 0)
			fcntl(*fd, F_SETFL, O_NONBLOCK);
		return *fd >= 0 || event->error; /* neither: closed by a stop meanwhile */
	}
	int found = children_hand_over(&spawner->children, n - 1 - spawner->table.n_listeners, event);
	if (found != 0)
		return found > 0;
	event->type = EVENT_START;
	return 1;
}

/* 1 when everything is handed over, 0 when the channel is full. */
static int hand_over(struct spawner *spawner)
{
	while (spawner->handover != UINT32_MAX) {
		struct event event;
		int fd;
		int made = handover_item(spawner, spawner->handover, &event, &fd);
		if (made && send_event(spawner, &event, fd) <= 0)
			return 0;
		spawner->handover = made && event.type == EVENT_START ? UINT32_MAX : spawner->handover + 1;
	}
	return 1;
}

static int send_flag(struct spawner *spawner, int *flag, uint32_t type)
{
	struct event event = { .type = type };
	if (*flag && send_event(spawner, &event, -1) <= 0)
		return 0;
	*flag = 0;
	return 1;
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
	if (spawner->channel < 0 || spawner->deaf)
		return 1;
	if (!hand_over(spawner))
		return 0;
	if (spawner->refusal.type && send_event(spawner, &spawner->refusal, -1) <= 0)
		return 0;
	spawner->refusal.type = 0;
	return send_reports(spawner) && send_flag(spawner, &spawner->tell_reload, EVENT_RELOAD) &&
	       send_flag(spawner, &spawner->tell_stopping, EVENT_STOPPING) &&
	       send_flag(spawner, &spawner->tell_bye, EVENT_BYE);
}
