/* The compiler, at the start and at each reload: from a fork to two sealed memfds. */
#include <sys/wait.h>

#include "spawner.h"

#define EXIT_NO 1 /* src/model/exit-code.ts */
#define PAUSE_MS 100 /* between two of them, however many ask: at most ten a second (S122) */

/* Whatever came of it. */
void compiler_finish(struct spawner *spawner, int *policy)
{
	struct compiler *compiler = &spawner->compiler;
	if (policy) {
		*policy = compiler->fds[POLICY];
		compiler->fds[POLICY] = -1;
	}
	let_go(&compiler->fds[TABLE]);
	let_go(&compiler->fds[POLICY]);
	compiler->pid = 0;
	compiler->until = now_ms() + PAUSE_MS;
}

int compiler_start(struct spawner *spawner)
{
	struct compiler *compiler = &spawner->compiler;
	int table = blob_make("zinetd-table");
	int policy = table < 0 ? -1 : blob_make("zinetd-policy");
	const enum worker kind = spawner->generation ? RECOMPILER : COMPILER;
	compiler->fds[TABLE] = table;
	compiler->fds[POLICY] = policy;
	compiler->fds[BOOT] = BOOT_FD;
	pid_t pid = policy < 0 ? -1 : worker_start(&spawner->boot, kind, compiler->fds, 3);
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
	if (WIFSIGNALED(status))
		return -ETIMEDOUT;
	if (WEXITSTATUS(status) != 0)
		return WEXITSTATUS(status) == EXIT_NO ? -EINVAL : -EPROTO; /* what it wrote is whole, or not */
	int result = blob_seal(compiler->fds[TABLE]);
	if (result == 0)
		result = blob_seal(compiler->fds[POLICY]);
	return result < 0 ? result : blob_map(compiler->fds[TABLE], blob);
}

/* To those who had asked when it began. */
static void report_outcome(struct spawner *spawner, int result, uint32_t row)
{
	const struct compiler *compiler = &spawner->compiler;
	spawner->reload = (struct event){
		.type = EVENT_RELOAD, .id = compiler->id, .service = row, .error = -result, .status = compiler->is_dry,
	};
}

void compiler_ended(struct spawner *spawner, int status)
{
	struct compiler *compiler = &spawner->compiler;
	struct blob blob;
	uint32_t row = NO_ID;
	int result = compiler_result(compiler, status, &blob);
	if (result == 0)
		result = pending_prepare(spawner, blob);
	if (result == 0 && !compiler->is_dry)
		result = pending_open(spawner, &row);
	spawner->pending.is_dry = compiler->is_dry;
	/* The dispatcher reads there what is wrong, or what that listener is. */
	const int tells = result == -EINVAL || row != NO_ID;
	compiler_finish(spawner, result == 0 ? &spawner->pending.policy : tells ? &spawner->report : NULL);
	report_outcome(spawner, result, row);
}

void compiler_ask(struct compiler *compiler, const struct request *request)
{
	if (request->variant) {
		compiler->dry_wanted = 1;
		compiler->dry_id = request->id;
	} else {
		compiler->wanted = 1;
		compiler->wanted_id = request->id;
	}
}

/* When the one that runs is to be ended, or the next may start: one at a time, and not before the outcome of the
 * last was told, and answered, so that what is asked for meanwhile becomes one. 0: nothing is due. */
uint64_t compiler_due(const struct spawner *spawner)
{
	const struct compiler *compiler = &spawner->compiler;
	const int is_wanted = compiler->wanted || compiler->dry_wanted;
	const int is_free = !spawner->reload.type && !spawner->pending.table && !spawner->upgrade.step;
	const int may_start = is_wanted && is_free && spawner->phase == SERVING;
	return compiler->pid || may_start ? compiler->until : 0;
}

/* What is not dry goes first: it is what a dry run is measured by. */
static int start_next(struct spawner *spawner)
{
	struct compiler *compiler = &spawner->compiler;
	compiler->is_dry = !compiler->wanted;
	compiler->id = compiler->is_dry ? compiler->dry_id : compiler->wanted_id;
	*(compiler->is_dry ? &compiler->dry_wanted : &compiler->wanted) = 0;
	return compiler_start(spawner);
}

void compiler_turn(struct spawner *spawner)
{
	struct compiler *compiler = &spawner->compiler;
	uint64_t due = compiler_due(spawner);
	if (!due || now_ms() < due)
		return;
	if (compiler->pid) {
		kill(compiler->pid, SIGKILL);
		compiler->until += spawner->boot.record->compile_ms;
		return;
	}
	int result = start_next(spawner);
	if (result < 0)
		report_outcome(spawner, result, NO_ID);
}
