/*
 * The system calls of the addon, free of Node's headers. Each function is one system call or one documented
 * sequence and returns a value >= 0, or -errno.
 */
#ifndef ZINETD_CALLS_H
#define ZINETD_CALLS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../shared/endpoint.h"

/* accept4(2), close-on-exec and blocking: the handler expects it so. */
int call_accept(int listener, struct endpoint *peer);

/*
 * The same without waiting, on a listener that waits otherwise: FIONBIO before and after it, ioctl(2). Whoever shares
 * the listener may get EAGAIN in between.
 */
int call_accept_waiting(int listener, struct endpoint *peer);
/* How many connections wait to be accepted: TCP_INFO of tcp(7), else poll(2), which says no more than 1. */
int call_backlog(int listener);
/* SO_PEEK_OFF of socket(7): from now on, each peek is at what follows. -1: at the first one again. */
int call_peek_offset(int fd, int offset);

/*
 * recvmsg(2) of one datagram without waiting: its length, which may be more than there was room for. ends[0] is the
 * sender, ends[1] where it was sent to, if the socket has IP_PKTINFO or IPV6_PKTINFO; `flags`: 0 or MSG_PEEK.
 */
int call_receive_datagram(int fd, void *bytes, size_t length, struct endpoint ends[2], int flags);
/* sendmsg(2) without waiting, to ends[0], from ends[1] if that has a family. */
int call_send_datagram(int fd, const void *bytes, size_t length, const struct endpoint ends[2]);
/* recv(2) with MSG_PEEK, without waiting: how many bytes are there, up to `length`; 0 is the end. */
int call_peek(int fd, void *bytes, size_t length);
/* getsockname(2) of a TCP socket. */
int call_local_endpoint(int fd, struct endpoint *local);

/*
 * SO_ORIGINAL_DST of the kernel's connection tracking, for a peer of AF_INET or AF_INET6: where the client meant to go.
 * -ENOPROTOOPT or -ENOENT where nothing is tracked.
 */
int call_original_destination(int fd, int family, struct endpoint *destination);
/* getpeername(2) of a unix socket: how many bytes of a path are in `path`; 0 for none. */
int call_peer_path(int fd, void *path, size_t room);

/* sendmsg(2) without waiting; `passed` is a descriptor to send along, or -1. */
int call_send(int fd, const void *bytes, size_t length, int passed);

/* recvmsg(2) without waiting; *passed is the one descriptor that came, or -1. 0: the other side is gone. */
int call_receive(int fd, void *bytes, size_t length, int *passed);

/* Packets that one call takes. */
#define MAX_PACKETS 32
/* Of a packet: the descriptor goes or came along, or is -1. */
struct packet_row {
	int length, passed;
};
/* sendmmsg(2) without waiting, of packets one behind the other: how many went out, or -errno if the first could not. */
int call_send_batch(int fd, const uint8_t *bytes, size_t room, const struct packet_row *rows, size_t count);
/*
 * recvmmsg(2) without waiting, descriptors close-on-exec: how many packets came, each in an equal part of the room. One of no
 * bytes: the other side is gone.
 */
int call_receive_batch(int fd, uint8_t *bytes, size_t room, struct packet_row *rows, size_t count);

/* read(2) */
int call_read(int fd, void *bytes, size_t length);

/* socketpair(2) of unix stream sockets, close-on-exec and blocking. */
int call_socket_pair(int pair[2]);
int call_packet_pair(int pair[2]);

/* poll(2) for writing, without waiting: 1 or 0. */
int call_writable(int fd);

/* shutdown(2) of the sending half: the other end reads an end, and may go on to send. */
int call_shutdown_write(int fd);
/* SO_ERROR of socket(7): 0, or minus what a connect(2) that did not wait has come to. */
int call_socket_error(int fd);
/* TCP_NODELAY of tcp(7) */
int call_set_no_delay(int fd);

/*
 * What somebody else has made: SO_DOMAIN, SO_TYPE, SO_PROTOCOL and SO_ACCEPTCONN of socket(7), and getsockname(2).
 * How many bytes the address has.
 */
int call_socket_facts(int fd, int facts[4], void *address, size_t room);

int call_epoll_create(void);
/* Adds or changes what an epoll descriptor watches. */
int call_epoll_watch(int epoll, int fd, uint32_t token, uint32_t events);
int call_epoll_forget(int epoll, int fd);

struct user {
	uint32_t uid, gid;
	char name[256], home[1024];
};

/* getpwnam_r(3), getpwuid_r(3): 1 found, 0 no such user. */
int call_user_by_name(const char *name, struct user *user);
int call_user_by_id(uint32_t uid, struct user *user);
/* getgrnam_r(3): 1 found, 0 no such group. */
int call_group_by_name(const char *name, uint32_t *gid);
/* getgrouplist(3): how many, at most `room`. */
int call_groups_of(const char *name, uint32_t gid, uint32_t *groups, int room);
/* getservbyname_r(3): the port, or 0. */
int call_service_port(const char *name, const char *protocol);
/* getaddrinfo(3): how many addresses, each a row of its length and 16 bytes; 0 no such host. */
int call_host_addresses(const char *name, uint8_t *rows, size_t room);
/* getrpcbyname_r(3): 1 found, 0 no such program. */
int call_rpc_program(const char *name, uint32_t *program);
/*
 * setnetgrent(3), getnetgrent_r(3): how many hosts, their names each with its NUL in `hosts`; an empty one is an
 * entry for every host. 0: no such netgroup.
 */
int call_netgroup_hosts(const char *name, char *hosts, size_t room);
/* if_nametoindex(3): the index, 0 no such interface. */
int call_interface_index(const char *name);
/* getnetbyname_r(3) for IPv4: 1 found, with the four octets of its number; 0 no such network. */
int call_network(const char *name, uint8_t octets[4]);

/* getrlimit(2) of all RLIM_NLIMITS: pairs of soft and hard, infinity for no limit. */
int call_limits(double *pairs, size_t count);

/* memfd_create(2), filled and sealed against any change. */
int call_sealed_memfd(const void *bytes, size_t length);

/*
 * execve(2) as if this process had never been Node: default signals and mask, 0 to 2 kept open, `kept` as
 * descriptors 3 and up, nothing else. Returns only when it failed.
 */
#define MAX_KEPT 512
struct kept {
	const int *fds;
	int count; /* at most MAX_KEPT */
};
int call_exec(const char *path, char *const argv[], char *const env[], const struct kept *kept);

/* fgetxattr(2): how many bytes of the value are in `value`. */
int call_attribute(int fd, const char *name, void *value, size_t room);

/* flock(2) without waiting. */
int call_lock(int fd);

/* prctl(2) PR_SET_DUMPABLE 0: no core, no ptrace by the same uid. */
int call_undumpable(void);

/* landlock_create_ruleset(2) with LANDLOCK_CREATE_RULESET_VERSION: the version of its interface. */
int call_landlock_version(void);
/* prctl(2) PR_SET_SECCOMP with a filter at no address: 1 where the kernel would have read it, else 0. */
int call_has_seccomp(void);

/* seccomp(2) with TSYNC: a filter for all threads. */
int call_lock_down(const void *program, size_t length);

#endif
