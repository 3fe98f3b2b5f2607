/*
 * What one spawner leaves to the next that is executed in its place (upgrade.c): a sealed memfd on BOOT_FD, where the
 * boot record is at a start. Lengths and counts, no text (S115). Descriptors are named by their numbers.
 */
#ifndef ZINETD_HANDOVER_H
#define ZINETD_HANDOVER_H

#include "children.h"
#include "listeners.h"
#include "table.h"

#define HANDOVER_MAGIC 0x4f48425au /* "ZBHO" */
#define HANDOVER_FORMAT 4u	   /* goes up with any change of what is below, or of struct child or struct listener */
#define HANDOVER_TRIAL 1u	   /* only to be looked at: whoever can read it says EXIT_FITS */
#define HANDOVER_RELOAD 2u	   /* a reload was asked for, and has not begun */
#define EXIT_FITS 88		   /* what no other program says by chance */

struct handover_record {
	struct blob_header header;
	uint64_t checksum; /* FNV-1a of all but itself */
	uint64_t started_us;
	uint32_t generation, dispatchers;
	int32_t boot, rows, table, policy; /* rows: a launch table of services and listeners alone, as they are now */
	uint32_t listener_bytes, child_bytes;
	struct span listeners, children; /* of struct listener, one for each row; of struct child */
};

/* What was read of it. Tables are the reader's to release. */
struct handover {
	const struct handover_record *record;
	struct boot boot;
	struct table *rows, *table;
	const struct listener *listeners;
	const struct child *children;
};

uint64_t handover_checksum(const uint8_t *bytes, size_t size);
int handover_is(const struct blob *blob);
/* 0 or -errno, by bounds alone; nothing has changed either way. */
int handover_decode(struct blob blob, struct handover *handover);

#endif
