#include "children.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

/* The free places form a list through next_by_pid. */
int children_new(struct children *children, uint32_t count, uint32_t services)
{
	uint32_t buckets = 64;
	while (buckets < count)
		buckets *= 2;
	children->count = count;
	children->pid_mask = buckets - 1;
	children->running = calloc(services + 1, sizeof *children->running);
	children->table = calloc(count, sizeof *children->table);
	children->by_pid = malloc(buckets * sizeof *children->by_pid);
	if (!children->running || !children->table || !children->by_pid)
		return -ENOMEM;
	memset(children->by_pid, 0xff, buckets * sizeof *children->by_pid);
	for (uint32_t i = 0; i < count; i++)
		children->table[i].next_by_pid = i + 1 < count ? i + 1 : NO_CHILD;
	children->first_report = children->last_report = NO_CHILD;
	return 0;
}

static void renumber(struct child *child, const struct renumbering *numbers, uint32_t *running)
{
	if (child->state == CHILD_FREE || child->service == NO_ID)
		return;
	child->service = numbers->services[child->service];
	child->listener = child->listener == NO_ID ? NO_ID : numbers->listeners[child->listener];
	if (child->service != NO_ID && child->state != CHILD_ENDED)
		running[child->service]++;
}

/* Never fewer places: children are known by their index. */
int children_renumber(struct children *children, uint32_t count, const struct renumbering *numbers)
{
	uint32_t *running = calloc(numbers->n_services + 1, sizeof *running);
	struct child *table = !running || count <= children->count ? children->table : realloc(children->table, count * sizeof *table);
	if (!running || !table) {
		free(running);
		return -ENOMEM;
	}
	children->table = table;
	for (; children->count < count; children->count++) {
		table[children->count] = (struct child){ .next_by_pid = children->free };
		children->free = children->count;
	}
	for (uint32_t i = 0; i < children->count; i++)
		renumber(&table[i], numbers, running);
	free(children->running);
	children->running = running;
	return 0;
}

void children_queue_report(struct children *children, uint32_t index)
{
	struct child *child = &children->table[index];
	if (child->queued)
		return;
	child->queued = 1;
	child->next_report = NO_CHILD;
	if (children->last_report == NO_CHILD)
		children->first_report = index;
	else
		children->table[children->last_report].next_report = index;
	children->last_report = index;
}

static uint64_t slot_of(const struct children *children, const struct child *child)
{
	return (uint64_t)child->serial << 32 | (uint64_t)(child - children->table);
}

static void describe(const struct children *children, const struct child *child, struct event *event)
{
	*event = (struct event){ .id = child->id, .slot = slot_of(children, child), .service = child->service, .pid = child->pid };
	event->peer = child->peer;
	event->listener = child->listener;
}

int children_report(const struct children *children, struct event *event)
{
	if (children->first_report == NO_CHILD)
		return 0;
	const struct child *child = &children->table[children->first_report];
	describe(children, child, event);
	if (child->state == CHILD_ENDED && child->step) {
		event->type = EVENT_FAILED;
		event->step = child->step;
		event->error = child->error;
	} else if (!child->announced) {
		event->type = EVENT_LAUNCHED;
		event->status = child->replaced;
	} else {
		event->type = EVENT_EXITED;
		event->status = child->status;
		event->max_rss_kb = child->max_rss_kb;
		event->user_us = child->user_us;
		event->system_us = child->system_us;
		event->duration_us = child->duration_us;
	}
	return 1;
}

static void free_child(struct children *children, uint32_t index)
{
	struct child *child = &children->table[index];
	child->state = CHILD_FREE;
	child->serial++;
	child->next_by_pid = children->free;
	children->free = index;
}

void children_report_sent(struct children *children)
{
	uint32_t index = children->first_report;
	struct child *child = &children->table[index];
	int last = child->state == CHILD_RUNNING || child->step || child->announced;
	child->announced = 1;
	if (!last)
		return; /* it has ended meanwhile: EXITED is still to come */
	children->first_report = child->next_report;
	if (children->first_report == NO_CHILD)
		children->last_report = NO_CHILD;
	child->queued = 0;
	if (child->state == CHILD_ENDED)
		free_child(children, index);
}

int children_hand_over(const struct children *children, uint32_t index, struct event *event)
{
	if (index >= children->count)
		return 0;
	const struct child *child = &children->table[index];
	if (child->state != CHILD_RUNNING || !child->announced || child->service == NO_ID)
		return -1;
	describe(children, child, event);
	event->type = EVENT_CHILD;
	event->duration_us = now_us() - child->started_us;
	return 1;
}

void children_remember_pid(struct children *children, uint32_t index)
{
	uint32_t *bucket = &children->by_pid[(uint32_t)children->table[index].pid & children->pid_mask];
	children->table[index].next_by_pid = *bucket;
	*bucket = index;
}

uint32_t children_forget_pid(struct children *children, pid_t pid)
{
	uint32_t *link = &children->by_pid[(uint32_t)pid & children->pid_mask];
	while (*link != NO_CHILD && children->table[*link].pid != pid)
		link = &children->table[*link].next_by_pid;
	uint32_t index = *link;
	if (index != NO_CHILD)
		*link = children->table[index].next_by_pid;
	return index;
}

uint32_t children_take(struct children *children, const struct request *request)
{
	uint32_t index = children->free, serial;
	struct child *child = &children->table[index];
	children->free = child->next_by_pid;
	serial = child->serial;
	*child = (struct child){ .id = request->id, .peer = request->peer, .service = request->service };
	child->listener = request->type == REQUEST_LAUNCH_WAIT ? request->listener : NO_ID;
	child->serial = serial;
	child->started_us = now_us();
	child->state = CHILD_LAUNCHING;
	children->running[child->service]++;
	children->live++;
	return index;
}

void children_end(struct children *children, uint32_t index)
{
	struct child *child = &children->table[index];
	child->state = CHILD_ENDED;
	child->duration_us = now_us() - child->started_us;
	if (child->service != NO_ID)
		children->running[child->service]--;
	children->live--;
	children_queue_report(children, index);
}

void children_fail(struct children *children, uint32_t index, uint32_t step, int error)
{
	children->table[index].step = step;
	children->table[index].error = error;
	children_end(children, index);
}

/* A pid cannot be reused before we reap it, and only we do. The child leads its own session and group. */
static int send_signal(const struct child *child, int signal)
{
	return kill(-child->pid, signal) < 0 && kill(child->pid, signal) < 0 ? -errno : 0;
}

int children_signal(const struct children *children, uint64_t slot, int signal)
{
	uint32_t index = (uint32_t)slot;
	if (index >= children->count)
		return -ESRCH;
	const struct child *child = &children->table[index];
	if (child->state != CHILD_RUNNING || child->serial != (uint32_t)(slot >> 32))
		return -ESRCH;
	return send_signal(child, signal);
}

void children_signal_all(const struct children *children, int signal)
{
	for (uint32_t i = 0; i < children->count; i++)
		if (children->table[i].state == CHILD_RUNNING || children->table[i].state == CHILD_LAUNCHING)
			send_signal(&children->table[i], signal);
}
