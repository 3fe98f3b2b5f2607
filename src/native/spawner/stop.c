/* The way down: stop accepting, let handlers finish, TERM, KILL, leave. */
#include <stdlib.h>

#include "cgroups.h"
#include "spawner.h"

#define LINGER_MS 2000 /* for a last look at children that KILL does not end, and for the dispatcher */

static void signal_all(const struct children *children, int signal)
{
	for (uint32_t i = 0; i < children->count; i++)
		child_signal(&children->table[i], signal);
}

void next_phase(struct spawner *spawner)
{
	const struct boot_record *record = spawner->boot.record;
	uint64_t now = now_ms();
	if (spawner->phase == LEAVING)
		return;
	spawner->phase++;
	switch (spawner->phase) {
	case DRAINING:
		pending_close(spawner);
		listeners_close(spawner->listeners, spawner->table);
		spawner->opened.type = 0;
		spawner->stopping.type = EVENT_STOPPING;
		spawner->phase_until = now + record->grace_ms;
		break;
	case TERMINATING:
		signal_all(&spawner->children, SIGTERM);
		spawner->phase_until = now + record->kill_after_ms;
		break;
	case KILLING:
		signal_all(&spawner->children, SIGKILL);
		spawner->phase_until = now + LINGER_MS;
		break;
	default:
		spawner->bye = (struct event){ .type = EVENT_BYE, .id = spawner->children.live };
		spawner->phase_until = now + LINGER_MS;
	}
}

/* At once but for what the dispatcher has to bring to an end: nobody waits for handlers, and nobody ends them. */
void quit(struct spawner *spawner)
{
	if (spawner->phase == SERVING)
		next_phase(spawner);
	if (spawner->phase == LEAVING)
		return;
	spawner->leaves_children = 1;
	spawner->phase_until = now_ms() + LINGER_MS;
}

/* Whether there is nothing left to wait for in this phase. */
static int phase_over(const struct spawner *spawner)
{
	if (spawner->phase == SERVING)
		return 0;
	if (spawner->phase == LEAVING)
		return !spawner->dispatcher.pid && !spawner->resolver.pid;
	return (spawner->children.live == 0 || spawner->leaves_children) && (spawner->drained || !spawner->dispatcher.pid);
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
			cgroups_end(spawner->table);
			exit(spawner->exit_code);
		}
		if (over || spawner->leaves_children)
			spawner->phase = KILLING;
		next_phase(spawner);
	}
}
