/*
 * What the dispatcher may not open itself: a file to append to, or a socket on its way to an address. Nothing here waits
 * for anybody: a FIFO without a reader and a peer that does not answer are errors, or news for the dispatcher.
 */
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "spawner.h"

static int is_ours(const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == geteuid();
}

/* Whether nobody else decides what its names lead to. In a sticky directory they cannot replace what is not theirs. */
static int is_trusted(const struct stat *st)
{
	const mode_t writable = geteuid() == 0 ? S_IWOTH | S_IWGRP : S_IWOTH;
	return is_ours(st) && (!(st->st_mode & writable) || (st->st_uid == 0 && (st->st_mode & S_ISVTX)));
}

/* A directory on the way, itself no link: a descriptor, or -errno. */
static int enter(int at, const char *name)
{
	struct stat st;
	int fd = openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int result = fstat(fd, &st) < 0 ? -errno : is_trusted(&st) ? fd : -EPERM;
	if (result < 0)
		close(fd);
	return result;
}

/* What is there by now may be anybody's, put there to have us write to something else (S111). */
static int refusal_of(int fd)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EEXIST;
	if (!is_ours(&st))
		return -EPERM;
	return st.st_nlink == 1 ? 0 : -EMLINK;
}

static int append_to(int directory, const char *name, mode_t mode)
{
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	const mode_t mask = umask(0);
	int fd = openat(directory, name, flags, mode);
	int result = fd < 0 ? -errno : refusal_of(fd);
	umask(mask);
	if (result == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return result;
}

/*
 * Name by name from the root, each looked at through its descriptor: what somebody else swaps meanwhile leads nowhere
 * (S112). The table has paths that are free of links.
 */
static int file_open(const char *path, mode_t mode)
{
	char name[NAME_MAX + 1];
	int directory = enter(AT_FDCWD, "/");
	while (directory >= 0) {
		path += strspn(path, "/");
		const size_t length = strcspn(path, "/");
		const int is_last = path[length] == 0;
		int next = -ENAMETOOLONG;
		if (length <= NAME_MAX) {
			memcpy(name, path, length);
			name[length] = 0;
			next = is_last ? append_to(directory, name, mode) : enter(directory, name);
		}
		close(directory);
		if (is_last)
			return next;
		directory = next;
		path += length;
	}
	return directory;
}

/* One that went without a word is found out after two minutes, as a client is (decision 8). */
static void keep_alive(int fd)
{
	static const int options[][3] = { { SOL_SOCKET, SO_KEEPALIVE, 1 },
					  { IPPROTO_TCP, TCP_KEEPIDLE, 60 },
					  { IPPROTO_TCP, TCP_KEEPINTVL, 15 },
					  { IPPROTO_TCP, TCP_KEEPCNT, 4 } };
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		setsockopt(fd, options[i][0], options[i][1], &options[i][2], sizeof options[i][2]);
}

/* The dispatcher alone reads and writes it, so that it need not block for a handler. */
static int socket_open(const struct outlet_row *row)
{
	const struct sockaddr *address = (const void *)row->address;
	int fd = socket(address->sa_family, row->type | SOCK_NONBLOCK | SOCK_CLOEXEC, row->protocol);
	if (fd < 0)
		return -errno;
	if (row->protocol == IPPROTO_TCP)
		keep_alive(fd);
	if (connect(fd, address, row->address_size) == 0 || errno == EINPROGRESS)
		return fd;
	int error = errno;
	close(fd);
	return -error;
}

int outlet_open(const struct table *table, uint32_t row)
{
	const struct outlet_row *outlet = &table->outlets[row];
	if (outlet->kind == OUTLET_SOCKET)
		return socket_open(outlet);
	return file_open(blob_string(&table->blob, outlet->path), outlet->mode);
}
