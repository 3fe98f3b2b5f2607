/*
 * A launch table, from what the compiler wrote to the one in force. All that it needs is allocated, and every socket
 * that is new is open, before the dispatcher hears of it: the commit cannot fail half-way, and until then there is a
 * way back. Sockets that did not change move over, and nobody notices.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cgroups.h"
#include "spawner.h"

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

/* What was kept is taken out of it first. */
static void pending_free(struct pending *pending)
{
	table_release(pending->table);
	free(pending->services);
	free(pending->rows);
	free(pending->listeners);
	free(pending->running);
	free(pending->launching);
	let_go(&pending->policy);
	*pending = (struct pending){ .policy = -1 };
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
	result = inherited_ok(pending->table, spawner->boot.record) ? allocate(spawner->table, pending) : -EBADMSG;
	if (result == 0)
		result = launcher_make_room(spawner->launcher, pending->table);
	if (result == 0)
		result = match(spawner, pending);
	if (result < 0)
		pending_free(pending);
	return result;
}

static uint16_t port_of(const struct listener_row *row)
{
	const int has_port = row_family(row) == AF_INET || row_family(row) == AF_INET6;
	return has_port ? ntohs(((const struct sockaddr_in *)(const void *)row->address)->sin_port) : 0;
}

/*
 * Whether one that goes may be what keeps a new one from its address: a wildcard has those of all. What zinetd was
 * started with stays bound, and listens, for as long as whoever made it has it.
 */
static int is_in_the_way(const struct listener *old, const struct listener_row *from, const struct listener_row *to)
{
	if (old->fd < 0 || (from->flags & LISTENER_INHERITED))
		return 0;
	if (from->flags & to->flags & LISTENER_PATH)
		return from->address_size == to->address_size && memcmp(from->address, to->address, to->address_size) == 0;
	return from->type == to->type && old->port && old->port == port_of(to);
}

/* Has those that go leave the address to a new one, if they have it; how many. */
static int make_way(struct spawner *spawner, const struct listener_row *to)
{
	const struct table *old = spawner->table;
	int yielded = 0;
	for (uint32_t i = 0; i < old->n_listeners; i++)
		if (spawner->pending.rows[i] == NO_ID && is_in_the_way(&spawner->listeners[i], &old->listeners[i], to))
			yielded += listener_yield(&spawner->listeners[i], &old->listeners[i]) == 0;
	return yielded;
}

static void end_sharing(struct listener *listeners, const struct table *table, uint16_t type)
{
	for (uint32_t i = 0; i < table->n_listeners; i++)
		if (listeners[i].shares && table->listeners[i].type == type)
			listener_return(&listeners[i], &table->listeners[i]);
}

/* A path is left first: whoever finds it taken asks whether anybody listens there, and would become a client of ours. */
static void open_new(struct spawner *spawner, struct listener *listener, const struct listener_row *row)
{
	const struct table *next = spawner->pending.table;
	if (row->flags & LISTENER_PATH)
		make_way(spawner, row);
	listener_open(listener, next, row, NULL);
	if (listener->error != EADDRINUSE || (row->flags & LISTENER_PATH) || !make_way(spawner, row))
		return;
	listener->shares = 1;
	listener_open(listener, next, row, NULL);
	if (row->type == SOCK_DGRAM) {
		/* For the moment of bind(2) alone: anybody might have had a share. */
		listener->shares = 0;
		end_sharing(spawner->listeners, spawner->table, SOCK_DGRAM);
	}
}

/* Takes back what was opened, and gives back what was made to yield. */
void pending_close(struct spawner *spawner)
{
	struct pending *pending = &spawner->pending;
	for (uint32_t j = 0; pending->listeners && j < pending->table->n_listeners; j++)
		listener_close(&pending->listeners[j], &pending->table->listeners[j]);
	for (uint32_t i = 0; i < spawner->table->n_listeners; i++)
		listener_return(&spawner->listeners[i], &spawner->table->listeners[i]);
}

int pending_open(struct spawner *spawner, uint32_t *row)
{
	struct pending *pending = &spawner->pending;
	const struct table *next = pending->table;
	int result = cgroups_make(next);
	if (result < 0) {
		pending_drop(spawner);
		return result;
	}
	for (uint32_t j = 0; j < next->n_listeners && spawner->phase == SERVING; j++) {
		struct listener *listener = &pending->listeners[j];
		if (listener->from != NO_ID)
			continue;
		open_new(spawner, listener, &next->listeners[j]);
		if (listener->error) {
			*row = j;
			int error = listener->error;
			pending_drop(spawner);
			return -error;
		}
	}
	return 0;
}

/* Its cgroups may be made already: they become what they were. */
void pending_drop(struct spawner *spawner)
{
	pending_close(spawner);
	if (!spawner->pending.is_dry)
		cgroups_make(spawner->table);
	pending_free(&spawner->pending);
}

/* It may have died of it: the next one does not get it again, but is told. Of a dry run there is nobody left to tell. */
void pending_cancel(struct spawner *spawner)
{
	if (!spawner->pending.table)
		return;
	const int is_dry = spawner->pending.is_dry;
	pending_drop(spawner);
	spawner->reload = (struct event){ .type = is_dry ? 0 : EVENT_RELOAD, .service = NO_ID, .error = ECANCELED };
}

/* Those that stay, with whatever can be changed while they listen. */
static void take_over(struct spawner *spawner, struct pending *pending)
{
	const struct table *old = spawner->table, *next = pending->table;
	for (uint32_t j = 0; j < next->n_listeners; j++) {
		struct listener *listener = &pending->listeners[j];
		const uint32_t from = listener->from;
		if (from == NO_ID)
			continue;
		const uint8_t moved = listener->moved;
		*listener = spawner->listeners[from];
		listener->from = from;
		listener->moved = moved;
		spawner->listeners[from].fd = -1;
		if (old->listeners[from].backlog != next->listeners[j].backlog)
			listener_listen(listener, &next->listeners[j]);
	}
}

/* A new one takes its place before the old one leaves it: there is no moment without. */
static void replace(struct spawner *spawner, struct pending *pending)
{
	const struct table *next = pending->table;
	for (uint32_t j = 0; j < next->n_listeners; j++)
		if (pending->listeners[j].shares)
			listener_listen(&pending->listeners[j], &next->listeners[j]);
	for (uint32_t i = 0; i < spawner->table->n_listeners; i++)
		if (pending->rows[i] == NO_ID)
			listener_close(&spawner->listeners[i], &spawner->table->listeners[i]);
	end_sharing(pending->listeners, next, SOCK_STREAM);
}

/* At the start all of them; at a reload those that could not be opened so far: the address may be free by now. */
static void open_rest(const struct spawner *spawner, struct pending *pending)
{
	const struct table *next = pending->table;
	for (uint32_t j = 0; j < next->n_listeners && spawner->phase == SERVING; j++) {
		struct listener *listener = &pending->listeners[j];
		if (listener->fd >= 0)
			continue;
		listener_open(listener, next, &next->listeners[j], NULL);
		listener->from = NO_ID;
	}
}

void pending_commit(struct spawner *spawner)
{
	struct pending *pending = &spawner->pending;
	struct table *old_table = spawner->table;
	struct listener *old_listeners = spawner->listeners;
	const int old_policy = spawner->policy;
	take_over(spawner, pending);
	replace(spawner, pending);
	open_rest(spawner, pending);
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
	pending_free(pending);
}
