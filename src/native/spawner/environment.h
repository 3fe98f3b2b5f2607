/* What a handler is told of its client: values that the dispatcher sends, for names that it cannot choose. */
#ifndef ZINETD_ENVIRONMENT_H
#define ZINETD_ENVIRONMENT_H

#include "table.h"

/* Of one launch. */
struct environment {
	char *vector[MAX_STRINGS + PEER_NAMES + 2];
	char text[VALUES_BYTES + (PEER_NAMES + 1) * PEER_NAME_BYTES];
	char *pid; /* behind LISTEN_PID=, with room for a number; NULL: the program is not told it */
};

/* How many bytes the value takes that begins here; 0 when it is none. */
uint32_t environment_value(const uint8_t *value, uint32_t size);

/* The program's own, and the values for those names that it is told; NULL when these are no values. */
char **environment_make(struct environment *environment, const struct program *program, const struct message *message);

#endif
