/* Unix sockets in the file system: unix(7). The directories on the way were checked when the table was compiled. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "listeners.h"

static const char *path_of(const struct listener_row *row)
{
	return ((const struct sockaddr_un *)(const void *)row->address)->sun_path;
}

/* Anything else is not ours to take away (S114). */
static int is_made_by_us(const char *path, const struct listener_row *row)
{
	struct stat st;
	return lstat(path, &st) == 0 && S_ISSOCK(st.st_mode) && (st.st_uid == geteuid() || st.st_uid == row->uid);
}

/* Left by one of us who is gone: nobody answers. */
static int is_stale(const struct listener_row *row)
{
	if (!is_made_by_us(path_of(row), row))
		return 0;
	int fd = socket(AF_UNIX, row->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return 0;
	int stale = connect(fd, (const struct sockaddr *)row->address, row->address_size) < 0 && errno == ECONNREFUSED;
	close(fd);
	return stale;
}

/* Open to nobody yet. */
static int bind_closed(int fd, const struct listener_row *row)
{
	mode_t mask = umask(0777);
	int result = bind(fd, (const struct sockaddr *)row->address, row->address_size) < 0 ? -errno : 0;
	umask(mask);
	return result;
}

/*
 * Never wider than it is in the end: the group, then the mode, then the owner. Until it is somebody else's, nobody but
 * us can put something else at the path, not even in a sticky directory; chmod(2) would follow a link.
 */
static int open_to(const struct listener_row *row)
{
	const char *path = path_of(row);
	if (row->gid != NO_ID && lchown(path, NO_ID, row->gid) < 0)
		return -errno;
	if (chmod(path, row->mode) < 0)
		return -errno;
	return row->uid != NO_ID && lchown(path, row->uid, NO_ID) < 0 ? -errno : 0;
}

/* By it a path is known for ours when it is to be moved, or taken away. */
static int remember(struct listener *listener, const struct listener_row *row)
{
	struct stat st;
	if (lstat(path_of(row), &st) < 0)
		return -errno;
	listener->device = st.st_dev;
	listener->inode = st.st_ino;
	return 0;
}

int path_bind(struct listener *listener, int fd, const struct listener_row *row)
{
	int result = bind_closed(fd, row);
	if (result == -EADDRINUSE && is_stale(row) && unlink(path_of(row)) == 0)
		result = bind_closed(fd, row);
	if (result < 0)
		return result;
	result = open_to(row);
	if (result == 0)
		result = remember(listener, row);
	if (result < 0)
		unlink(path_of(row));
	return result;
}

static const char *aside_of(const struct listener_row *row, char name[PATH_MAX])
{
	snprintf(name, PATH_MAX, "%s.leaving", path_of(row));
	return name;
}

static int is_ours(const struct listener *listener, const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0 && st.st_dev == listener->device && st.st_ino == listener->inode;
}

/* What has the other name is a socket of an earlier time, if it is one of ours. */
int path_move(const struct listener *listener, const struct listener_row *row)
{
	char name[PATH_MAX];
	const char *aside = aside_of(row, name), *from = listener->aside ? aside : path_of(row);
	const char *to = listener->aside ? path_of(row) : aside;
	if (!is_ours(listener, from))
		return -ENOENT;
	if (!listener->aside && is_made_by_us(aside, row))
		unlink(aside);
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) < 0 ? -errno : 0;
}

void path_remove(const struct listener *listener, const struct listener_row *row)
{
	char name[PATH_MAX];
	const char *path = listener->aside ? aside_of(row, name) : path_of(row);
	if (is_ours(listener, path))
		unlink(path);
}
