/* What a handler is told of its client: values that the dispatcher sends, for names that it cannot choose. */
#ifndef ZINETD_ENVIRONMENT_H
#define ZINETD_ENVIRONMENT_H

#include "table.h"

/* One for each launch under way; the vectors are as long as the table needs them (environment_room). */
struct environment {
	char text[VALUES_BYTES + PEER_NAMES * PEER_NAME_BYTES];
};

/* Whether these bytes are values, in order and of nothing but 0x20 to 0x7E. */
int values_ok(const uint8_t *values, uint32_t size);

/* Room for `count` vectors at a time, where the table has programs that are told anything. 0 or -ENOMEM. */
int environment_room(struct table *table, uint32_t count);

/* The program's own, and the values for those names that it is told. `index` is that of one of the vectors. */
char **environment_make(struct environment *environment, const struct table *table, const struct program *program,
			const struct message *message, uint32_t index);

#endif
