/* The dispatcher's life: started, watched, started again. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "spawner.h"
#include "workers.h"

#define BACKOFF_FIRST_MS 50
#define BACKOFF_MOST_MS 5000
#define STEADY_MS 10000	/* a dispatcher that lived this long starts a new series */
#define ATTEMPTS 5	/* dispatchers before the spawner gives up, if none ever served */

void start_dispatcher(struct spawner *spawner)
{
	int pair[2];
	spawner->restart_at = 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		die(EXIT_SYSTEM, "make a socket pair", errno);
	spawner->dispatcher = worker_dispatch(&spawner->boot, pair[1]);
	close(pair[1]);
	if (spawner->dispatcher < 0) {
		/* No memory or no pid just now: try again like after a crash. */
		close(pair[0]);
		spawner->dispatcher = 0;
		spawner->restart_at = now_ms() + BACKOFF_MOST_MS;
		return;
	}
	spawner->channel = pair[0];
	spawner->dispatcher_since = now_ms();
	spawner->dispatchers++;
	spawner->handover = 0;
	spawner->drained = spawner->deaf = 0;
	spawner->refusal.type = 0;
}

/* Launches that it had already asked for still happen: their clients were admitted. */
void dispatcher_died(struct spawner *spawner)
{
	spawner->dispatcher = 0;
	spawner->deaf = 1;
	do {
		spawner->refusal.type = 0; /* there is nobody left to tell */
		launcher_settle(spawner->launcher);
	} while (handle_requests(spawner, 1));
	drop_channel(spawner);
	if (spawner->phase != SERVING)
		return;
	if (!spawner->was_ready && spawner->dispatchers >= ATTEMPTS)
		die(EXIT_SYSTEM, "start the dispatcher", ECHILD);
	if (now_ms() - spawner->dispatcher_since >= STEADY_MS)
		spawner->backoff_ms = 0;
	spawner->restart_at = now_ms() + spawner->backoff_ms;
	spawner->backoff_ms = spawner->backoff_ms ? spawner->backoff_ms * 2 : BACKOFF_FIRST_MS;
	if (spawner->backoff_ms > BACKOFF_MOST_MS)
		spawner->backoff_ms = BACKOFF_MOST_MS;
}
