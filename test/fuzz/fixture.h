/* A boot record and launch tables for the targets, made of the formats themselves: they cannot grow old. */
#ifndef ZINETD_FIXTURE_H
#define ZINETD_FIXTURE_H

#include "table.h"

/* What is handed out of a version may be less than what there is: services come and go, and are named otherwise. */
#define FIXTURE_VERSIONS 8u
/* Of a whole table. */
enum fixture_service { PLAIN, WAITING, PEERS, MUX, MUXED, DESK, FIXTURE_SERVICES };
#define FIXTURE_LISTENERS 5u

struct blob fixture_boot(void);
struct blob fixture_table(uint32_t version);
/* What an upgrade leaves, with the descriptors below. */
enum { BOOT_AT = 100, TABLE_AT, OTHER_TABLE_AT, NULL_AT, SOCKET_AT, PIPE_AT };
struct blob fixture_handover(void);
/* A memfd with the bytes. */
int fixture_file(struct blob blob);

#endif
