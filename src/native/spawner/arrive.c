/* The other side of an upgrade: this program in the place of the one before it. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "cgroups.h"
#include "handover.h"
#include "spawner.h"

/* Ends a trial, whatever comes of it. */
void arrive_begin(struct spawner *spawner, struct blob blob, struct handover *handover)
{
	int result = handover_decode(blob, handover);
	if (result == 0 && !inherited_ok(handover->table, handover->boot.record))
		result = -EINVAL;
	if (result < 0)
		die(EXIT_BUG, "take over from the spawner before: what it leaves is not understood", -result);
	if (handover->record->header.flags & HANDOVER_TRIAL)
		exit(EXIT_FITS);
	spawner->boot = handover->boot;
	if (dup3(handover->record->boot, BOOT_FD, O_CLOEXEC) < 0)
		die(EXIT_SYSTEM, "keep the boot record", errno);
}

static void adopt(struct spawner *spawner, const struct handover *handover)
{
	const struct handover_record *record = handover->record;
	const size_t bytes = handover->rows->n_listeners * sizeof(struct listener);
	uint32_t *running = calloc(handover->rows->n_services + 1, sizeof *running);
	spawner->listeners = malloc(bytes + 1);
	if (!running || !spawner->listeners ||
	    children_adopt(&spawner->children, handover->children, record->children.count, running) < 0)
		die(EXIT_SYSTEM, "allocate the child table", ENOMEM);
	memcpy(spawner->listeners, handover->listeners, bytes);
	spawner->children.services = handover->rows->n_services;
	spawner->table = handover->rows;
	launcher_use(spawner->launcher, spawner->table, spawner->listeners);
	spawner->started_us = record->started_us;
	spawner->generation = record->generation;
	spawner->dispatchers = record->dispatchers;
	spawner->compiler.wanted = (record->header.flags & HANDOVER_RELOAD) != 0;
	spawner->compiler.until = now_ms(); /* the first one here may start at once */
}

/* As a reload goes over from one table to the next, with the old one's rows in front of us. */
void arrive_finish(struct spawner *spawner, const struct handover *handover)
{
	adopt(spawner, handover);
	int result = pending_prepare(spawner, handover->table->blob);
	if (result < 0)
		die(EXIT_SYSTEM, "go over to the launch table of an upgrade", -result);
	cgroups_make(spawner->pending.table); /* they are there: it is for launches to say what is not */
	spawner->pending.policy = handover->record->policy;
	pending_commit(spawner);
	spawner->was_ready = 1; /* whoever is served now is not to suffer from a dispatcher that does not come up */
	spawner->has_arrived = 1;
	spawner->reap_again = 1; /* a SIGCHLD from before is lost: take_signals sets what it does anew */
	close(handover->record->rows);
	close(handover->record->table);
	close(handover->record->boot);
}
