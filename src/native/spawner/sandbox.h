/* What a worker process of ours (compiler, dispatcher) may do; applied between fork and exec. */
#ifndef ZINETD_SANDBOX_H
#define ZINETD_SANDBOX_H

#include "table.h"

/* LACKS_* bits of what this kernel does not have. */
int sandbox_probe(void);

/* Reading and executing what the rules name, /proc/self, and nothing else. 0 or -errno. */
int sandbox_landlock_rules(const struct boot *boot);

/* Reading anything, writing nothing. 0 or -errno. */
int sandbox_landlock_read_only(void);

/* The filter of the boot record. 0 or -errno. */
int sandbox_seccomp(const struct boot *boot);

#endif
