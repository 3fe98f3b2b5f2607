/* The way down: stop accepting, let handlers finish, TERM, KILL, leave. */
#include <stdlib.h>

#include "spawner.h"

#define LINGER_MS 2000 /* for a last look at children that KILL does not end, and for the dispatcher */

void next_phase(struct spawner *spawner)
{
	const struct boot_record *record = spawner->boot.record;
	uint64_t now = now_ms();
	if (spawner->phase == LEAVING)
		return;
	spawner->phase++;
	switch (spawner->phase) {
	case DRAINING:
		listeners_close(spawner->listeners, spawner->table);
		spawner->opened.type = 0;
		spawner->stopping.type = EVENT_STOPPING;
		spawner->phase_until = now + record->grace_ms;
		break;
	case TERMINATING:
		children_signal_all(&spawner->children, SIGTERM);
		spawner->phase_until = now + record->kill_after_ms;
		break;
	case KILLING:
		children_signal_all(&spawner->children, SIGKILL);
		spawner->phase_until = now + LINGER_MS;
		break;
	default:
		spawner->bye.type = EVENT_BYE;
		spawner->phase_until = now + LINGER_MS;
	}
}

/* Whether there is nothing left to wait for in this phase. */
static int phase_over(const struct spawner *spawner)
{
	if (spawner->phase == SERVING)
		return 0;
	if (spawner->phase == LEAVING)
		return !spawner->dispatcher.pid && !spawner->resolver.pid;
	return spawner->children.live == 0 && (spawner->drained || !spawner->dispatcher.pid);
}

/* Moves the stop along; ends the process when it is over. */
void advance(struct spawner *spawner)
{
	while (spawner->phase != SERVING) {
		int over = phase_over(spawner);
		if (!over && now_ms() < spawner->phase_until)
			return;
		if (spawner->phase == LEAVING) {
			end_worker(&spawner->dispatcher);
			exit(spawner->exit_code);
		}
		if (over)
			spawner->phase = KILLING;
		next_phase(spawner);
	}
}
