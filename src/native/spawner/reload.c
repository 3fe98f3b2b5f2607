/*
 * A launch table, from what the compiler wrote to the one in force. All that it needs is allocated when it is prepared,
 * so that the commit cannot fail half-way: sockets that did not change move over, and nobody notices.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "spawner.h"

static const char *service_name(const struct table *table, uint32_t service)
{
	return blob_string(&table->blob, table->services[service].name);
}

/* n_services when there is none of the name. */
static uint32_t service_named(const struct table *table, const char *name)
{
	uint32_t i = 0;
	while (i < table->n_services && strcmp(service_name(table, i), name) != 0)
		i++;
	return i;
}

/* Whether both rows describe the same socket of the same service: all but where the table has them. */
static int same_socket(const struct table *a, const struct listener_row *row_a, const struct table *b, const struct listener_row *row_b)
{
	struct listener_row x = *row_a, y = *row_b;
	if (x.options.count != y.options.count ||
	    memcmp(row_options(&a->blob, row_a), row_options(&b->blob, row_b), x.options.count * sizeof(struct option_row)) != 0 ||
	    strcmp(service_name(a, x.service), service_name(b, y.service)) != 0)
		return 0;
	x.service = y.service = 0;
	x.options = y.options = (struct span){ 0 };
	return memcmp(&x, &y, sizeof x) == 0;
}

/* Each socket that is open goes to one row at most. */
static void match_listeners(const struct spawner *spawner, struct pending *pending)
{
	const struct table *old = spawner->table, *next = pending->table;
	for (uint32_t i = 0; i < old->n_listeners; i++)
		pending->rows[i] = NO_ID;
	for (uint32_t j = 0; j < next->n_listeners; j++) {
		uint32_t i = 0;
		while (i < old->n_listeners && (pending->rows[i] != NO_ID || spawner->listeners[i].fd < 0 ||
						!same_socket(old, &old->listeners[i], next, &next->listeners[j])))
			i++;
		pending->listeners[j] = (struct listener){ .fd = -1, .from = i < old->n_listeners ? i : NO_ID };
		if (i < old->n_listeners)
			pending->rows[i] = j;
	}
}

static void match_services(const struct table *old, struct pending *pending)
{
	for (uint32_t i = 0; i < old->n_services; i++)
		pending->services[i] = service_named(pending->table, service_name(old, i));
	pending->services[old->n_services] = pending->table->n_services;
}

static int allocate(const struct table *old, struct pending *pending)
{
	const uint32_t services = pending->table->n_services + 1;
	pending->services = calloc(old->n_services + 1, sizeof *pending->services);
	pending->rows = calloc(old->n_listeners + 1, sizeof *pending->rows);
	pending->listeners = calloc(pending->table->n_listeners + 1, sizeof *pending->listeners);
	pending->running = calloc(services, sizeof *pending->running);
	pending->launching = calloc(services, sizeof *pending->launching);
	return pending->services && pending->rows && pending->listeners && pending->running && pending->launching ? 0 : -ENOMEM;
}

/* The very same table stays, so that what is known of its programs' files stays, too; only a policy can be new then. */
static int adopt_table(struct blob blob, struct table *now, struct table **next)
{
	const uint32_t head = sizeof(struct blob_header);
	if (blob.size != now->blob.size || memcmp(blob.bytes + head, now->blob.bytes + head, blob.size - head) != 0)
		return table_new(blob, next) == 0 ? 0 : -EBADMSG;
	const uint32_t flags = ((const struct blob_header *)(const void *)blob.bytes)->flags;
	munmap((void *)(uintptr_t)blob.bytes, blob.size);
	if (flags & ~TABLE_NEEDS_RESOLVER)
		return -EBADMSG;
	now->users++;
	*next = now;
	return (int)flags;
}

int pending_prepare(struct spawner *spawner, struct blob blob)
{
	struct pending *pending = &spawner->pending;
	*pending = (struct pending){ .policy = -1 };
	int result = adopt_table(blob, spawner->table, &pending->table);
	if (result < 0)
		return result;
	pending->flags = pending->table == spawner->table ? (uint32_t)result : pending->table->flags;
	result = allocate(spawner->table, pending);
	if (result == 0)
		result = launcher_make_room(spawner->launcher, pending->table);
	if (result < 0) {
		pending_drop(spawner);
		return result;
	}
	match_services(spawner->table, pending);
	match_listeners(spawner, pending);
	return 0;
}

/* What was kept is taken out of it first. */
void pending_drop(struct spawner *spawner)
{
	struct pending *pending = &spawner->pending;
	table_release(pending->table);
	free(pending->services);
	free(pending->rows);
	free(pending->listeners);
	free(pending->running);
	free(pending->launching);
	if (pending->policy >= 0)
		close(pending->policy);
	*pending = (struct pending){ .policy = -1 };
}

/* What goes makes room first for what comes: the new one may want the same address. */
static void move_listeners(struct spawner *spawner, struct pending *pending)
{
	const struct table *old = spawner->table, *next = pending->table;
	for (uint32_t i = 0; i < old->n_listeners; i++)
		if (pending->rows[i] == NO_ID)
			listener_close(&spawner->listeners[i], &old->listeners[i]);
	for (uint32_t j = 0; j < next->n_listeners; j++) {
		struct listener *listener = &pending->listeners[j];
		const uint32_t from = listener->from;
		if (from != NO_ID)
			*listener = spawner->listeners[from];
		else if (spawner->phase == SERVING)
			listener_open(listener, next, &next->listeners[j], NULL);
		listener->from = from;
	}
}

void pending_commit(struct spawner *spawner)
{
	struct pending *pending = &spawner->pending;
	struct table *old_table = spawner->table;
	struct listener *old_listeners = spawner->listeners;
	const int old_policy = spawner->policy;
	move_listeners(spawner, pending);
	launcher_renumber(spawner->launcher, pending->services, pending->launching);
	children_renumber(&spawner->children, pending->services, pending->rows, pending->running, pending->table->n_services);
	spawner->table = pending->table;
	spawner->table->flags = pending->flags;
	spawner->listeners = pending->listeners;
	spawner->policy = pending->policy;
	launcher_use(spawner->launcher, spawner->table, spawner->listeners);
	spawner->fresh = 0;
	spawner->generation++;
	pending->table = old_table;
	pending->listeners = old_listeners;
	pending->policy = old_policy;
	pending->running = pending->launching = NULL;
	pending_drop(spawner);
}
