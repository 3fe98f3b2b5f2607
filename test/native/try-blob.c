#include "try-blob.h"

#include <stdlib.h>
#include <string.h>

unsigned long walked;

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

int try_table(struct blob blob)
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

int try_boot(struct blob blob)
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
