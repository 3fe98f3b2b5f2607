/* From one launch table to the next: sockets and children that are in both go over. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "spawner.h"

/* By name, which is what a service is for whoever wrote the configuration. */
static uint32_t find_service(const struct table *table, const char *name)
{
	for (uint32_t i = 0; i < table->n_services; i++)
		if (strcmp(blob_string(&table->blob, table->services[i].name), name) == 0)
			return i;
	return NO_ID;
}

static int same_options(const struct table *a, const struct listener_row *of_a, const struct table *b, const struct listener_row *of_b)
{
	return of_a->options.count == of_b->options.count &&
	       memcmp(row_options(&a->blob, of_a), row_options(&b->blob, of_b), of_a->options.count * sizeof(struct option_row)) == 0;
}

/* Everything but whose it is and where its options stand. */
static int same_socket(const struct table *a, const struct listener_row *of_a, const struct table *b, const struct listener_row *of_b)
{
	struct listener_row left = *of_a, right = *of_b;
	left.service = right.service = 0;
	left.options = right.options = (struct span){ 0 };
	return memcmp(&left, &right, sizeof left) == 0 && same_options(a, of_a, b, of_b);
}

/* A row of the next table that the socket of an old one can be, and that has none yet; of this service, or NO_ID for any. */
static uint32_t find_listener(const struct spawner *spawner, uint32_t row, const struct listener *taken, uint32_t service)
{
	const struct table *next = &spawner->next.table, *old = &spawner->table;
	for (uint32_t i = 0; i < next->n_listeners; i++)
		if (taken[i].fd < 0 && (service == NO_ID || next->listeners[i].service == service) &&
		    same_socket(next, &next->listeners[i], old, &old->listeners[row]))
			return i;
	return NO_ID;
}

/* Sockets that are in both tables move: to their own service, if that has such a one, and else to the one that has. */
static void move_listeners(const struct spawner *spawner, struct listener *listeners, uint32_t *rows, const uint32_t *services)
{
	const struct table *old = &spawner->table;
	memset(rows, 0xff, old->n_listeners * sizeof *rows);
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < old->n_listeners; i++) {
			uint32_t service = pass == 0 ? services[old->listeners[i].service] : NO_ID;
			if (rows[i] != NO_ID || spawner->listeners[i].fd < 0 || (pass == 0 && service == NO_ID))
				continue;
			rows[i] = find_listener(spawner, i, listeners, service);
			if (rows[i] != NO_ID)
				listeners[rows[i]] = spawner->listeners[i];
		}
}

/* Ahead of those that are new, which may have their addresses. */
static void close_others(struct spawner *spawner, const uint32_t *rows)
{
	for (uint32_t i = 0; i < spawner->table.n_listeners; i++)
		if (rows[i] == NO_ID)
			listener_close(&spawner->listeners[i], &spawner->table.listeners[i]);
}

static void open_listeners(const struct table *table, struct listener *listeners)
{
	for (uint32_t i = 0; i < table->n_listeners; i++)
		if (listeners[i].fd < 0)
			listener_open(&listeners[i], table, &table->listeners[i], NULL);
}

/* Without memory everything stays as it is. */
static int renumber(struct spawner *spawner, struct listener *listeners, uint32_t *services, uint32_t *rows)
{
	const struct table *next = &spawner->next.table, *old = &spawner->table;
	const struct renumbering numbers = { .services = services, .listeners = rows, .n_services = next->n_services };
	if (!listeners || !services || !rows)
		return -ENOMEM;
	for (uint32_t i = 0; i < next->n_listeners; i++)
		listeners[i].fd = -1;
	for (uint32_t i = 0; i < old->n_services; i++)
		services[i] = find_service(next, blob_string(&old->blob, old->services[i].name));
	move_listeners(spawner, listeners, rows, services);
	return launcher_renumber(spawner->launcher, next, listeners, &numbers);
}

static void put_in_force(struct spawner *spawner, struct listener *listeners)
{
	spawner->retired = spawner->table;
	spawner->table = spawner->next.table;
	close(spawner->policy);
	spawner->policy = spawner->next.policy;
	spawner->next.policy = -1;
	free(spawner->listeners);
	spawner->listeners = listeners;
	spawner->generation++;
	free_retired(spawner);
}

void commit(struct spawner *spawner)
{
	const struct table *next = &spawner->next.table, *old = &spawner->table;
	struct listener *listeners = calloc(next->n_listeners + 1, sizeof *listeners);
	uint32_t *services = calloc(old->n_services + 1, sizeof *services), *rows = calloc(old->n_listeners + 1, sizeof *rows);
	if (renumber(spawner, listeners, services, rows) < 0) {
		free(listeners);
		drop_next(spawner);
	} else {
		close_others(spawner, rows);
		open_listeners(next, listeners);
		put_in_force(spawner, listeners);
	}
	free(services);
	free(rows);
}

static void release(struct table *table)
{
	table_free(table);
	munmap((void *)(uintptr_t)table->blob.bytes, table->blob.size);
}

void drop_next(struct spawner *spawner)
{
	release(&spawner->next.table);
	close(spawner->next.policy);
	spawner->next.policy = -1;
}

/* Launches under way have their program from it. */
void free_retired(struct spawner *spawner)
{
	if (spawner->retired.programs && launcher_old(spawner->launcher) == 0)
		release(&spawner->retired);
}
