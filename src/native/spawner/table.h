/* Decoding of the boot record and the launch table: bounds only, no text. */
#ifndef ZINETD_TABLE_H
#define ZINETD_TABLE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "format.h"

#define MAX_ANCHORS 2u
#define MAX_STRINGS 4096u /* of one vector */

/* A sealed memfd, mapped for reading. */
struct blob {
	const uint8_t *bytes;
	uint32_t size;
};

/* What tells one file from another that has taken its place. */
struct file_id {
	uint64_t device, inode;
	int64_t modified_s, modified_ns;
};

/* A command or a variant with its vectors as execve(2) wants them. */
struct program {
	const char *path, *cwd;
	char **argv, **env;
	const struct variant_row *row; /* a variant's */
	const uint32_t *groups;
	const struct rlimit_row *rlimits;
	const struct call_row *calls;
	const struct path_row *paths;
	const void *filter;   /* of struct sock_filter */
	const uint8_t *bytes; /* of the blob, for what calls and paths point to */
	struct file_id file; /* as it was when the table was loaded */
	/* armed.c: launches since `window_us`, children armed and wanted, none before `pause_until_us`. */
	uint64_t window_us, pause_until_us;
	uint32_t in_window, wanted, most_armed, armed, first_armed, last_armed, is_busy;
	uint32_t bearer; /* of its children, see bare.h; 0: not known yet, or the first thread */
};

struct boot {
	struct blob blob;
	const struct boot_record *record;
	struct program workers[WORKERS];
	const uint32_t *anchors; /* paths */
};

struct table {
	struct blob blob;
	const struct listener_row *listeners;
	const struct service_row *services;
	const struct outlet_row *outlets;
	const struct cgroup_row *cgroups, *cgroups_end;
	struct program *programs; /* one for each variant */
	uint32_t n_listeners, n_services, n_variants, n_outlets, flags;
	uint32_t users; /* the spawner, and each launch under way: its child reads what it points to */
};

/* A memfd, or -1 with errno; and that nobody writes it any more, whoever has it: 0 or -errno. */
int blob_make(const char *name);
int blob_seal(int fd);
int blob_map(int fd, struct blob *blob);
int boot_decode(struct blob blob, struct boot *boot);
int table_decode(struct blob blob, struct table *table);
void table_free(struct table *table);
/* Takes over the blob: 0 with one user, or -errno. */
int table_new(struct blob blob, struct table **table);
void table_release(struct table *table);

static inline uint16_t row_family(const struct listener_row *row)
{
	return ((const struct sockaddr *)(const void *)row->address)->sa_family;
}

static inline const struct option_row *row_options(const struct blob *blob, const struct listener_row *row)
{
	return (const void *)(blob->bytes + row->options.offset);
}

/* The rows of a span, or NULL if any part of them lies outside the blob. */
const void *blob_rows(const struct blob *blob, struct span span, uint32_t row_size);

/* The sandbox of a variant whose row is known. 0 or -EINVAL. */
int sandbox_decode(const struct blob *blob, struct program *program);
/* Which arguments of an enum sandbox_call are addresses: a bit each. */
extern const uint8_t call_addresses[SANDBOX_CALLS];

/* The string at an offset that decoding has checked. */
static inline const char *blob_string(const struct blob *blob, uint32_t offset)
{
	return (const char *)blob->bytes + offset;
}

#endif
