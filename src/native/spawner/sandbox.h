/* What a worker process of ours (compiler, dispatcher) may do; applied between fork and exec. */
#ifndef ZINETD_SANDBOX_H
#define ZINETD_SANDBOX_H

#include "table.h"

/* Abstract unix sockets and signals; newer than the headers of Debian 12. */
#define SCOPE_ALL 3ull

/* LACKS_* bits of what this kernel does not have. */
int sandbox_probe(void);

/* What a ruleset takes away of TCP. */
#define NET_BIND 1ull
#define NET_BIND_AND_CONNECT 3ull

/*
 * A Landlock ruleset, to be made while all paths can be opened and enforced once no privilege is left: reading
 * and executing what the rules name and /proc/self. A descriptor, -ENOSYS where the kernel has none, or another
 * -errno, with which the process must not go on.
 */
int sandbox_rules(const struct boot *boot, const struct confines_row *confines, uint64_t net);

/* -ENOSYS is nothing to enforce. 0 or -errno; the descriptor goes with the exec. */
int sandbox_enforce(int ruleset);

/* 0 or -errno. */
int sandbox_seccomp(const struct boot *boot, const struct confines_row *confines);

#endif
