/* What the launch table says of sandboxes: bounds only, as table.c does it. */
#include <errno.h>
#include <linux/filter.h>

#include "table.h"

const uint8_t call_addresses[SANDBOX_CALLS] = {
	[CALL_CAPSET] = 3, [CALL_MOUNT] = 1 | 2 | 4 | 16, [CALL_MOUNT_SETATTR] = 2 | 8, [CALL_CHROOT] = 1,
	[CALL_MKDIRAT] = 2, [CALL_FCHOWNAT] = 2, [CALL_WRITE] = 1 | 2,
};

static int calls_ok(const struct blob *blob, const struct program *program)
{
	for (uint32_t i = 0; program->calls && i < program->row->calls.count; i++) {
		const struct call_row *row = &program->calls[i];
		if (row->call >= SANDBOX_CALLS || (row->flags & ~(CALL_LATE | CALL_OPTIONAL)))
			return 0;
		for (uint32_t argument = 0; argument < CALL_ARGUMENTS; argument++)
			if ((call_addresses[row->call] >> argument & 1) && row->arguments[argument] >= blob->size)
				return 0;
		if (row->call == CALL_WRITE && row->arguments[2] > blob->size - row->arguments[1])
			return 0;
	}
	return program->calls != NULL;
}

static int paths_ok(const struct blob *blob, const struct program *program)
{
	for (uint32_t i = 0; program->paths && i < program->row->paths.count; i++)
		if (program->paths[i].path >= blob->size)
			return 0;
	return program->paths && (program->row->rights || !program->row->paths.count);
}

int sandbox_decode(const struct blob *blob, struct program *program)
{
	const struct variant_row *row = program->row;
	program->calls = blob_rows(blob, row->calls, sizeof *program->calls);
	program->filter = blob_rows(blob, row->filter, sizeof(struct sock_filter));
	program->paths = blob_rows(blob, row->paths, sizeof *program->paths);
	program->bytes = blob->bytes;
	int ok = program->filter && row->filter.count <= BPF_MAXINSNS && !(row->namespaces & ~(uint32_t)VARIANT_NAMESPACES);
	return ok && calls_ok(blob, program) && paths_ok(blob, program) ? 0 : -EINVAL;
}
