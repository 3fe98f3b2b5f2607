/* What is told of children: a queue through the children themselves. */
#include "children.h"
#include "words.h"

void children_queue_report(struct children *children, uint32_t index)
{
	struct child *child = &children->table[index];
	if (child->queued)
		return;
	child->queued = 1;
	child->next_report = NO_CHILD;
	*(children->last_report == NO_CHILD ? &children->first_report : &children->table[children->last_report].next_report) = index;
	children->last_report = index;
}

static uint64_t slot_of(const struct children *children, const struct child *child)
{
	return (uint64_t)child->serial << 32 | (uint64_t)(child - children->table);
}

static void describe(const struct children *children, const struct child *child, struct event *event)
{
	*event = (struct event){ .id = child->id, .slot = slot_of(children, child), .pid = child->pid };
	event->service = child->service < children->services ? child->service : NO_ID;
	event->peer = child->peer;
	event->listener = child->listener;
}

static void leave_reports(struct children *children)
{
	struct child *child = &children->table[children->first_report];
	children->first_report = child->next_report;
	if (children->first_report == NO_CHILD)
		children->last_report = NO_CHILD;
	child->queued = 0;
}

/* It was to say what it has said, and a new dispatcher has got that with it meanwhile. */
static int has_nothing_left(const struct child *child)
{
	return child->announced && child->state != CHILD_ENDED && !child->speaks;
}

int children_report(struct children *children, struct event *event, int *fd)
{
	*fd = -1;
	while (children->first_report != NO_CHILD && has_nothing_left(&children->table[children->first_report]))
		leave_reports(children);
	if (children->first_report == NO_CHILD)
		return 0;
	const struct child *child = &children->table[children->first_report];
	describe(children, child, event);
	if (child->state == CHILD_ENDED && child->step) {
		event->type = EVENT_FAILED;
		event->step = child->step;
		event->error = child->error;
	} else if (child->state == CHILD_ENDED) {
		event->type = child->announced ? EVENT_EXITED : EVENT_RAN;
		event->error = child->announced ? 0 : child->replaced;
		event->status = child->status;
		event->max_rss_kb = child->max_rss_kb;
		event->user_us = child->user_us;
		event->system_us = child->system_us;
		event->duration_us = child->duration_us;
		*fd = words_left(child) ? child->words : -1;
	} else if (!child->announced) {
		event->type = EVENT_LAUNCHED;
		event->status = child->replaced;
	} else {
		event->type = EVENT_WORDS;
		*fd = child->words;
	}
	return 1;
}

void children_report_sent(struct children *children)
{
	uint32_t index = children->first_report;
	struct child *child = &children->table[index];
	const int has_ended = child->state == CHILD_ENDED;
	if (child->announced && !has_ended)
		child->given = 1;
	child->speaks &= !child->given;
	child->announced = 1;
	if (!has_ended && child->speaks)
		return; /* there is more to say of it */
	leave_reports(children);
	if (has_ended)
		children_free(children, index);
	else
		words_watch(children, index);
}

int children_hand_over(const struct children *children, uint32_t index, struct event *event, int *fd)
{
	if (index >= children->count)
		return 0;
	const struct child *child = &children->table[index];
	if (child->state == CHILD_LAUNCHING || !child_is_live(child) || !child->announced)
		return -1;
	describe(children, child, event);
	event->type = EVENT_CHILD;
	event->duration_us = now_us() - child->started_us;
	*fd = child->words;
	return 1;
}
