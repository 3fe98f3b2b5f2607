/* Starting the two Node processes: the compiler, which comes and goes, and the dispatcher. */
#ifndef ZINETD_WORKERS_H
#define ZINETD_WORKERS_H

#include <sys/types.h>

#include "table.h"

/* Starts the compiler with `table` and `policy` (memfds) as descriptors 3 and 4, the boot record as 5. */
pid_t worker_compile(const struct boot *boot, const int descriptors[3]);

/* Starts the dispatcher with its end of the channel as descriptor 3. */
pid_t worker_dispatch(const struct boot *boot, int channel);

#endif
