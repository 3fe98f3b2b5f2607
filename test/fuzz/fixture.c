#include "fixture.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handover.h"

#define VARIANTS 8u
#define AT(type, field) ((uint32_t)offsetof(struct type, field))

struct strings {
	uint32_t vector[2];
	char empty[8], path[16], outlet[16], cwd[8], names[FIXTURE_SERVICES + 1][8];
	uint64_t end;
};

static const struct strings texts = {
	.path = "/bin/true", .outlet = "/dev/null", .cwd = "/",
	.names = { "plain", "waiting", "peers", "mux", "muxed", "desk", "another" },
};

struct boot_file {
	struct boot_record record;
	struct strings strings;
};

struct blob fixture_boot(void)
{
	static struct boot_file file;
	const struct command_row command = {
		.path = AT(boot_file, strings.path), .argv = { AT(boot_file, strings.vector), 2 }, .env = { AT(boot_file, strings.vector), 0 },
	};
	file.strings = texts;
	file.strings.vector[0] = file.strings.vector[1] = AT(boot_file, strings.path);
	file.record = (struct boot_record){
		.header = { BOOT_MAGIC, FORMAT_VERSION, sizeof file, 0 }, .grace_ms = 100, .kill_after_ms = 100, .compile_ms = 1000,
	};
	for (int i = 0; i < WORKERS; i++)
		file.record.workers[i] = (struct worker_row){ .uid = 1, .gid = 1, .command = command };
	return (struct blob){ (const uint8_t *)&file, sizeof file };
}

struct table_file {
	struct table_record record;
	struct listener_row listeners[FIXTURE_LISTENERS];
	struct service_row services[FIXTURE_SERVICES];
	struct variant_row variants[VARIANTS];
	struct outlet_row outlets[2];
	struct option_row options[2];
	struct rlimit_row limits[1];
	struct strings strings;
};

static struct listener_row listener(enum fixture_service service, uint16_t type, uint32_t flags)
{
	struct listener_row row = {
		.service = service, .backlog = 16, .flags = flags, .address_size = sizeof(struct sockaddr_in), .type = type,
		.protocol = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP, .uid = NO_ID, .gid = NO_ID,
		.options = { AT(table_file, options), 1 },
	};
	const struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	memcpy(row.address, &address, sizeof address);
	return row;
}

static void put_listeners(struct table_file *file, uint32_t version)
{
	file->listeners[0] = listener(PLAIN, SOCK_STREAM, 0);
	file->listeners[1] = listener(WAITING, SOCK_DGRAM, LISTENER_WAIT);
	file->listeners[2] = listener(PEERS, SOCK_DGRAM, LISTENER_SHARED);
	file->listeners[3] = listener(MUX, SOCK_STREAM, 0);
	file->listeners[4] = listener(DESK, SOCK_STREAM, 0);
	file->listeners[0].backlog += version & 1;
	file->listeners[2].options.count += version >> 1 & 1; /* another socket */
	file->options[0] = (struct option_row){ .level = SOL_SOCKET, .name = SO_KEEPALIVE, .value = 1 };
	/* What shares an address with its successor. */
	file->listeners[2].options.offset = AT(table_file, options);
	file->options[1] = (struct option_row){ .level = SOL_SOCKET, .name = SO_BROADCAST, .value = 1 };
}

static void put_services(struct table_file *file, uint32_t version)
{
	static const uint32_t flags[] = { [MUX] = SERVICE_MUX, [MUXED] = SERVICE_MUXED, [DESK] = SERVICE_DESK };
	for (uint32_t i = 0; i < FIXTURE_SERVICES; i++) {
		file->services[i] = (struct service_row){
			.first_listener = i < MUXED ? i : FIXTURE_LISTENERS - 1, .listeners = i != MUXED, .variants = i == DESK ? 0 : VARIANTS,
			.max_children = i == PLAIN ? 40 : 3, .flags = flags[i], .name = AT(table_file, strings.names[i]),
			.cgroup = AT(table_file, strings.empty),
		};
	}
	if (version & 4)
		file->services[PLAIN].name = AT(table_file, strings.names[FIXTURE_SERVICES]);
}

static void put_variants(struct table_file *file)
{
	static const uint32_t flags[VARIANTS] = {
		0, VARIANT_TOLD, VARIANT_ARMABLE, VARIANT_ARMABLE | VARIANT_TOLD, VARIANT_RELAYED, VARIANT_RELAYED | VARIANT_LISTENS,
		VARIANT_ARMABLE | VARIANT_BARE | VARIANT_MOULDED, VARIANT_MUTE | VARIANT_KEEPALIVE,
	};
	for (uint32_t i = 0; i < VARIANTS; i++)
		file->variants[i] = (struct variant_row){
			.path = AT(table_file, strings.path), .cwd = AT(table_file, strings.cwd), .argv = { AT(table_file, strings.vector), 2 },
			.env = { AT(table_file, strings.vector), i }, .rlimits = { AT(table_file, limits), 1 }, .flags = flags[i],
			.peer_names = i ? UINT32_MAX : 0x55555555,
		};
	file->variants[0].env.count = 2;
	for (uint32_t i = 3; i < VARIANTS; i++)
		file->variants[i].env.count = 0;
}

struct blob fixture_table(uint32_t version)
{
	static struct table_file files[FIXTURE_VERSIONS];
	struct table_file *file = &files[version % FIXTURE_VERSIONS];
	file->record = (struct table_record){
		.header = { TABLE_MAGIC, FORMAT_VERSION, sizeof *file, version & 1 ? TABLE_NEEDS_RESOLVER : 0 },
		.listeners = { AT(table_file, listeners), FIXTURE_LISTENERS }, .services = { AT(table_file, services), FIXTURE_SERVICES },
		.variants = { AT(table_file, variants), VARIANTS }, .outlets = { AT(table_file, outlets), 2 },
	};
	file->strings = texts;
	file->strings.vector[0] = file->strings.vector[1] = AT(table_file, strings.path);
	put_listeners(file, version);
	put_services(file, version);
	put_variants(file);
	file->limits[0] = (struct rlimit_row){ .resource = 7, .soft = 64, .hard = 64 };
	file->outlets[0] = (struct outlet_row){ .kind = OUTLET_FILE, .path = AT(table_file, strings.outlet) };
	file->outlets[1] = (struct outlet_row){ .kind = OUTLET_SOCKET, .address_size = sizeof(sa_family_t), .type = SOCK_STREAM };
	return (struct blob){ (const uint8_t *)file, sizeof *file };
}

#define CHILDREN 6u

struct handover_file {
	struct handover_record record;
	struct listener listeners[FIXTURE_LISTENERS];
	struct child children[CHILDREN];
	uint64_t end;
};

struct blob fixture_handover(void)
{
	static struct handover_file file;
	static const uint8_t states[CHILDREN] = { CHILD_FREE, CHILD_RUNNING, CHILD_RUNNING, CHILD_ENDING, CHILD_ENDED, CHILD_ENDED };
	file.record = (struct handover_record){
		.header = { HANDOVER_MAGIC, HANDOVER_FORMAT, sizeof file, HANDOVER_RELOAD },
		.boot = BOOT_AT, .rows = TABLE_AT, .table = OTHER_TABLE_AT, .policy = NULL_AT,
		.listener_bytes = sizeof(struct listener), .child_bytes = sizeof(struct child),
		.listeners = { AT(handover_file, listeners), FIXTURE_LISTENERS }, .children = { AT(handover_file, children), CHILDREN },
	};
	for (uint32_t i = 0; i < FIXTURE_LISTENERS; i++)
		file.listeners[i] = (struct listener){ .fd = i ? -1 : SOCKET_AT, .from = i };
	for (uint32_t i = 0; i < CHILDREN; i++)
		file.children[i] = (struct child){
			.state = states[i], .pid = 100 + (int)i, .listener = i % 2 ? NO_ID : 1, .words = i == 2 ? PIPE_AT : -1,
			.service = i, .ends = i == 3, .announced = i % 3 == 0, .step = i == 5 ? STEP_EXEC : 0, .serial = i,
		};
	return (struct blob){ (const uint8_t *)&file, sizeof file };
}

int fixture_file(struct blob blob)
{
	int fd = blob_make("fixture");
	if (fd < 0 || write(fd, blob.bytes, blob.size) != (ssize_t)blob.size)
		abort();
	return fd;
}
