#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "table.h"

/* Far above what a checked configuration can need; keeps every sum of offsets within 32 bits. */
#define MAX_BLOB (64u << 20)

int blob_make(const char *name)
{
	return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

int blob_seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0 ? -errno : 0;
}

/* Maps a memfd that nobody can write any more. Returns 0 or -errno. */
int blob_map(int fd, struct blob *blob)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size < (off_t)sizeof(struct blob_header) || st.st_size > (off_t)MAX_BLOB)
		return -EINVAL;
	void *bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return -errno;
	blob->bytes = bytes;
	blob->size = (uint32_t)st.st_size;
	return 0;
}

/* The rows of a span, or NULL if any part of them lies outside the blob. */
const void *blob_rows(const struct blob *blob, struct span span, uint32_t row_size)
{
	if (span.offset % 8 || span.offset > blob->size)
		return NULL;
	if (span.count > (blob->size - span.offset) / row_size)
		return NULL;
	return blob->bytes + span.offset;
}
