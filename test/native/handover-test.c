/*
 * Decoding of a hostile hand-over (S115): one that was changed anywhere is refused; and with a checksum that fits again,
 * each 32-bit word is replaced by each value that could upset a check of bounds, and whatever is accepted is taken over
 * in full, under ASan. Usage: handover-test BOOT TABLE
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handover.h"
#include "try-blob.h"

#define CHILDREN 5u
#define LISTENERS 64u

static struct {
	struct handover_record record;
	struct listener listeners[LISTENERS];
	struct child children[CHILDREN];
	uint64_t end;
} made, tried;

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY);
	if (fd < 0)
		exit(2);
	return fcntl(fd, F_DUPFD, 10);
}

/* 1 when accepted. */
static int try(void)
{
	return try_handover((struct blob){ (const uint8_t *)&tried, sizeof tried });
}

static void fit(void)
{
	tried.record.checksum = handover_checksum((const uint8_t *)&tried, sizeof tried);
}

static void make(const char *boot, const char *table)
{
	const int sockets[] = { fcntl(socket(AF_UNIX, SOCK_STREAM, 0), F_DUPFD, 10) };
	made.record = (struct handover_record){
		.header = { HANDOVER_MAGIC, HANDOVER_FORMAT, sizeof made, HANDOVER_RELOAD },
		.boot = open_file(boot), .rows = open_file(table), .table = open_file(table), .policy = open_file(table),
		.listener_bytes = sizeof(struct listener), .child_bytes = sizeof(struct child),
		.children = { offsetof(__typeof__(made), children), CHILDREN },
	};
	struct blob blob;
	struct table decoded;
	if (blob_map(made.record.rows, &blob) < 0 || table_decode(blob, &decoded) < 0 || decoded.n_listeners > LISTENERS)
		exit(2);
	made.record.listeners = (struct span){ offsetof(__typeof__(made), listeners), decoded.n_listeners };
	table_free(&decoded);
	for (uint32_t i = 0; i < LISTENERS; i++)
		made.listeners[i].fd = i ? -1 : sockets[0];
	for (uint32_t i = 0; i < CHILDREN; i++)
		made.children[i] = (struct child){ .state = i % 2 ? CHILD_RUNNING : CHILD_ENDED, .pid = 100 + (int)i, .listener = NO_ID, .words = -1 };
	made.children[0].state = CHILD_FREE;
	made.children[3].state = CHILD_ENDING;
	made.children[3].ends = 1;
}

int main(int argc, char **argv)
{
	static const uint32_t hostile[] = { 0, 1, 2, 3, 7, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0x10001, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff };
	unsigned long accepted = 0, rounds = 0;
	if (argc != 3)
		return 2;
	make(argv[1], argv[2]);
	tried = made;
	fit();
	made.record.checksum = tried.record.checksum;
	if (!try()) {
		puts("refused a valid hand-over");
		return 1;
	}
	for (size_t word = 0; word < sizeof made / 4; word++)
		for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
			uint32_t before;
			tried = made;
			memcpy(&before, (uint8_t *)&tried + 4 * word, 4);
			memcpy((uint8_t *)&tried + 4 * word, &hostile[i], 4);
			rounds++;
			if (before != hostile[i] && try()) {
				printf("accepted a changed word %zu\n", word);
				return 1;
			}
			fit();
			accepted += (unsigned long)try();
		}
	printf("ok %lu of %lu accepted\n", accepted, rounds);
	return 0;
}
