/*
 * What the spawner reads from a memfd (F23, S97, S115): a boot record, a launch table, or what an upgrade hands over, as
 * the magic says. Size and checksum are set right, since a mutation would get no further else; that they are looked at is
 * for table-test and handover-test. Whatever is accepted is walked in full, and a table is matched with another one.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../native/try-blob.h"
#include "fixture.h"
#include "handover.h"
#include "spawner.h"

#define MOST_BYTES (256u << 10)

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The spawner ends where it cannot use what is handed over, and its mappings with it. */
#define MOST_MAPPED 16
static struct blob mapped[MOST_MAPPED];
int __real_blob_map(int fd, struct blob *blob);
int __wrap_blob_map(int fd, struct blob *blob);
int __real_munmap(void *address, size_t length);
int __wrap_munmap(void *address, size_t length);

int __wrap_blob_map(int fd, struct blob *blob)
{
	int result = __real_blob_map(fd, blob);
	for (int i = 0; result == 0; i++) {
		if (i == MOST_MAPPED)
			abort();
		if (mapped[i].bytes)
			continue;
		mapped[i] = *blob;
		break;
	}
	return result;
}

int __wrap_munmap(void *address, size_t length)
{
	for (int i = 0; i < MOST_MAPPED; i++)
		if (mapped[i].bytes == address)
			mapped[i].bytes = NULL;
	return __real_munmap(address, length);
}

static void unmap_rest(void)
{
	for (int i = 0; i < MOST_MAPPED; i++)
		if (mapped[i].bytes)
			__wrap_munmap((void *)(uintptr_t)mapped[i].bytes, mapped[i].size);
}

static int try_one_handover(struct blob blob)
{
	struct handover_record *record = (void *)(uintptr_t)blob.bytes;
	if (blob.size >= sizeof *record)
		record->checksum = handover_checksum(blob.bytes, blob.size);
	int accepted = try_handover(blob);
	unmap_rest();
	return accepted;
}

static void place(int fd, int at)
{
	if (fd < 0 || dup2(fd, at) < 0)
		abort();
	close(fd);
}

static void write_seed(const char *name, struct blob blob)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, blob.bytes, blob.size) != (ssize_t)blob.size)
		abort();
	close(fd);
}

/* What no encoder in TypeScript makes, into the working directory. */
static void write_seeds(void)
{
	write_seed("fixture-boot", fixture_boot());
	write_seed("fixture-table", fixture_table(0));
	write_seed("fixture-handover", fixture_handover());
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int words[2];
	(void)argc;
	(void)argv;
	place(fixture_file(fixture_boot()), BOOT_AT);
	place(fixture_file(fixture_table(0)), TABLE_AT);
	place(fixture_file(fixture_table(7)), OTHER_TABLE_AT);
	place(open("/dev/null", O_RDWR), NULL_AT);
	place(socket(AF_UNIX, SOCK_STREAM, 0), SOCKET_AT);
	if (pipe(words) < 0)
		abort();
	place(words[0], PIPE_AT);
	close(words[1]);
	if (!try_boot(fixture_boot()) || !try_table(fixture_table(0)) || !try_one_handover(fixture_handover()))
		abort();
	if (getenv("ZINETD_FUZZ_SEEDS"))
		write_seeds();
	return 0;
}

static void check_match(const struct spawner *spawner, const struct pending *pending)
{
	for (uint32_t i = 0; i <= spawner->table->n_services; i++)
		if (pending->services[i] > pending->table->n_services)
			abort();
	for (uint32_t i = 0; i < spawner->table->n_listeners; i++)
		if (pending->rows[i] != NO_ID && (pending->rows[i] >= pending->table->n_listeners || pending->listeners[pending->rows[i]].from != i))
			abort();
	for (uint32_t j = 0; j < pending->table->n_listeners; j++)
		if (pending->listeners[j].from != NO_ID && pending->rows[pending->listeners[j].from] != j)
			abort();
}

static void try_match(struct table *old, struct table *next)
{
	struct spawner spawner = { .table = old, .listeners = calloc(old->n_listeners + 1, sizeof(struct listener)) };
	struct pending pending = {
		.table = next, .listeners = calloc(next->n_listeners + 1, sizeof(struct listener)),
		.services = calloc(old->n_services + 1, sizeof(uint32_t)), .rows = calloc(old->n_listeners + 1, sizeof(uint32_t)),
	};
	if (match(&spawner, &pending) == 0)
		check_match(&spawner, &pending);
	free(spawner.listeners);
	free(pending.listeners);
	free(pending.services);
	free(pending.rows);
}

static void try_matches(struct blob blob)
{
	struct table table, fixture;
	if (table_decode(blob, &table) < 0)
		return;
	if (table_decode(fixture_table(0), &fixture) < 0)
		abort();
	try_match(&table, &fixture);
	try_match(&fixture, &table);
	try_match(&table, &table);
	table_free(&fixture);
	table_free(&table);
}

static void try_one(uint8_t *copy, uint32_t size)
{
	const struct blob blob = { copy, size };
	struct blob_header *header = (void *)copy;
	header->size = size;
	if (handover_is(&blob)) {
		try_one_handover(blob);
		return;
	}
	copy[size - 1] = 0;
	if (header->magic == BOOT_MAGIC)
		try_boot(blob);
	else if (try_table(blob))
		try_matches(blob);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size < sizeof(struct blob_header) || size > MOST_BYTES)
		return 0;
	uint8_t *copy = malloc(size); /* with nothing readable around it */
	memcpy(copy, bytes, size);
	try_one(copy, (uint32_t)size);
	free(copy);
	return 0;
}
