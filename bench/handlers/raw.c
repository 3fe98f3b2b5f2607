/*
 * The smallest handler there can be: two system calls. It still writes a line: a connection that was accepted and not
 * served must be seen.
 */
#include "bare.h"

ENTRY void _start(void)
{
	leave(CALL(SYS_WRITE, 1, (long)"ok\n", 3) == 3 ? 0 : 1);
}
