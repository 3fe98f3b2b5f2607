/* What zinetd was started with: sockets that somebody else has made, sd_listen_fds(3), and a file of its pid. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "spawner.h"

uint32_t inherited_count(const struct boot_record *record)
{
	return record->sockets + (record->flags & BOOT_PID_FILE ? 1 : 0);
}

/* For the end of this process, from wherever it comes. */
static const char *pid_path;
static int pid_fd;

/* Whatever else is there by now is not ours to take away. */
static void remove_pid_file(void)
{
	struct stat there, ours;
	if (lstat(pid_path, &there) == 0 && fstat(pid_fd, &ours) == 0 && there.st_dev == ours.st_dev && there.st_ino == ours.st_ino)
		unlink(pid_path);
}

/* They are ours alone from now on. */
void inherited_hold(const struct boot *boot)
{
	const struct boot_record *record = boot->record;
	for (uint32_t i = 0; i < inherited_count(record); i++)
		if (fcntl(BOOT_FD + 1 + (int)i, F_SETFD, FD_CLOEXEC) < 0)
			die(EXIT_BUG, "keep what zinetd was started with", errno);
	if (!(record->flags & BOOT_PID_FILE))
		return;
	pid_path = blob_string(&boot->blob, record->pid_file);
	pid_fd = BOOT_FD + 1 + (int)record->sockets;
	atexit(remove_pid_file);
}

/* Nothing but these: a number beyond is that of a descriptor of ours. */
int inherited_ok(const struct table *table, const struct boot_record *record)
{
	for (uint32_t i = 0; i < table->n_listeners; i++)
		if ((table->listeners[i].flags & LISTENER_INHERITED) && table->listeners[i].mode >= record->sockets)
			return 0;
	return 1;
}

int inherited_socket(const struct listener_row *row)
{
	int fd = fcntl(BOOT_FD + 1 + (int)row->mode, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}
