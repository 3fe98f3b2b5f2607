/* datagram.c with the C library's start-up. */
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	char text[2048];
	struct sockaddr_storage peer;
	socklen_t peer_bytes = sizeof peer;
	ssize_t got = recvfrom(STDIN_FILENO, text, sizeof text, MSG_DONTWAIT, (struct sockaddr *)&peer, &peer_bytes);
	if (got < 0)
		return 1; /* somebody else has it */
	return sendto(STDIN_FILENO, text, (size_t)got, 0, (struct sockaddr *)&peer, peer_bytes) == got ? 0 : 1;
}
