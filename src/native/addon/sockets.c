#include "calls.h"

#include <errno.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../shared/passing.h"

/* The n-th 32-bit word of an address that is none of IP, in network order. */
static void put_word(struct endpoint *endpoint, int n, uint32_t value)
{
	value = htonl(value);
	memcpy(endpoint->address + 4 * n, &value, sizeof value);
}

static void endpoint_of(const struct sockaddr_storage *storage, struct endpoint *endpoint)
{
	memset(endpoint, 0, sizeof *endpoint);
	endpoint->family = storage->ss_family;
	if (storage->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)storage;
		endpoint->port = ntohs(in->sin_port);
		memcpy(endpoint->address, &in->sin_addr, 4);
	} else if (storage->ss_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)storage;
		endpoint->port = ntohs(in6->sin6_port);
		endpoint->scope = in6->sin6_scope_id;
		memcpy(endpoint->address, &in6->sin6_addr, 16);
	} else if (storage->ss_family == AF_VSOCK) {
		const struct sockaddr_vm *vm = (const void *)storage;
		put_word(endpoint, 1, vm->svm_cid);
		endpoint->scope = vm->svm_port;
	}
}

/* SO_PEERCRED: whoever called connect(2). */
static int credentials_of(int fd, struct endpoint *peer)
{
	struct ucred who;
	socklen_t length = sizeof who;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &length) < 0)
		return -errno;
	put_word(peer, 1, who.uid);
	put_word(peer, 2, who.gid);
	put_word(peer, 3, (uint32_t)who.pid);
	return 0;
}

int call_accept(int listener, struct endpoint *peer)
{
	struct sockaddr_storage storage = { 0 };
	socklen_t length = sizeof storage;
	int fd = accept4(listener, (struct sockaddr *)&storage, &length, SOCK_CLOEXEC);
	if (fd < 0)
		return -errno;
	endpoint_of(&storage, peer);
	int result = peer->family == AF_UNIX ? credentials_of(fd, peer) : 0;
	if (result < 0) {
		close(fd);
		return result;
	}
	return fd;
}

int call_accept_waiting(int listener, struct endpoint *peer)
{
	const int on = 1, off = 0;
	if (ioctl(listener, FIONBIO, &on) < 0)
		return -errno;
	int result = call_accept(listener, peer);
	return ioctl(listener, FIONBIO, &off) < 0 && result < 0 ? -errno : result;
}

int call_backlog(int listener)
{
	struct tcp_info info = { 0 };
	struct pollfd poller = { .fd = listener, .events = POLLIN };
	socklen_t length = sizeof info;
	if (getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &length) == 0)
		return (int)info.tcpi_unacked; /* what ss(8) shows of a listener */
	int result = poll(&poller, 1, 0);
	return result < 0 ? -errno : result;
}

int call_peek_offset(int fd, int offset)
{
	return setsockopt(fd, SOL_SOCKET, SO_PEEK_OFF, &offset, sizeof offset) < 0 ? -errno : 0;
}

int call_socket_facts(int fd, int facts[4], void *address, size_t room)
{
	static const int options[4] = { SO_DOMAIN, SO_TYPE, SO_PROTOCOL, SO_ACCEPTCONN };
	socklen_t length = (socklen_t)room;
	for (int i = 0; i < 4; i++) {
		socklen_t size = sizeof facts[i];
		if (getsockopt(fd, SOL_SOCKET, options[i], &facts[i], &size) < 0)
			return -errno;
	}
	if (getsockname(fd, address, &length) < 0)
		return -errno;
	return length <= room ? (int)length : -ENAMETOOLONG;
}

int call_local_endpoint(int fd, struct endpoint *local)
{
	struct sockaddr_storage storage = { 0 };
	socklen_t length = sizeof storage;
	if (getsockname(fd, (struct sockaddr *)&storage, &length) < 0)
		return -errno;
	endpoint_of(&storage, local);
	return 0;
}

/* Of <linux/netfilter_ipv4.h>, which does not go together with <netinet/in.h>; that of IPv6 has the same number. */
#define ORIGINAL_DESTINATION 80

int call_original_destination(int fd, int family, struct endpoint *destination)
{
	struct sockaddr_storage storage = { 0 };
	socklen_t length = sizeof storage;
	const int level = family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
	if (getsockopt(fd, level, ORIGINAL_DESTINATION, &storage, &length) < 0)
		return -errno;
	endpoint_of(&storage, destination);
	return 0;
}

int call_peer_path(int fd, void *path, size_t room)
{
	struct sockaddr_un peer = { 0 };
	socklen_t length = sizeof peer;
	if (getpeername(fd, (struct sockaddr *)&peer, &length) < 0)
		return -errno;
	const size_t bytes = peer.sun_family == AF_UNIX ? strnlen(peer.sun_path, sizeof peer.sun_path) : 0;
	if (bytes > room)
		return -ENAMETOOLONG;
	memcpy(path, peer.sun_path, bytes);
	return (int)bytes;
}

/* Where a datagram was sent to: IP_PKTINFO of ip(7), IPV6_PKTINFO of ipv6(7). The port is that of the socket. */
static void destination_of(struct msghdr *message, struct endpoint *local)
{
	memset(local, 0, sizeof *local);
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;
			memcpy(&info, CMSG_DATA(header), sizeof info);
			local->family = AF_INET;
			memcpy(local->address, &info.ipi_spec_dst, 4);
		} else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;
			memcpy(&info, CMSG_DATA(header), sizeof info);
			local->family = AF_INET6;
			local->scope = info.ipi6_ifindex;
			memcpy(local->address, &info.ipi6_addr, 16);
		}
	}
}

int call_receive_datagram(int fd, void *bytes, size_t length, struct endpoint ends[2], int flags)
{
	struct sockaddr_storage storage = { 0 };
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(struct in_pktinfo))];
	struct iovec part = { .iov_base = bytes, .iov_len = length };
	struct msghdr message = { .msg_name = &storage, .msg_namelen = sizeof storage, .msg_iov = &part, .msg_iovlen = 1,
				  .msg_control = control, .msg_controllen = sizeof control };
	ssize_t received = recvmsg(fd, &message, MSG_DONTWAIT | MSG_TRUNC | flags);
	if (received < 0)
		return -errno;
	endpoint_of(&storage, &ends[0]);
	destination_of(&message, &ends[1]);
	return (int)received;
}

/* From the address that was asked, so that the answer is taken for one (S69). */
static void set_source(struct msghdr *message, const struct endpoint *local)
{
	struct cmsghdr *header = message->msg_control;
	if (local->family == AF_INET) {
		struct in_pktinfo info = { 0 };
		memcpy(&info.ipi_spec_dst, local->address, 4);
		*header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof info), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO };
		memcpy(CMSG_DATA(header), &info, sizeof info);
		message->msg_controllen = CMSG_SPACE(sizeof info);
	} else if (local->family == AF_INET6) {
		struct in6_pktinfo info = { .ipi6_ifindex = local->scope };
		memcpy(&info.ipi6_addr, local->address, 16);
		*header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof info), .cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO };
		memcpy(CMSG_DATA(header), &info, sizeof info);
		message->msg_controllen = CMSG_SPACE(sizeof info);
	}
}

int call_send_datagram(int fd, const void *bytes, size_t length, const struct endpoint ends[2])
{
	struct sockaddr_storage storage;
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo))] = { 0 };
	struct iovec part = { .iov_base = (void *)(uintptr_t)bytes, .iov_len = length };
	int size = sockaddr_of(&ends[0], &storage);
	if (size < 0)
		return size;
	struct msghdr message = { .msg_name = &storage, .msg_namelen = (socklen_t)size, .msg_iov = &part, .msg_iovlen = 1,
				  .msg_control = control };
	set_source(&message, &ends[1]);
	if (message.msg_controllen == 0)
		message.msg_control = NULL;
	ssize_t sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	return sent < 0 ? -errno : (int)sent;
}

int call_peek(int fd, void *bytes, size_t length)
{
	ssize_t received = recv(fd, bytes, length, MSG_PEEK | MSG_DONTWAIT);
	return received < 0 ? -errno : (int)received;
}

int call_send(int fd, const void *bytes, size_t length, int passed)
{
	return passing_send(fd, bytes, length, passed);
}

int call_receive(int fd, void *bytes, size_t length, int *passed)
{
	struct passed all;
	int received = passing_receive(fd, bytes, length, &all);
	*passed = all.first;
	return received;
}

int call_read(int fd, void *bytes, size_t length)
{
	ssize_t got = read(fd, bytes, length);
	return got < 0 ? -errno : (int)got;
}

int call_socket_pair(int pair[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0 ? -errno : 0;
}

int call_packet_pair(int pair[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0 ? -errno : 0;
}

int call_writable(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLOUT };
	int result = poll(&poller, 1, 0);
	return result < 0 ? -errno : result;
}

int call_shutdown_write(int fd)
{
	return shutdown(fd, SHUT_WR) < 0 ? -errno : 0;
}

int call_socket_error(int fd)
{
	int error = 0;
	socklen_t length = sizeof error;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? -errno : -error;
}

int call_set_no_delay(int fd)
{
	const int on = 1;
	return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ? -errno : 0;
}

int call_epoll_create(void)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int call_epoll_watch(int epoll, int fd, uint32_t token, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.u32 = token };
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0)
		return 0;
	if (errno == EEXIST && epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) == 0)
		return 0;
	return -errno;
}

int call_epoll_forget(int epoll, int fd)
{
	return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL) < 0 ? -errno : 0;
}
