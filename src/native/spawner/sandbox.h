/* What a worker process of ours (compiler, dispatcher) may do; applied between fork and exec. */
#ifndef ZINETD_SANDBOX_H
#define ZINETD_SANDBOX_H

#include "table.h"

/* LACKS_* bits of what this kernel does not have. */
int sandbox_probe(void);

/*
 * A Landlock ruleset, to be made while all paths can be opened and enforced once no privilege is left: reading
 * and executing what the rules of the boot record name and /proc/self, or reading anything and writing
 * nothing. A descriptor, -ENOSYS where the kernel has none, or another -errno.
 */
int sandbox_rules(const struct boot *boot);
int sandbox_read_only(void);

/* Takes the descriptor; -ENOSYS is nothing to enforce. 0 or -errno. */
int sandbox_enforce(int ruleset);

/* The filter of the boot record. 0 or -errno. */
int sandbox_seccomp(const struct boot *boot);

#endif
