#include "endpoint.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

int sockaddr_of(const struct endpoint *endpoint, struct sockaddr_storage *storage)
{
	memset(storage, 0, sizeof *storage);
	storage->ss_family = endpoint->family;
	if (endpoint->family == AF_INET) {
		struct sockaddr_in *in = (void *)storage;
		in->sin_port = htons(endpoint->port);
		memcpy(&in->sin_addr, endpoint->address, 4);
		return sizeof *in;
	}
	if (endpoint->family != AF_INET6)
		return -EAFNOSUPPORT;
	struct sockaddr_in6 *in6 = (void *)storage;
	in6->sin6_port = htons(endpoint->port);
	in6->sin6_scope_id = endpoint->scope;
	memcpy(&in6->sin6_addr, endpoint->address, 16);
	return sizeof *in6;
}
