/* What all files of the spawner lean on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spawner.h"

_Noreturn void die(int code, const char *what, int error)
{
	dprintf(2, "zinetd: Cannot %s: %s\n", what, strerror(error));
	exit(code);
}

uint64_t now_ms(void)
{
	return now_us() / 1000u;
}

void let_go(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
