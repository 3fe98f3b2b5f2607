/* What the dispatcher asks. */
#include <stddef.h>
#include <string.h>

#include "../shared/passing.h"
#include "spawner.h"

/*
 * One packet, at most one descriptor. 1: a request (fd is its descriptor or -1); 0: nothing waits; -1: the other side
 * is gone. -EINVAL: a packet of another size, or with more descriptors; all it carried are closed.
 */
static int receive(int channel, struct message *message, int *fd)
{
	struct passed passed;
	const struct request *request = &message->request;
	const int most = offsetof(struct message, size);
	int length = passing_receive(channel, message, (size_t)most, &passed);
	/* It died before it read all we said: that is told once, ahead of the requests that still wait. */
	if (length == -ECONNRESET)
		length = passing_receive(channel, message, (size_t)most, &passed);
	*fd = passed.first;
	/* Without memory for the moment nothing is lost of it. */
	if (length < 0)
		return length == -EAGAIN || length == -EINTR || length == -ENOMEM || length == -ENOBUFS ? 0 : -1;
	if (length == 0 && passed.count == 0)
		return -1;
	message->size = length < (int)sizeof *request ? 0 : (uint32_t)length - (uint32_t)sizeof *request;
	const int may_tell = request->type == REQUEST_LAUNCH || request->type == REQUEST_LAUNCH_WAIT || request->type == REQUEST_NOTIFY;
	if (length >= (int)sizeof *request && (!message->size || may_tell) && passed.count <= 1 && !passed.cut)
		return 1;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return -EINVAL;
}

/* Nothing but that it is asked. */
static int is_plain(const struct request *request)
{
	const struct request plain = { .type = request->type, .generation = request->generation };
	return memcmp(request, &plain, sizeof plain) == 0;
}

/* Of what, nobody can say: the compiler's command line is fixed, and there is one table that waits at the most. */
static int do_reload(struct spawner *spawner, const struct request *request)
{
	const int asks = request->type == REQUEST_RELOAD;
	struct request rest = *request;
	if (asks)
		rest.id = rest.variant = 0;
	if (!is_plain(&rest) || (asks && (request->variant > 1 || spawner->phase != SERVING)))
		return -EINVAL;
	if (asks) {
		compiler_ask(&spawner->compiler, request);
		return 0;
	}
	const int commits = request->type == REQUEST_COMMIT;
	if (!spawner->pending.table || spawner->reload.type || (commits && spawner->pending.is_dry))
		return -EINVAL; /* it was not told of any, or only to look at */
	if (commits)
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

/* One that could not be opened, or whose descriptor found no room; or a new one while that in use becomes the peer's. */
static int do_open(struct spawner *spawner, const struct request *request)
{
	if (request->listener >= spawner->table->n_listeners || spawner->phase != SERVING)
		return -EINVAL;
	const struct listener_row *row = &spawner->table->listeners[request->listener];
	struct listener *listener = &spawner->listeners[request->listener];
	const int is_open = listener->fd >= 0, has_peer = request->peer.family != 0;
	if (has_peer && !(is_open && (row->flags & LISTENER_SHARED)))
		return -EINVAL;
	if (!is_open || has_peer)
		listener_open(listener, spawner->table, row, &request->peer);
	spawner->opened = (struct event){ .type = EVENT_LISTENER, .service = request->listener, .error = listener->error };
	return 0;
}

static int do_outlet(struct spawner *spawner, const struct request *request)
{
	if (request->service >= spawner->table->n_outlets)
		return -ENOENT;
	int fd = outlet_open(spawner->table, request->service);
	spawner->outlet = (struct event){ .type = EVENT_OUTLET, .id = request->id, .error = fd < 0 ? -fd : 0 };
	spawner->outlet_fd = fd < 0 ? -1 : fd;
	return 0;
}

/* -errno when anything about the request is off; `connection` is closed in one place, by the caller. */
static int obey(struct spawner *spawner, const struct message *message, int connection)
{
	const struct request *request = &message->request;
	if (request->generation != spawner->generation)
		return -ESTALE;
	if ((connection >= 0) != (request->type == REQUEST_LAUNCH) || (connection >= 0 && request->listener != 0))
		return -EINVAL;
	switch (request->type) {
	case REQUEST_READY:
		spawner->was_ready = 1;
		spawner->has_arrived = 0;
		return 0;
	case REQUEST_LAUNCH:
	case REQUEST_LAUNCH_WAIT:
		return launcher_launch(spawner->launcher, message, connection);
	case REQUEST_SIGNAL:
		return do_signal(spawner, request);
	case REQUEST_DRAINED:
		spawner->drained = spawner->phase != SERVING;
		return spawner->drained ? 0 : upgrade_dismiss(spawner);
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
	case REQUEST_OUTLET:
		return do_outlet(spawner, request);
	case REQUEST_UPGRADE:
		return is_plain(request) ? upgrade_ask(spawner) : -EINVAL;
	case REQUEST_NOTIFY:
		return is_plain(request) ? notify_request(spawner, message) : -EINVAL;
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
	       !spawner->outlet.type && launcher_ready(spawner->launcher)) {
		struct message message;
		message.request = (struct request){ 0 };
		int connection;
		int result = receive(spawner->dispatcher.channel, &message, &connection);
		if (result == 0)
			break;
		if (result == -1) {
			let_go(&spawner->dispatcher.channel);
			end_dispatcher(spawner);
			break;
		}
		taken++;
		if (result > 0)
			result = obey(spawner, &message, connection);
		if (connection >= 0)
			close(connection);
		if (result < 0)
			refuse(spawner, &message.request, -result);
	}
	return taken;
}
