/* cgroups(7), version 2: the tree as the launch table has it, and one of its own for each handler whose remains end with it. */
#ifndef ZINETD_CGROUPS_H
#define ZINETD_CGROUPS_H

#include "children.h"
#include "table.h"

/* Makes the tree what the table says, whatever it was: 0 or -errno. */
int cgroups_make(const struct table *table);
/* Takes it down, unless somebody is in it. */
void cgroups_end(const struct table *table);

/* Where the child is to write itself to: a descriptor, or -1 where its service has no cgroup. 0 or -errno. */
int cgroup_enter(struct child *child, const struct table *table, int *procs);
/* Ends what is in that of the child. */
void cgroup_kill(const struct child *child);
#define MOST_ENDING_US 10000000u /* for what KILL does not end, or a cgroup that a handler of root's made below its own */
/* 1 when the child has none, or has none any more. */
int cgroup_gone(const struct child *child);

#endif
