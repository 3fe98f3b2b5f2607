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

#include "try-blob.h"

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
