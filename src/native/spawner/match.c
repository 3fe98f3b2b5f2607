/* Which services and listeners of the table in force are which of the next one: by hashes, so that thousands are nothing. */
#include <stdlib.h>
#include <string.h>

#include "spawner.h"

/* Items by hash, each chain in ascending order. */
struct index {
	uint32_t mask, *heads, *next;
};

static int index_make(struct index *index, uint32_t count)
{
	uint32_t buckets = 16;
	while (buckets < count)
		buckets *= 2;
	index->mask = buckets - 1;
	index->heads = malloc(buckets * sizeof *index->heads);
	index->next = calloc(count + 1, sizeof *index->next);
	if (!index->heads || !index->next)
		return -ENOMEM;
	memset(index->heads, 0xff, buckets * sizeof *index->heads);
	return 0;
}

static void index_free(struct index *index)
{
	free(index->heads);
	free(index->next);
}

/* From the last item to the first. */
static void index_add(struct index *index, uint32_t item, uint32_t hash)
{
	index->next[item] = index->heads[hash & index->mask];
	index->heads[hash & index->mask] = item;
}

/* FNV-1a. */
static uint32_t hash_of(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	uint32_t hash = 2166136261u;
	while (size--)
		hash = (hash ^ *at++) * 16777619u;
	return hash;
}

static const char *service_name(const struct table *table, uint32_t service)
{
	return blob_string(&table->blob, table->services[service].name);
}

static void match_services(const struct table *old, const struct index *index, struct pending *pending)
{
	const struct table *next = pending->table;
	for (uint32_t i = 0; i < old->n_services; i++) {
		const char *name = service_name(old, i);
		uint32_t j = index->heads[hash_of(name, strlen(name)) & index->mask];
		while (j != NO_ID && strcmp(service_name(next, j), name) != 0)
			j = index->next[j];
		pending->services[i] = j == NO_ID ? next->n_services : j;
	}
	pending->services[old->n_services] = next->n_services;
}

/* All that makes the socket what it is, but for its options: not whose it is, nor what can be changed while it listens. */
static struct listener_row socket_of(const struct listener_row *row)
{
	struct listener_row socket = *row;
	socket.service = socket.backlog = 0;
	socket.options = (struct span){ 0 };
	return socket;
}

static int same_socket(const struct table *a, const struct listener_row *row_a, const struct table *b, const struct listener_row *row_b)
{
	const struct listener_row x = socket_of(row_a), y = socket_of(row_b);
	return memcmp(&x, &y, sizeof x) == 0 && row_a->options.count == row_b->options.count &&
	       memcmp(row_options(&a->blob, row_a), row_options(&b->blob, row_b), row_a->options.count * sizeof(struct option_row)) == 0;
}

/*
 * A socket may go to a service of another name, which then is another one to the dispatcher, unless handlers get it:
 * one may have it. One that could not be opened is still the same.
 */
static int fits(const struct spawner *spawner, const struct pending *pending, uint32_t i, uint32_t j, int moves)
{
	const struct table *old = spawner->table, *next = pending->table;
	const struct listener_row *from = &old->listeners[i], *to = &next->listeners[j];
	if (pending->rows[i] != NO_ID || !same_socket(old, from, next, to))
		return 0;
	return moves ? spawner->listeners[i].fd >= 0 && !(from->flags & LISTENER_WAIT) : pending->services[from->service] == to->service;
}

/* Each socket goes to one row at most, and to its own service rather than to another. */
static void match_listeners(const struct spawner *spawner, const struct index *index, struct pending *pending, uint8_t moves)
{
	for (uint32_t j = 0; j < pending->table->n_listeners; j++) {
		struct listener *listener = &pending->listeners[j];
		if (listener->from != NO_ID)
			continue;
		const struct listener_row socket = socket_of(&pending->table->listeners[j]);
		uint32_t i = index->heads[hash_of(&socket, sizeof socket) & index->mask];
		while (i != NO_ID && !fits(spawner, pending, i, j, moves))
			i = index->next[i];
		if (i == NO_ID)
			continue;
		*listener = (struct listener){ .fd = -1, .from = i, .moved = moves };
		pending->rows[i] = j;
	}
}

static void fill(const struct spawner *spawner, struct index *services, struct index *listeners, struct pending *pending)
{
	const struct table *old = spawner->table, *next = pending->table;
	for (uint32_t j = next->n_services; j-- > 0;)
		index_add(services, j, hash_of(service_name(next, j), strlen(service_name(next, j))));
	for (uint32_t i = old->n_listeners; i-- > 0;) {
		const struct listener_row socket = socket_of(&old->listeners[i]);
		index_add(listeners, i, hash_of(&socket, sizeof socket));
		pending->rows[i] = NO_ID;
	}
	for (uint32_t j = 0; j < next->n_listeners; j++)
		pending->listeners[j] = (struct listener){ .fd = -1, .from = NO_ID };
}

int match(const struct spawner *spawner, struct pending *pending)
{
	struct index services = { 0 }, listeners = { 0 };
	int result = index_make(&services, pending->table->n_services);
	if (result == 0)
		result = index_make(&listeners, spawner->table->n_listeners);
	if (result == 0) {
		fill(spawner, &services, &listeners, pending);
		match_services(spawner->table, &services, pending);
		match_listeners(spawner, &listeners, pending, 0);
		match_listeners(spawner, &listeners, pending, 1);
	}
	index_free(&services);
	index_free(&listeners);
	return result;
}
