/* Answers one datagram with itself, and is gone: what a datagram service costs that waits for its handler. */
#include "bare.h"

#define DO_NOT_WAIT 0x40

ENTRY void _start(void)
{
	char text[2048], peer[128]; /* room for any sockaddr */
	unsigned int peer_bytes = sizeof peer;
	long got = CALL(SYS_RECVFROM, 0, (long)text, sizeof text, DO_NOT_WAIT, (long)peer, (long)&peer_bytes);
	if (got < 0)
		leave(1); /* somebody else has it */
	leave(CALL(SYS_SENDTO, 0, (long)text, got, 0, (long)peer, peer_bytes) == got ? 0 : 1);
}
