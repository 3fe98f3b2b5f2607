/*
 * Decoding of hostile launch tables and boot records (S97, S100): each 32-bit word of a valid blob is replaced
 * by each value that could upset a bounds check; whatever is accepted is then walked in full, under ASan.
 * Usage: table-test table|boot FILE
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "table.h"

static unsigned long walked;

static void walk_strings(char **strings)
{
	for (; *strings; strings++)
		walked += strlen(*strings);
}

static void walk_program(const struct program *program)
{
	walked += strlen(program->path) + (program->cwd ? strlen(program->cwd) : 0);
	walk_strings(program->argv);
	walk_strings(program->env);
	for (uint32_t i = 0; program->row && i < program->row->groups.count; i++)
		walked += program->groups[i];
	for (uint32_t i = 0; program->row && i < program->row->rlimits.count; i++)
		walked += program->rlimits[i].soft != 0;
	for (uint32_t i = 0; program->row && i < program->row->calls.count; i++) {
		const struct call_row *row = &program->calls[i];
		for (uint32_t argument = 0; argument < CALL_ARGUMENTS; argument++)
			if (call_addresses[row->call] >> argument & 1)
				walked += strlen((const char *)program->bytes + row->arguments[argument]);
		for (uint64_t byte = 0; row->call == CALL_WRITE && byte < row->arguments[2]; byte++)
			walked += program->bytes[row->arguments[1] + byte];
	}
	for (uint32_t i = 0; program->row && i < program->row->paths.count; i++)
		walked += strlen(blob_string(&(struct blob){ .bytes = program->bytes }, program->paths[i].path)) + program->paths[i].of_file;
	if (program->row && program->row->linger > 99999)
		abort();
}

static void walk_cgroups(const struct blob *blob, const struct cgroup_row *rows, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (rows[i].step > CGROUP_REMOVE)
			abort();
		walked += strlen(blob_string(blob, rows[i].path)) + strlen(blob_string(blob, rows[i].text));
	}
}

/* 1 when accepted. */
static int try_table(struct blob blob)
{
	struct table table;
	if (table_decode(blob, &table) < 0)
		return 0;
	for (uint32_t i = 0; i < table.n_listeners; i++)
		walked += table.listeners[i].address[15] + table.services[table.listeners[i].service].max_children;
	for (uint32_t i = 0; i < table.n_services; i++)
		for (uint32_t variant = 0; variant < table.services[i].variants; variant++)
			walk_program(&table.programs[table.services[i].first_variant + variant]);
	for (uint32_t i = 0; i < table.n_outlets; i++) {
		const struct outlet_row *outlet = &table.outlets[i];
		walked += outlet->kind == OUTLET_FILE ? strlen(blob_string(&blob, outlet->path)) : outlet->address_size;
		if (outlet->kind > OUTLET_SOCKET || (outlet->kind == OUTLET_SOCKET && outlet->address_size > sizeof outlet->address))
			abort();
	}
	const struct table_record *record = (const void *)blob.bytes;
	walked += strlen(blob_string(&blob, record->cgroup_root));
	walk_cgroups(&blob, table.cgroups, record->cgroups.count);
	walk_cgroups(&blob, table.cgroups_end, record->cgroups_end.count);
	for (uint32_t i = 0; i < table.n_services; i++)
		if (strlen(blob_string(&blob, table.services[i].cgroup)) >= CGROUP_BYTES)
			abort();
	table_free(&table);
	return 1;
}

static void walk_confines(const struct blob *blob, const struct confines_row *confines)
{
	const struct rule_row *rules = (const void *)(blob->bytes + confines->rules.offset);
	for (uint32_t i = 0; i < confines->rules.count; i++)
		walked += strlen(blob_string(blob, rules[i].path));
	for (uint32_t i = 0; i < confines->filter.count * 8; i++)
		walked += blob->bytes[confines->filter.offset + i];
}

static int try_boot(struct blob blob)
{
	struct boot boot = { 0 };
	int accepted = boot_decode(blob, &boot) == 0;
	for (int i = 0; i < WORKERS; i++) {
		if (accepted) {
			walk_program(&boot.workers[i]);
			walk_confines(&blob, &boot.record->workers[i].confines);
		}
		free(boot.workers[i].argv);
		free(boot.workers[i].env);
	}
	if (accepted) {
		walked += strlen(blob_string(&blob, boot.record->state));
		for (uint32_t i = 0; i < boot.record->anchors.count; i++)
			walked += strlen(blob_string(&blob, boot.anchors[i]));
	}
	return accepted;
}

/* A copy with nothing readable around it. */
static int try_copy(const uint8_t *bytes, uint32_t size, int (*try)(struct blob))
{
	uint8_t *copy = malloc(size ? size : 1);
	memcpy(copy, bytes, size);
	int accepted = size >= sizeof(struct blob_header) && try((struct blob){ .bytes = copy, .size = size });
	free(copy);
	return accepted;
}

static void mutate(uint8_t *bytes, uint32_t size, int (*try)(struct blob))
{
	for (uint32_t at = 0; at + 4 <= size; at += 4) {
		const uint32_t values[] = { 0, 1, 2, 7, 8, 255, size - 8, size - 1, size, size + 1, size / 8, 4096, 4097, 65535, 65536,
					    0x7fffffff, 0x80000000, 0xfffffff8, 0xfffffffe, 0xffffffff };
		uint32_t kept;
		memcpy(&kept, bytes + at, 4);
		for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
			memcpy(bytes + at, &values[i], 4);
			try_copy(bytes, size, try);
		}
		memcpy(bytes + at, &kept, 4);
	}
	for (uint32_t length = 0; length < size; length++)
		if (try_copy(bytes, length, try)) {
			fprintf(stderr, "accepted a blob cut to %u bytes\n", length);
			exit(1);
		}
}

static int maps_what_it_should(void)
{
	struct blob blob;
	int empty = memfd_create("empty", 0), text = memfd_create("text", 0);
	if (write(text, "not a launch table, only text.", 30) != 30)
		return 0;
	struct table table;
	return blob_map(empty, &blob) == -EINVAL && blob_map(-1, &blob) == -EBADF && blob_map(text, &blob) == 0 &&
	       table_decode(blob, &table) == -EINVAL;
}

int main(int argc, char **argv)
{
	int (*try)(struct blob) = argc > 1 && !strcmp(argv[1], "boot") ? try_boot : try_table;
	struct blob blob;
	int fd = argc == 3 ? open(argv[2], O_RDONLY) : -1;
	if (fd < 0 || blob_map(fd, &blob) < 0)
		return 2;
	uint8_t *bytes = malloc(blob.size);
	memcpy(bytes, blob.bytes, blob.size);
	if (!try_copy(bytes, blob.size, try)) {
		fprintf(stderr, "refused a valid blob\n");
		free(bytes);
		return 1;
	}
	mutate(bytes, blob.size, try);
	if (!maps_what_it_should())
		return 1;
	printf("ok, %lu bytes walked\n", walked);
	free(bytes);
	return 0;
}
