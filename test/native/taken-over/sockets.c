#include "attempts.h"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#define CHANNEL 3
#define PATIENCE_MS 10000

static int option_of(int fd, int option)
{
	int value = -1;
	socklen_t size = sizeof value;
	return getsockopt(fd, SOL_SOCKET, option, &value, &size) < 0 ? -1 : value;
}
static int is_tcp_listener(int fd) { return option_of(fd, SO_ACCEPTCONN) == 1 && option_of(fd, SO_DOMAIN) == AF_INET; }
static int is_udp(int fd) { return option_of(fd, SO_TYPE) == SOCK_DGRAM && option_of(fd, SO_DOMAIN) == AF_INET; }
static int is_unix_listener(int fd) { return option_of(fd, SO_ACCEPTCONN) == 1 && option_of(fd, SO_DOMAIN) == AF_UNIX; }
static int listener(void) { return find_descriptor(is_tcp_listener); }

/* Clients connect when they read the record that says so; the dispatcher that would accept them is busy with us. */
static int accept_client(int (*is_it)(int fd))
{
	struct pollfd waiting = { .fd = find_descriptor(is_it), .events = POLLIN };
	return poll(&waiting, 1, PATIENCE_MS) == 1 ? accept(waiting.fd, NULL, NULL) : -1;
}
static int tcp_client = -1, unix_client = -1;
static long take_tcp_client(void) { return tcp_client = accept_client(is_tcp_listener); }
static long take_unix_client(void) { return unix_client = accept_client(is_unix_listener); }

static struct sockaddr_in somewhere(void)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)target_pid("PORT")), .sin_addr = { htonl(INADDR_LOOPBACK) } };
}

#define SOCKET(name, domain, type, protocol) \
	static long name(void) { return let_go(socket(domain, type, protocol)); }
SOCKET(tcp_socket, AF_INET, SOCK_STREAM, 0)
SOCKET(udp_socket, AF_INET6, SOCK_DGRAM, 0)
SOCKET(raw_socket, AF_INET, SOCK_RAW, IPPROTO_ICMP)
SOCKET(packet_socket, AF_PACKET, SOCK_RAW, 0)
SOCKET(unix_socket, AF_UNIX, SOCK_STREAM, 0)
SOCKET(netlink_socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)
SOCKET(crypto_socket, 38 /* AF_ALG */, SOCK_SEQPACKET, 0)
SOCKET(vsock_socket, AF_VSOCK, SOCK_STREAM, 0)

static long pair_of(int domain, int type)
{
	int pair[2];
	const long result = socketpair(domain, type, 0, pair);
	if (result == 0)
		close(pair[0]), close(pair[1]);
	return result;
}
static long stream_pair(void) { return pair_of(AF_UNIX, SOCK_STREAM); }
static long datagram_pair(void) { return pair_of(AF_UNIX, SOCK_DGRAM); }
static long raw_pair(void) { return pair_of(AF_UNIX, SOCK_RAW); }
static long tipc_pair(void) { return pair_of(30 /* AF_TIPC */, SOCK_STREAM); }

/* A datagram to a socket of somebody else, with a descriptor, from one of a pair. */
static long send_elsewhere(int type)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control = { 0 };
	struct iovec part = { "x", 1 };
	struct msghdr message = { .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof control };
	int pair[2];
	snprintf(to.sun_path, sizeof to.sun_path, "%s", target("SOCKET"));
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	*head = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int)) };
	*(int *)(void *)CMSG_DATA(head) = listener();
	if (socketpair(AF_UNIX, type, 0, pair) < 0)
		return -1;
	const long result = sendmsg(pair[0], &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	const int error = errno;
	close(pair[0]), close(pair[1]);
	errno = error;
	return result;
}
static long give_listener_away(void) { return send_elsewhere(SOCK_DGRAM); }
static long give_listener_by_stream(void) { return send_elsewhere(SOCK_STREAM); }

static long connect_client(void) { struct sockaddr_in to = somewhere(); return connect(tcp_client, (void *)&to, sizeof to); }
static long connect_by_data(int fd) { struct sockaddr_in to = somewhere(); return sendto(fd, "x", 1, MSG_FASTOPEN | MSG_DONTWAIT | MSG_NOSIGNAL, (void *)&to, sizeof to); }
static long fast_open_listener(void) { return connect_by_data(listener()); }
static long fast_open_client(void) { return connect_by_data(tcp_client); }
static long disconnect_listener(void)
{
	struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	return connect(listener(), &nobody, sizeof nobody);
}
static long disconnect_by_data(void)
{
	struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	return sendto(listener(), "x", 1, MSG_FASTOPEN | MSG_DONTWAIT | MSG_NOSIGNAL, &nobody, sizeof nobody);
}
static long bind_again(void) { struct sockaddr_in to = { .sin_family = AF_INET }; return bind(listener(), (void *)&to, sizeof to); }
static long listen_again(void) { return listen(listener(), 1); }
static long end_listener(void) { return shutdown(listener(), SHUT_RDWR); }
static long stop_listener_reading(void) { return shutdown(listener(), SHUT_RD); }
static long share_port(void) { int on = 1; return setsockopt(listener(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on); }
static long filter_listener(void)
{
	struct sock_filter none = { .code = BPF_RET };
	struct sock_fprog program = { 1, &none };
	return setsockopt(listener(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
static long signal_by_socket(void) { int pid = target_pid("SPAWNER"); return ioctl(CHANNEL, FIOSETOWN, &pid); }
static long list_interfaces(void) { char room[64] = { 0 }; return ioctl(tcp_client, SIOCGIFINDEX, room); }

static long datagram_to_anybody(void) { struct sockaddr_in to = somewhere(); return sendto(find_descriptor(is_udp), "x", 1, MSG_DONTWAIT, (void *)&to, sizeof to); }
static long speak_to_client(void) { return send(tcp_client, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL); }

static long send_on(int fd, int level, int type, const void *bytes, size_t size)
{
	union { char bytes[CMSG_SPACE(64)]; struct cmsghdr align; } control = { 0 };
	struct iovec part = { "x", 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(size) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	*head = (struct cmsghdr){ .cmsg_level = level, .cmsg_type = type, .cmsg_len = CMSG_LEN(size) };
	memcpy(CMSG_DATA(head), bytes, size);
	return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}
static long say_root(void)
{
	const struct ucred root = { .pid = 1, .uid = 0, .gid = 0 };
	return send_on(CHANNEL, SOL_SOCKET, SCM_CREDENTIALS, &root, sizeof root);
}
static long give_to_client(void)
{
	const int fd = tcp_client;
	return send_on(unix_client, SOL_SOCKET, SCM_RIGHTS, &fd, sizeof fd);
}
static long give_254(void)
{
	union { char bytes[CMSG_SPACE(254 * sizeof(int))]; struct cmsghdr align; } control = { 0 };
	struct iovec part = { "x", 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	*head = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(254 * sizeof(int)) };
	return sendmsg(CHANNEL, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

const struct attempt SOCKETS[] = {
	{ "have a TCP socket", tcp_socket },
	{ "have a UDP socket", udp_socket },
	{ "have a raw socket", raw_socket },
	{ "have a packet socket", packet_socket },
	{ "have a unix socket", unix_socket },
	{ "have a netlink socket", netlink_socket },
	{ "have a socket of AF_ALG", crypto_socket },
	{ "have a socket of AF_VSOCK", vsock_socket },
	{ "have a pair of unix streams", stream_pair },
	{ "have a pair of unix datagram sockets", datagram_pair },
	{ "have a pair of unix datagram sockets, called raw", raw_pair },
	{ "have a pair of another family", tipc_pair },
	{ "give a listener to a unix socket of somebody, by a datagram", give_listener_away },
	{ "give a listener to a unix socket of somebody, by a stream", give_listener_by_stream },
	{ "accept a client of a service", take_tcp_client },
	{ "accept a client of a unix service", take_unix_client },
	{ "connect the socket of a client to elsewhere", connect_client },
	{ "connect the socket of a client with the first data (MSG_FASTOPEN)", fast_open_client },
	{ "connect a listener with the first data (MSG_FASTOPEN)", fast_open_listener },
	{ "dissolve a listener by connect", disconnect_listener },
	{ "dissolve a listener by data (MSG_FASTOPEN)", disconnect_by_data },
	{ "end a listener by shutdown", end_listener },
	{ "end a listener's receiving by shutdown", stop_listener_reading },
	{ "bind a listener to another port", bind_again },
	{ "change the backlog of a listener", listen_again },
	{ "share the port of a listener", share_port },
	{ "put a filter in front of a listener", filter_listener },
	{ "have the kernel signal the spawner for a socket", signal_by_socket },
	{ "ask for the interfaces of the machine", list_interfaces },
	{ "claim to be root to the spawner", say_root },
	{ "send the spawner more descriptors than one can", give_254 },
	{ "speak to the client of a service", speak_to_client },
	{ "give a client's connection to a client of a unix service", give_to_client },
	{ "send a datagram to anybody from the port of a datagram service", datagram_to_anybody },
	{ 0 },
};
