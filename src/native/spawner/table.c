#include "table.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>

#define MAX_GROUPS 65536u /* what setgroups(2) takes */
#define MAX_LINGER_SECONDS 99999u
#define LISTENER_FLAGS (LISTENER_WAIT | LISTENER_PATH | LISTENER_SHARED | LISTENER_GROUP | LISTENER_INHERITED)
#define MADE_BY_US (LISTENER_PATH | LISTENER_SHARED | LISTENER_GROUP)
#define MAX_INHERITED 500u
#define VARIANT_FLAGS                                                                                              \
	(VARIANT_IDENTITY | VARIANT_NICE | VARIANT_KEEPALIVE | VARIANT_LINGER | VARIANT_RELAYED | \
	 VARIANT_SCOPED | VARIANT_TOLD | VARIANT_MUTE | VARIANT_LISTENS | VARIANT_BARE | VARIANT_ARMABLE | VARIANT_FILTER_LATE | VARIANT_MOULDED)
/* What is done to a connection on its way: not by a child that is armed. */
#define VARIANT_TOUCHES (VARIANT_KEEPALIVE | VARIANT_LINGER | VARIANT_LISTENS)

static int header_ok(const struct blob *blob, uint32_t magic, uint32_t least)
{
	const struct blob_header *header = (const void *)blob->bytes;
	return blob->size >= least && header->magic == magic && header->version == FORMAT_VERSION &&
	       header->size == blob->size && blob->bytes[blob->size - 1] == 0;
}

/* A NULL-terminated vector of the strings of a span, or NULL. */
static char **vector(const struct blob *blob, struct span span)
{
	const uint32_t *offsets = blob_rows(blob, span, sizeof *offsets);
	if (!offsets || span.count > MAX_STRINGS)
		return NULL;
	char **strings = calloc(span.count + 1, sizeof *strings);
	if (!strings)
		return NULL;
	for (uint32_t i = 0; i < span.count; i++) {
		if (offsets[i] >= blob->size) {
			free(strings);
			return NULL;
		}
		strings[i] = (char *)(uintptr_t)blob_string(blob, offsets[i]);
	}
	return strings;
}

static int command_decode(const struct blob *blob, const struct command_row *row, struct program *program)
{
	if (row->path >= blob->size || row->argv.count < 1)
		return -EINVAL;
	program->path = blob_string(blob, row->path);
	program->argv = vector(blob, row->argv);
	program->env = vector(blob, row->env);
	return program->argv && program->env ? 0 : -EINVAL;
}

static int confines_ok(const struct blob *blob, const struct confines_row *row)
{
	const struct rule_row *rules = blob_rows(blob, row->rules, sizeof *rules);
	int ok = rules && blob_rows(blob, row->filter, sizeof(struct sock_filter)) && row->filter.count <= BPF_MAXINSNS;
	for (uint32_t i = 0; ok && i < row->rules.count; i++)
		ok = rules[i].path < blob->size && rules[i].access <= RULE_EXECUTE;
	return ok;
}

int boot_decode(struct blob blob, struct boot *boot)
{
	const struct boot_record *record = (const void *)blob.bytes;
	if (!header_ok(&blob, BOOT_MAGIC, sizeof *record))
		return -EINVAL;
	boot->blob = blob;
	boot->record = record;
	boot->anchors = blob_rows(&blob, record->anchors, sizeof *boot->anchors);
	if (record->sockets > MAX_INHERITED || (record->flags & ~BOOT_PID_FILE))
		return -EINVAL;
	if (record->state >= blob.size || record->notify >= blob.size || record->pid_file >= blob.size || record->spawner >= blob.size || !boot->anchors || record->anchors.count > MAX_ANCHORS)
		return -EINVAL;
	for (uint32_t i = 0; i < record->anchors.count; i++)
		if (boot->anchors[i] >= blob.size)
			return -EINVAL;
	for (int i = 0; i < WORKERS; i++)
		if (command_decode(&blob, &record->workers[i].command, &boot->workers[i]) < 0 ||
		    !confines_ok(&blob, &record->workers[i].confines))
			return -EINVAL;
	return 0;
}

static int limits_ok(const struct program *program)
{
	const uint32_t count = program->row->rlimits.count;
	for (uint32_t i = 0; program->rlimits && i < count && count <= RLIM_NLIMITS; i++)
		if (program->rlimits[i].resource >= RLIM_NLIMITS || program->rlimits[i].soft > program->rlimits[i].hard)
			return 0;
	return program->rlimits && count <= RLIM_NLIMITS;
}

static int variant_decode(const struct blob *blob, const struct variant_row *row, struct program *program)
{
	const struct command_row command = { .path = row->path, .argv = row->argv, .env = row->env };
	if (command_decode(blob, &command, program) < 0 || row->cwd >= blob->size)
		return -EINVAL;
	program->row = row;
	program->cwd = blob_string(blob, row->cwd);
	program->groups = blob_rows(blob, row->groups, sizeof *program->groups);
	program->rlimits = blob_rows(blob, row->rlimits, sizeof *program->rlimits);
	if (!program->groups || row->groups.count > MAX_GROUPS || !limits_ok(program))
		return -EINVAL;
	if ((row->flags & ~VARIANT_FLAGS) || (row->umask & ~0777u) || row->linger > (row->flags & VARIANT_LINGER ? MAX_LINGER_SECONDS : 0))
		return -EINVAL;
	if (sandbox_decode(blob, program) < 0)
		return -EINVAL;
	if ((row->flags & VARIANT_ARMABLE) && (row->flags & VARIANT_TOUCHES))
		return -EINVAL;
	return (row->flags & VARIANT_IDENTITY) && (row->uid == NO_ID || row->gid == NO_ID) ? -EINVAL : 0;
}

static int inside(uint32_t first, uint32_t count, uint32_t total)
{
	return first <= total && count <= total - first;
}

/* A path ends within its row. */
static int path_ok(const struct listener_row *row)
{
	const struct sockaddr_un *address = (const void *)row->address;
	return row_family(row) == AF_UNIX && row->address_size > sizeof address->sun_family && address->sun_path[0] &&
	       row->address[row->address_size - 1] == 0;
}

static int listener_ok(const struct blob *blob, const struct listener_row *row, uint32_t services)
{
	return row->service < services && row->address_size >= sizeof(sa_family_t) && row->address_size <= sizeof(struct sockaddr_un) &&
	       row->backlog <= 65535 && !(row->flags & ~LISTENER_FLAGS) && !(row->mode & ~0777u) &&
	       (!(row->flags & LISTENER_PATH) || path_ok(row)) && !((row->flags & LISTENER_INHERITED) && (row->flags & MADE_BY_US)) && blob_rows(blob, row->options, sizeof(struct option_row));
}

static int service_ok(const struct table *table, const struct service_row *row)
{
	return inside(row->first_listener, row->listeners, table->n_listeners) &&
	       inside(row->first_variant, row->variants, table->n_variants) && row->max_children &&
	       !(row->flags & ~(SERVICE_MUX | SERVICE_MUXED | SERVICE_DESK | SERVICE_ENDS)) && row->name < table->blob.size &&
	       row->cgroup < table->blob.size && strlen(blob_string(&table->blob, row->cgroup)) < CGROUP_BYTES;
}

static int outlet_ok(const struct blob *blob, const struct outlet_row *row)
{
	if (row->kind == OUTLET_FILE)
		return row->path < blob->size && *blob_string(blob, row->path) == '/' && !(row->mode & ~0777u);
	return row->kind == OUTLET_SOCKET && row->address_size >= sizeof(sa_family_t) && row->address_size <= sizeof(struct sockaddr_un);
}

static int cgroups_ok(const struct blob *blob, const struct cgroup_row *rows, uint32_t count)
{
	for (uint32_t i = 0; rows && i < count; i++)
		if (rows[i].step > CGROUP_REMOVE || rows[i].path >= blob->size || rows[i].text >= blob->size)
			return 0;
	return rows != NULL;
}

static int rows_ok(const struct table *table)
{
	const struct table_record *record = (const void *)table->blob.bytes;
	for (uint32_t i = 0; i < table->n_services; i++)
		if (!service_ok(table, &table->services[i]))
			return 0;
	for (uint32_t i = 0; i < table->n_listeners; i++)
		if (!listener_ok(&table->blob, &table->listeners[i], table->n_services))
			return 0;
	for (uint32_t i = 0; i < table->n_outlets; i++)
		if (!outlet_ok(&table->blob, &table->outlets[i]))
			return 0;
	return record->cgroup_root < table->blob.size && cgroups_ok(&table->blob, table->cgroups, record->cgroups.count) &&
	       cgroups_ok(&table->blob, table->cgroups_end, record->cgroups_end.count);
}

/* Returns 0, or -errno with nothing allocated. */
int table_decode(struct blob blob, struct table *table)
{
	const struct table_record *record = (const void *)blob.bytes;
	if (!header_ok(&blob, TABLE_MAGIC, sizeof *record))
		return -EINVAL;
	const struct variant_row *variants = blob_rows(&blob, record->variants, sizeof *variants);
	*table = (struct table){
		.blob = blob,
		.listeners = blob_rows(&blob, record->listeners, sizeof *table->listeners),
		.services = blob_rows(&blob, record->services, sizeof *table->services),
		.outlets = blob_rows(&blob, record->outlets, sizeof *table->outlets),
		.cgroups = blob_rows(&blob, record->cgroups, sizeof *table->cgroups),
		.cgroups_end = blob_rows(&blob, record->cgroups_end, sizeof *table->cgroups_end),
		.n_listeners = record->listeners.count,
		.n_services = record->services.count,
		.n_variants = record->variants.count,
		.n_outlets = record->outlets.count,
		.flags = record->header.flags,
	};
	if (!variants || (table->flags & ~TABLE_NEEDS_RESOLVER) || !table->listeners || !table->services || !table->outlets || !rows_ok(table))
		return -EINVAL;
	table->programs = calloc(table->n_variants ? table->n_variants : 1, sizeof *table->programs);
	if (!table->programs)
		return -ENOMEM;
	for (uint32_t i = 0; i < table->n_variants; i++)
		if (variant_decode(&blob, &variants[i], &table->programs[i]) < 0) {
			table_free(table);
			return -EINVAL;
		}
	return 0;
}

void table_free(struct table *table)
{
	for (uint32_t i = 0; table->programs && i < table->n_variants; i++) {
		free(table->programs[i].argv);
		free(table->programs[i].env);
	}
	free(table->programs);
	table->programs = NULL;
}

int table_new(struct blob blob, struct table **table)
{
	int result = -ENOMEM;
	*table = calloc(1, sizeof **table);
	if (*table)
		result = table_decode(blob, *table);
	if (result == 0) {
		(*table)->users = 1;
		return 0;
	}
	munmap((void *)(uintptr_t)blob.bytes, blob.size);
	free(*table);
	*table = NULL;
	return result;
}

void table_release(struct table *table)
{
	if (--table->users)
		return;
	munmap((void *)(uintptr_t)table->blob.bytes, table->blob.size);
	table_free(table);
	free(table);
}
