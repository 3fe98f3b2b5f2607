/* Making what the next spawner is told: handover.h. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "handover.h"
#include "spawner.h"

/* Memory that is filled from the front, in multiples of 8. */
struct parcel {
	uint8_t *bytes;
	uint32_t size;
};

static struct span put(struct parcel *parcel, const void *bytes, uint32_t count, uint32_t row_size)
{
	const struct span span = { parcel->size, count };
	if (count)
		memcpy(parcel->bytes + parcel->size, bytes, (size_t)count * row_size);
	parcel->size += (count * row_size + 7u) & ~7u;
	return span;
}

/* A sealed memfd with the bytes and a NUL behind them, or -errno. */
static int seal(const struct parcel *parcel)
{
	int fd = blob_make("zinetd-handover");
	if (fd < 0)
		return -errno;
	const ssize_t written = write(fd, parcel->bytes, parcel->size);
	int result = written == (ssize_t)parcel->size ? blob_seal(fd) : written < 0 ? -errno : -ENOSPC;
	if (result == 0)
		return fd;
	close(fd);
	return result;
}

static struct blob_header header(uint32_t magic, uint32_t version, uint32_t flags, uint32_t size)
{
	return (struct blob_header){ .magic = magic, .version = version, .flags = flags, .size = size };
}

static size_t rows_size(const struct table *table)
{
	size_t size = sizeof(struct table_record) + 8;
	for (uint32_t i = 0; i < table->n_listeners; i++)
		size += sizeof(struct listener_row) + table->listeners[i].options.count * sizeof(struct option_row);
	for (uint32_t i = 0; i < table->n_services; i++)
		size += sizeof(struct service_row) + strlen(blob_string(&table->blob, table->services[i].name)) + 8;
	return size;
}

/* What tells listeners and services of this table from those of another; it starts nothing. */
static void put_rows(struct parcel *parcel, const struct table *table)
{
	struct table_record *record = (void *)parcel->bytes;
	parcel->size = sizeof *record;
	record->listeners = put(parcel, table->listeners, table->n_listeners, sizeof *table->listeners);
	record->services = put(parcel, table->services, table->n_services, sizeof *table->services);
	struct listener_row *listeners = (void *)(parcel->bytes + record->listeners.offset);
	struct service_row *services = (void *)(parcel->bytes + record->services.offset);
	for (uint32_t i = 0; i < table->n_listeners; i++) {
		const struct listener_row *row = &table->listeners[i];
		listeners[i].options = put(parcel, row_options(&table->blob, row), row->options.count, sizeof(struct option_row));
	}
	for (uint32_t i = 0; i < table->n_services; i++) {
		const char *name = blob_string(&table->blob, table->services[i].name);
		services[i].first_variant = services[i].variants = services[i].cgroup = 0;
		services[i].name = put(parcel, name, (uint32_t)strlen(name) + 1, 1).offset;
	}
	parcel->size += 8; /* of NUL */
	record->header = header(TABLE_MAGIC, FORMAT_VERSION, 0, parcel->size);
}

static int leave_rows(const struct table *table)
{
	struct parcel parcel = { .bytes = calloc(1, rows_size(table)) };
	if (!parcel.bytes)
		return -ENOMEM;
	put_rows(&parcel, table);
	int fd = seal(&parcel);
	free(parcel.bytes);
	return fd;
}

static void put_record(struct parcel *parcel, const struct spawner *spawner, const struct leaving *leaving)
{
	const struct children *children = &spawner->children;
	struct handover_record *record = (void *)parcel->bytes;
	parcel->size = sizeof *record;
	*record = (struct handover_record){
		.started_us = spawner->started_us, .generation = spawner->generation, .dispatchers = spawner->dispatchers,
		.boot = leaving->boot, .rows = leaving->rows, .table = leaving->table, .policy = leaving->policy,
		.listener_bytes = sizeof(struct listener), .child_bytes = sizeof(struct child),
	};
	record->listeners = put(parcel, spawner->listeners, spawner->table->n_listeners, sizeof(struct listener));
	record->children = put(parcel, children->table, children->count, sizeof(struct child));
	const uint32_t flags = (leaving->is_trial ? HANDOVER_TRIAL : 0) | (spawner->compiler.wanted ? HANDOVER_RELOAD : 0);
	record->header = header(HANDOVER_MAGIC, HANDOVER_FORMAT, flags, parcel->size);
	record->checksum = handover_checksum(parcel->bytes, parcel->size);
}

int leave_state(const struct spawner *spawner, struct leaving *leaving)
{
	const size_t size = sizeof(struct handover_record) + 16 + spawner->table->n_listeners * sizeof(struct listener) +
			    spawner->children.count * sizeof(struct child);
	leaving->rows = leave_rows(spawner->table);
	if (leaving->rows < 0)
		return leaving->rows;
	struct parcel parcel = { .bytes = calloc(1, size) };
	if (!parcel.bytes)
		return -ENOMEM;
	put_record(&parcel, spawner, leaving);
	int fd = seal(&parcel);
	free(parcel.bytes);
	return fd;
}

static void keep_open(int fd, int is_kept)
{
	if (fd >= 0)
		fcntl(fd, F_SETFD, is_kept ? 0 : FD_CLOEXEC);
}

/* What the next program finds open, or nothing but standard descriptors. */
static void keep_all(const struct spawner *spawner, const struct leaving *leaving, int is_kept)
{
	const int made[] = { leaving->boot, leaving->rows, leaving->table, leaving->policy };
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		keep_open(made[i], is_kept);
	/* The next one has a policy of its own. This one may have come through exec(2) itself, and have stayed as it was. */
	keep_open(spawner->policy, 0);
	for (uint32_t i = 0; i < spawner->table->n_listeners; i++)
		keep_open(spawner->listeners[i].fd, is_kept);
	for (uint32_t i = 0; i < spawner->children.count; i++)
		if (spawner->children.table[i].state != CHILD_FREE)
			keep_open(spawner->children.table[i].words, is_kept);
	for (uint32_t i = 0; i < inherited_count(spawner->boot.record); i++)
		keep_open(BOOT_FD + 1 + (int)i, is_kept);
}

/* Those that zinetd was given without being root, which only ambient ones bring through exec(2): start.c takes them back. */
static void lend_capabilities(void)
{
	for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
		prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0);
}

int leave_to(const struct spawner *spawner, struct leaving *leaving)
{
	char name[] = "zinetd";
	char *argv[] = { name, NULL }, *env[] = { NULL };
	const int boot = fcntl(BOOT_FD, F_DUPFD_CLOEXEC, 0);
	const int state = boot < 0 ? -errno : leave_state(spawner, leaving);
	if (state < 0) {
		if (boot >= 0)
			close(boot);
		return state;
	}
	keep_all(spawner, leaving, 1);
	lend_capabilities();
	if (dup2(state, BOOT_FD) == BOOT_FD)
		execve(blob_string(&spawner->boot.blob, spawner->boot.record->spawner), argv, env);
	int error = errno;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	keep_all(spawner, leaving, 0);
	dup3(boot, BOOT_FD, O_CLOEXEC);
	close(boot);
	close(state);
	return -error;
}
