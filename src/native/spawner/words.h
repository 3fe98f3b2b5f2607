/* What handlers write for the log: a pipe each, that is never read here. */
#ifndef ZINETD_WORDS_H
#define ZINETD_WORDS_H

#include "children.h"
#include "table.h"

/* A pipe for what a TOLD program says: first the end that is read. 0 or -errno; of any other both stay as they are. */
int words_open(const struct program *program, int *words);
/* Has words_listen told of what it says. Handlers that end at once are never watched: of those it is looked at in the end. */
void words_watch(struct children *children, uint32_t index);
/* Whether a handler that has ended has said something that nobody has read, or has left somebody who may. */
int words_left(const struct child *child);
/* What it says is the dispatcher's to read from now on; or, as there is none, nobody's. */
void words_given(struct children *children, uint64_t slot);
void words_taken_back(struct children *children);
void words_close(const struct children *children, struct child *child);
/* Queues those that have said something. */
void words_listen(struct children *children);

#endif
