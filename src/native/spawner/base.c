/* What all files of the spawner lean on. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

void drop_channel(struct spawner *spawner)
{
	if (spawner->channel >= 0)
		close(spawner->channel);
	spawner->channel = -1;
}

/* For one that closed its end or will not read: its death is what starts the next. */
void end_dispatcher(struct spawner *spawner)
{
	spawner->deaf = 1;
	if (spawner->dispatcher && spawner->phase != LEAVING)
		kill(spawner->dispatcher, SIGKILL);
}
