/* The compiler, at the start and at each reload: from a fork to two sealed memfds. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "spawner.h"

#define PAUSE_MS 100 /* between two of them, however many ask: at most ten a second (S122) */

/* Whatever came of it. */
void compiler_finish(struct spawner *spawner, int *policy)
{
	struct compiler *compiler = &spawner->compiler;
	if (policy) {
		*policy = compiler->fds[POLICY];
		compiler->fds[POLICY] = -1;
	}
	for (int i = TABLE; i <= POLICY; i++)
		if (compiler->fds[i] >= 0)
			close(compiler->fds[i]);
	compiler->pid = 0;
	compiler->until = now_ms() + PAUSE_MS;
}

int compiler_start(struct spawner *spawner)
{
	struct compiler *compiler = &spawner->compiler;
	int table = memfd_create("zinetd-table", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int policy = table < 0 ? -1 : memfd_create("zinetd-policy", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	*compiler = (struct compiler){ .fds = { table, policy, BOOT_FD } };
	pid_t pid = policy < 0 ? -1 : worker_start(&spawner->boot, COMPILER, compiler->fds, 3);
	if (pid < 0) {
		int error = errno;
		compiler_finish(spawner, NULL);
		return -error;
	}
	compiler->pid = pid;
	compiler->until = now_ms() + spawner->boot.record->compile_ms;
	return 0;
}

int compiler_result(const struct compiler *compiler, int status, struct blob *blob)
{
	const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	if (WIFSIGNALED(status))
		return -ETIMEDOUT;
	if (WEXITSTATUS(status) != 0)
		return -EINVAL; /* it has said why */
	if (fcntl(compiler->fds[TABLE], F_ADD_SEALS, seals) < 0 || fcntl(compiler->fds[POLICY], F_ADD_SEALS, seals) < 0)
		return -errno;
	return blob_map(compiler->fds[TABLE], blob);
}

void compiler_ended(struct spawner *spawner, int status)
{
	struct blob blob;
	int result = compiler_result(&spawner->compiler, status, &blob);
	if (result == 0)
		result = pending_prepare(spawner, blob);
	compiler_finish(spawner, result == 0 ? &spawner->pending.policy : NULL);
	spawner->reload = (struct event){ .type = EVENT_RELOAD, .error = -result };
}

/* When the one that runs is to be ended, or the next may start: one at a time, and not before the outcome of the
 * last was told, and answered, so that what is asked for meanwhile becomes one. 0: nothing is due. */
uint64_t compiler_due(const struct spawner *spawner)
{
	const struct compiler *compiler = &spawner->compiler;
	int may_start = compiler->wanted && !spawner->reload.type && !spawner->pending.table && spawner->phase == SERVING;
	return compiler->pid || may_start ? compiler->until : 0;
}

void compiler_turn(struct spawner *spawner)
{
	struct compiler *compiler = &spawner->compiler;
	uint64_t due = compiler_due(spawner);
	if (!due || now_ms() < due)
		return;
	int result = 0;
	if (compiler->pid) {
		kill(compiler->pid, SIGKILL);
		compiler->until += spawner->boot.record->compile_ms;
	} else
		result = compiler_start(spawner);
	if (result < 0)
		spawner->reload = (struct event){ .type = EVENT_RELOAD, .error = -result };
}
