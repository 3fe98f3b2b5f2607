/* The lives of the dispatcher and the resolver: started, watched, started again. */
#include <sys/socket.h>

#include "spawner.h"
#include "words.h"

#define ATTEMPTS 5 /* dispatchers before the spawner gives up, if none ever served */
#define BACKOFF_FIRST_MS 50
#define BACKOFF_MOST_MS 5000
#define STEADY_MS 10000	/* a worker that lived this long starts a new series */

/* 0 or -errno: without descriptors, memory or a pid just now it is tried again later. */
static int start(const struct boot *boot, enum worker kind, struct kept *worker)
{
	int pair[2];
	worker->start_at = now_ms() + BACKOFF_MOST_MS;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	const int descriptors[2] = { pair[1], pair[1] };
	pid_t pid = worker_start(boot, kind, descriptors, kind == DISPATCHER ? 2 : 1);
	int error = errno;
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return -error;
	}
	*worker = (struct kept){ .pid = pid, .channel = pair[0], .since = now_ms(), .backoff_ms = worker->backoff_ms };
	return 0;
}

/* It may be started again at once, and later each time. */
void worker_ended(struct kept *worker)
{
	unsigned wait_ms = now_ms() - worker->since >= STEADY_MS ? 0 : worker->backoff_ms;
	worker->backoff_ms = wait_ms == 0 ? BACKOFF_FIRST_MS : wait_ms * 2 > BACKOFF_MOST_MS ? BACKOFF_MOST_MS : wait_ms * 2;
	worker->start_at = now_ms() + wait_ms;
	worker->pid = 0;
	let_go(&worker->channel);
}

static void start_dispatcher(struct spawner *spawner)
{
	int result = start(&spawner->boot, DISPATCHER, &spawner->dispatcher);
	if (result < 0 && !spawner->was_ready)
		die(EXIT_SYSTEM, "start the dispatcher", -result);
	if (result < 0)
		return;
	spawner->dispatchers++;
	spawner->handover = 0;
	spawner->fresh = UINT32_MAX;
	spawner->drained = spawner->deaf = 0;
	forget_answers(spawner);
}

/* Launches that it had already asked for still happen: their clients were admitted. */
void dispatcher_died(struct spawner *spawner)
{
	spawner->dispatcher.pid = 0;
	spawner->deaf = 1;
	do {
		forget_answers(spawner); /* there is nobody left to tell */
		launcher_settle(spawner->launcher);
	} while (handle_requests(spawner, 1));
	worker_ended(&spawner->dispatcher);
	words_taken_back(&spawner->children);
	if (spawner->upgrade.step == UPGRADE_DRAINING && spawner->phase == SERVING)
		upgrade_drained(spawner);
	pending_cancel(spawner);
	if (spawner->resolver.channel < 0)
		end_worker(&spawner->resolver); /* it has only the other end of what is gone */
	if (spawner->phase == SERVING && !spawner->was_ready && spawner->dispatchers >= ATTEMPTS)
		die(EXIT_SYSTEM, "start the dispatcher", ECHILD);
}

static int is_due(const struct spawner *spawner, const struct kept *worker)
{
	return spawner->phase == SERVING && spawner->upgrade.step != UPGRADE_LEAVING && !worker->pid && now_ms() >= worker->start_at;
}

/* Called every turn: after a reload the table may want a resolver, or none. Look-ups fail until one runs. */
void keep_workers(struct spawner *spawner)
{
	struct kept *resolver = &spawner->resolver;
	if (is_due(spawner, &spawner->dispatcher))
		start_dispatcher(spawner);
	if (!((spawner->table->flags | spawner->pending.flags) & TABLE_NEEDS_RESOLVER) || spawner->phase == LEAVING) {
		/* One that the dispatcher has is let go by it, once what it did elsewhere is undone. */
		if (resolver->channel >= 0 || spawner->phase == LEAVING)
			end_worker(resolver);
		resolver->start_at = 0;
	} else if (is_due(spawner, resolver))
		start(&spawner->boot, RESOLVER, resolver);
}
