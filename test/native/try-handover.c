/* Takes over in full what the decoder of a hand-over accepts. */
#include <stdlib.h>

#include "handover.h"
#include "try-blob.h"

int try_handover(struct blob blob)
{
	struct handover handover;
	int result = handover_decode(blob, &handover);
	/* A trial ends here (arrive.c): launches under way are not looked at. */
	if (result == 0 && !(handover.record->header.flags & HANDOVER_TRIAL)) {
		struct children children = { 0 };
		uint32_t *running = calloc(handover.rows->n_services + 1, sizeof *running);
		children.services = handover.rows->n_services;
		if (children_adopt(&children, handover.children, handover.record->children.count, running) < 0)
			exit(2);
		struct event event;
		int fd;
		while (children_report(&children, &event, &fd))
			children_report_sent(&children);
		for (uint32_t i = 0; children_hand_over(&children, i, &event, &fd) != 0; i++)
			;
		free(children.table);
		free(children.by_pid);
		free(running);
	}
	if (handover.rows)
		table_release(handover.rows);
	if (handover.table)
		table_release(handover.table);
	for (int i = 0; i < WORKERS; i++) {
		free(handover.boot.workers[i].argv);
		free(handover.boot.workers[i].env);
	}
	return result == 0;
}
