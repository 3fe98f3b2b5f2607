/* An end of a connection, as dispatcher and spawner tell each other. */
#ifndef ZINETD_ENDPOINT_H
#define ZINETD_ENDPOINT_H

#include <stdint.h>
#include <sys/socket.h>

struct endpoint {
	uint16_t family, port; /* as the kernel numbers them; host byte order */
	uint32_t scope;
	uint8_t address[16];
};

/* A sockaddr of IP for connect(2) or sendmsg(2): its size, or -EAFNOSUPPORT. */
int sockaddr_of(const struct endpoint *endpoint, struct sockaddr_storage *storage);

#endif
