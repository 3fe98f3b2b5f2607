#include "children.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cgroups.h"
#include "words.h"

uint64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

/* Whether the children table knows it by its pid: it was started, and has not been reaped. */
static int has_pid(const struct child *child)
{
	return child->state == CHILD_LAUNCHING || child->state == CHILD_RUNNING;
}

int child_is_live(const struct child *child)
{
	return has_pid(child) || child->state == CHILD_ENDING;
}

/* The free places form a list through next_by_pid. */
int children_grow(struct children *children, uint32_t count)
{
	uint32_t buckets = 64, old = children->count;
	if (count <= old)
		return 0;
	while (buckets < count)
		buckets *= 2;
	uint32_t *by_pid = malloc(buckets * sizeof *by_pid);
	struct child *table = by_pid ? realloc(children->table, count * sizeof *table) : NULL;
	if (!table) {
		free(by_pid);
		return -ENOMEM;
	}
	free(children->by_pid);
	memset(by_pid, 0xff, buckets * sizeof *by_pid);
	memset(table + old, 0, (count - old) * sizeof *table);
	children->table = table;
	children->by_pid = by_pid;
	children->pid_mask = buckets - 1;
	children->count = count;
	if (old == 0)
		children->free = children->first_report = children->last_report = NO_CHILD;
	for (uint32_t i = 0; i < old; i++)
		if (has_pid(&table[i]))
			children_remember_pid(children, i);
	for (uint32_t i = count; i-- > old;) {
		table[i].next_by_pid = children->free;
		children->free = i;
	}
	return 0;
}

void children_renumber(struct children *children, const uint32_t *map, const uint32_t *rows, uint32_t *running, uint32_t services)
{
	for (uint32_t i = 0; i < children->count; i++) {
		struct child *child = &children->table[i];
		if (child->state == CHILD_FREE)
			continue;
		child->service = map[child->service];
		child->listener = child->listener == NO_ID ? NO_ID : rows[child->listener];
		running[child->service] += child_is_live(child);
	}
	free(children->running);
	children->running = running;
	children->services = services;
}

int children_adopt(struct children *children, const struct child *rows, uint32_t count, uint32_t *running)
{
	if (children_grow(children, count) < 0)
		return -ENOMEM;
	children->running = running;
	children->free = children->first_report = children->last_report = NO_CHILD;
	for (uint32_t i = count; i-- > 0;) {
		struct child *child = &children->table[i];
		*child = rows[i];
		child->queued = child->given = child->speaks = 0;
		if (child->state == CHILD_FREE) {
			child->next_by_pid = children->free;
			children->free = i;
		}
	}
	for (uint32_t i = 0; i < count; i++) {
		struct child *child = &children->table[i];
		if (child->state == CHILD_RUNNING)
			children_remember_pid(children, i);
		children->ending += child->state == CHILD_ENDING;
		if (child_is_live(child)) { /* of others the service is any number */
			running[child->service]++;
			children->live++;
		}
		if (child->state != CHILD_FREE && (child->state == CHILD_ENDED || !child->announced))
			children_queue_report(children, i);
	}
	return 0;
}

void children_free(struct children *children, uint32_t index)
{
	struct child *child = &children->table[index];
	words_close(children, child);
	child->state = CHILD_FREE;
	child->serial++;
	child->next_by_pid = children->free;
	children->free = index;
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
	child->words = -1;
	child->started_us = now_us();
	child->state = CHILD_LAUNCHING;
	children->running[child->service]++;
	children->live++;
	return index;
}

static void finish(struct children *children, uint32_t index)
{
	struct child *child = &children->table[index];
	child->state = CHILD_ENDED;
	child->duration_us = now_us() - child->started_us;
	children->running[child->service]--;
	children->live--;
	children_queue_report(children, index);
}

void children_end(struct children *children, uint32_t index)
{
	struct child *child = &children->table[index];
	if (cgroup_gone(child)) {
		finish(children, index);
	} else {
		cgroup_kill(child);
		child->state = CHILD_ENDING;
		child->duration_us = now_us() - child->started_us;
		children->ending++;
	}
}

void children_settle(struct children *children)
{
	for (uint32_t i = 0; children->ending && i < children->count; i++) {
		const struct child *child = &children->table[i];
		const uint64_t since_us = now_us() - child->started_us - child->duration_us;
		if (child->state == CHILD_ENDING && (cgroup_gone(child) || since_us > MOST_ENDING_US)) {
			children->ending--;
			finish(children, i);
		}
	}
}

void children_fail(struct children *children, uint32_t index, uint32_t step, int error)
{
	children->table[index].step = step;
	children->table[index].error = error;
	children_end(children, index);
}

/* A pid cannot be reused before we reap it, and only we do. The child leads its own session and group. */
int child_signal(const struct child *child, int signal)
{
	if (!has_pid(child))
		return -ESRCH;
	if (signal == SIGKILL)
		cgroup_kill(child);
	return kill(-child->pid, signal) < 0 && kill(child->pid, signal) < 0 ? -errno : 0;
}

int children_signal(const struct children *children, uint64_t slot, int signal)
{
	const struct child *child = (uint32_t)slot < children->count ? &children->table[(uint32_t)slot] : NULL;
	return child && child->serial == (uint32_t)(slot >> 32) ? child_signal(child, signal) : -ESRCH;
}
