#include "handover.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

int handover_is(const struct blob *blob)
{
	return ((const struct blob_header *)(const void *)blob->bytes)->magic == HANDOVER_MAGIC;
}

uint64_t handover_checksum(const uint8_t *bytes, size_t size)
{
	uint64_t sum = 0xcbf29ce484222325u;
	for (size_t i = 0; i < size; i++)
		if (i < offsetof(struct handover_record, checksum) || i >= offsetof(struct handover_record, started_us))
			sum = (sum ^ bytes[i]) * 0x100000001b3u;
	return sum;
}

static int header_ok(const struct blob *blob)
{
	const struct handover_record *record = (const void *)blob->bytes;
	return blob->size >= sizeof *record && record->header.magic == HANDOVER_MAGIC && record->header.version == HANDOVER_FORMAT &&
	       record->header.size == blob->size && !(record->header.flags & ~(HANDOVER_TRIAL | HANDOVER_RELOAD)) &&
	       record->listener_bytes == sizeof(struct listener) && record->child_bytes == sizeof(struct child) &&
	       record->checksum == handover_checksum(blob->bytes, blob->size);
}

static int is_open(int fd)
{
	return fd > BOOT_FD && fcntl(fd, F_GETFD) >= 0;
}

static int is_socket(int fd)
{
	int type;
	socklen_t length = sizeof type;
	return is_open(fd) && getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0;
}

static int is_pipe(int fd)
{
	struct stat st;
	return is_open(fd) && fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

static int listeners_ok(const struct handover *handover)
{
	if (!handover->listeners || handover->record->listeners.count != handover->rows->n_listeners)
		return 0;
	for (uint32_t i = 0; i < handover->rows->n_listeners; i++)
		if (handover->listeners[i].fd != -1 && !is_socket(handover->listeners[i].fd))
			return 0;
	return 1;
}

static int child_ok(const struct handover *handover, const struct child *child)
{
	const struct table *rows = handover->rows;
	/* To be looked at only: it will have settled by the time that it counts. */
	const int is_trial = handover->record->header.flags & HANDOVER_TRIAL;
	if (child->state == CHILD_FREE || (child->state == CHILD_LAUNCHING && is_trial))
		return 1;
	if (child->words != -1 && !is_pipe(child->words))
		return 0;
	return child->cgroup[CGROUP_BYTES - 1] == 0 &&
	       ((child->state == CHILD_RUNNING && child->pid > 1) || child->state == CHILD_ENDING || child->state == CHILD_ENDED) && child->service <= rows->n_services &&
	       (child->listener == NO_ID || child->listener < rows->n_listeners);
}

static int children_ok(const struct handover *handover)
{
	if (!handover->children || handover->record->children.count > MAX_CHILDREN)
		return 0;
	for (uint32_t i = 0; i < handover->record->children.count; i++)
		if (!child_ok(handover, &handover->children[i]))
			return 0;
	return 1;
}

static int map_table(int fd, struct table **table)
{
	struct blob blob;
	int result = is_open(fd) ? blob_map(fd, &blob) : -EBADF;
	return result < 0 ? result : table_new(blob, table);
}

static int map_boot(int fd, struct boot *boot)
{
	struct blob blob;
	int result = is_open(fd) ? blob_map(fd, &blob) : -EBADF;
	return result < 0 ? result : boot_decode(blob, boot);
}

int handover_decode(struct blob blob, struct handover *handover)
{
	*handover = (struct handover){ .record = (const void *)blob.bytes };
	if (!header_ok(&blob))
		return -EBADMSG;
	const struct handover_record *record = handover->record;
	handover->listeners = blob_rows(&blob, record->listeners, sizeof *handover->listeners);
	handover->children = blob_rows(&blob, record->children, sizeof *handover->children);
	int result = map_boot(record->boot, &handover->boot);
	if (result == 0)
		result = map_table(record->rows, &handover->rows);
	if (result == 0)
		result = map_table(record->table, &handover->table);
	if (result == 0 && !(listeners_ok(handover) && children_ok(handover) && is_open(record->policy)))
		result = -EINVAL;
	return result;
}
