#include "cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES (CGROUP_BYTES + 32)

static int root = -1; /* the same for as long as we live: it is where we were started */

static int write_text(const char *path, const char *text)
{
	int fd = openat(root, path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int result = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return result;
}

static int apply(const struct table *table, const struct cgroup_row *row)
{
	const char *path = blob_string(&table->blob, row->path);
	switch (row->step) {
	case CGROUP_MAKE:
		return mkdirat(root, path, 0755) < 0 && errno != EEXIST ? -errno : 0;
	case CGROUP_WRITE:
		return write_text(path, blob_string(&table->blob, row->text));
	default:
		return unlinkat(root, path, AT_REMOVEDIR) < 0 && errno != ENOENT ? -errno : 0;
	}
}

/* Not found once, it may be there the next time: after an upgrade nobody makes what is there already. */
static int find_root(const struct table *table)
{
	const struct table_record *record = (const void *)table->blob.bytes;
	if (root < 0)
		root = open(blob_string(&table->blob, record->cgroup_root), O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root < 0 ? -errno : 0;
}

/* What is to go may still have handlers in it: then it goes the next time. */
int cgroups_make(const struct table *table)
{
	const struct table_record *record = (const void *)table->blob.bytes;
	if (!record || !record->cgroups.count)
		return 0;
	int found = find_root(table);
	if (found < 0)
		return found;
	for (uint32_t i = 0; i < record->cgroups.count; i++) {
		int result = apply(table, &table->cgroups[i]);
		if (result < 0 && table->cgroups[i].step != CGROUP_REMOVE)
			return result == -EINVAL ? -EOPNOTSUPP : result; /* the first is what a configuration is that was refused */
	}
	return 0;
}

/* Limits stay in force for whoever goes on without us; what is left over is for the next zinetd to take away. */
void cgroups_end(const struct table *table)
{
	const struct table_record *record = (const void *)table->blob.bytes;
	for (uint32_t i = 0; record && i < record->cgroups_end.count; i++)
		if (apply(table, &table->cgroups_end[i]) < 0 && table->cgroups_end[i].step == CGROUP_REMOVE)
			return;
}

/* No two are started in one microsecond, and an upgrade does not set the clock back. */
static const char *path_of(const struct child *child, const char *file, char path[PATH_BYTES])
{
	if (child->ends)
		snprintf(path, PATH_BYTES, "%s/%llx%s", child->cgroup, (unsigned long long)child->started_us, file);
	else
		snprintf(path, PATH_BYTES, "%s%s", child->cgroup, file);
	return path;
}

int cgroup_enter(struct child *child, const struct table *table, int *procs)
{
	char path[PATH_BYTES];
	const struct service_row *service = &table->services[child->service];
	*procs = -1;
	if (!service->cgroup)
		return 0;
	strcpy(child->cgroup, blob_string(&table->blob, service->cgroup)); /* decoding has measured it */
	child->ends = (service->flags & SERVICE_ENDS) != 0;
	if (find_root(table) < 0 || (child->ends && mkdirat(root, path_of(child, "", path), 0755) < 0))
		return -errno;
	*procs = openat(root, path_of(child, "/cgroup.procs", path), O_WRONLY | O_CLOEXEC);
	return *procs < 0 ? -errno : 0;
}

void cgroup_kill(const struct child *child)
{
	char path[PATH_BYTES];
	if (child->ends)
		write_text(path_of(child, "/cgroup.kill", path), "1");
}

int cgroup_gone(const struct child *child)
{
	char path[PATH_BYTES];
	return !child->ends || unlinkat(root, path_of(child, "", path), AT_REMOVEDIR) == 0 || errno != EBUSY;
}
