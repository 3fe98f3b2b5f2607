/*
 * Another program in the place of this one: prepared and tried while everything goes on, and only then executed. Until
 * then any failure leaves things as they are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "handover.h"
#include "spawner.h"

#define TRIAL_MS 10000
#define DRAIN_MS 10000 /* for the dispatcher to let go of what has no handler yet */
#define LAUNCHES_MS 2000

static void close_all(struct upgrade *upgrade)
{
	let_go(&upgrade->leaving.boot);
	let_go(&upgrade->leaving.rows);
	let_go(&upgrade->leaving.table);
	let_go(&upgrade->leaving.policy);
}

/* Whoever asked hears which step it was; what was said about it goes along. */
static void give_up(struct spawner *spawner, int error)
{
	struct upgrade *upgrade = &spawner->upgrade;
	spawner->upgraded = (struct event){ .type = EVENT_UPGRADE, .status = (int32_t)upgrade->step, .error = error };
	upgrade->step = UPGRADE_NONE;
	upgrade->pid = 0;
	close_all(upgrade);
}

static int make_files(struct upgrade *upgrade)
{
	upgrade->leaving.boot = blob_make("zinetd-boot");
	upgrade->leaving.table = blob_make("zinetd-table");
	upgrade->leaving.policy = blob_make("zinetd-policy");
	upgrade->words = blob_make("zinetd-words");
	const struct leaving *leaving = &upgrade->leaving;
	return leaving->boot < 0 || leaving->table < 0 || leaving->policy < 0 || upgrade->words < 0 ? -errno : 0;
}

/* The newly installed program makes the boot record anew, and compiles. */
static int prepare(struct spawner *spawner)
{
	struct upgrade *upgrade = &spawner->upgrade;
	int result = make_files(upgrade);
	if (result < 0)
		return result;
	const struct leaving *leaving = &upgrade->leaving;
	const int descriptors[] = { leaving->table, leaving->policy, BOOT_FD, leaving->boot, upgrade->words };
	upgrade->pid = worker_start(&spawner->boot, UPGRADER, descriptors, 5);
	upgrade->until = now_ms() + spawner->boot.record->compile_ms;
	return upgrade->pid < 0 ? -errno : 0;
}

/* A child does all that we are to do, but for staying; what it says is read by whoever asked. */
static int try(struct spawner *spawner)
{
	struct upgrade *upgrade = &spawner->upgrade;
	upgrade->step = UPGRADE_TRYING;
	const struct leaving *made = &upgrade->leaving;
	/* Nobody is to write what is looked at now any more; and what was said so far are warnings, no reason for what comes. */
	if (blob_seal(made->boot) < 0 || blob_seal(made->table) < 0 || blob_seal(made->policy) < 0 || ftruncate(upgrade->words, 0) < 0 ||
	    lseek(upgrade->words, 0, SEEK_SET) < 0)
		return -errno;
	pid_t pid = fork();
	if (pid == 0) {
		struct leaving leaving = upgrade->leaving;
		leaving.is_trial = 1;
		dup2(upgrade->words, 1);
		dup2(upgrade->words, 2);
		int result = leave_to(spawner, &leaving);
		dprintf(2, "zinetd: Cannot execute the new spawner: %s\n", strerror(-result));
		_exit(EXIT_SYSTEM);
	}
	upgrade->pid = pid;
	upgrade->until = now_ms() + TRIAL_MS;
	return pid < 0 ? -errno : 0;
}

/* From here on there is no way back but another dispatcher of the old kind. */
static void drain(struct spawner *spawner)
{
	struct upgrade *upgrade = &spawner->upgrade;
	upgrade->step = UPGRADE_DRAINING;
	upgrade->pid = 0;
	upgrade->until = now_ms() + DRAIN_MS;
	spawner->upgraded = (struct event){ .type = EVENT_UPGRADE };
}

void upgrade_ended(struct spawner *spawner, int status)
{
	struct upgrade *upgrade = &spawner->upgrade;
	const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	int result = code < 0 ? -ECANCELED : -ENOEXEC;
	if (upgrade->step == UPGRADE_PREPARING && code == 0)
		result = try(spawner);
	else if (upgrade->step == UPGRADE_PREPARING && code == 1)
		result = -EINVAL;
	else if (upgrade->step == UPGRADE_TRYING && code == EXIT_FITS) {
		drain(spawner);
		return;
	}
	if (result < 0)
		give_up(spawner, -result);
}

/* The dispatcher has nothing left to wait for: it hears the end, and what happens from now on is for the next one's log. */
int upgrade_dismiss(struct spawner *spawner)
{
	if (spawner->upgrade.step != UPGRADE_DRAINING)
		return -EINVAL;
	spawner->deaf = 1;
	return shutdown(spawner->dispatcher.channel, SHUT_WR) < 0 ? -errno : 0;
}

/* There is no dispatcher, and no other is started, until the next program starts its own. */
void upgrade_drained(struct spawner *spawner)
{
	spawner->upgrade.step = UPGRADE_LEAVING;
	spawner->upgrade.until = now_ms() + LAUNCHES_MS;
}

static void leave(struct spawner *spawner)
{
	const int is_busy = launcher_settle(spawner->launcher) >= 0;
	if (is_busy && now_ms() < spawner->upgrade.until)
		return;
	end_worker(&spawner->resolver);
	int result = is_busy ? -EBUSY : leave_to(spawner, &spawner->upgrade.leaving);
	give_up(spawner, -result);
}

static int may_begin(const struct spawner *spawner)
{
	return spawner->upgrade.wanted && !spawner->upgrade.step && !spawner->compiler.pid && !spawner->pending.table &&
	       !spawner->reload.type && !spawner->upgraded.type;
}

static void begin(struct spawner *spawner)
{
	spawner->upgrade.wanted = 0;
	spawner->upgrade.step = UPGRADE_PREPARING;
	int result = prepare(spawner);
	if (result < 0)
		give_up(spawner, -result);
}

/* A stop comes first: whoever asked hears nothing but that. */
static void abandon(struct spawner *spawner)
{
	struct upgrade *upgrade = &spawner->upgrade;
	spawner->upgraded.type = 0;
	if (upgrade->pid)
		kill(upgrade->pid, SIGKILL);
	upgrade->pid = upgrade->wanted = 0;
	upgrade->step = UPGRADE_NONE;
	close_all(upgrade);
	let_go(&upgrade->words);
}

int upgrade_ask(struct spawner *spawner)
{
	if (spawner->phase != SERVING)
		return -EINVAL;
	spawner->upgrade.wanted |= !spawner->upgrade.step;
	return 0;
}

uint64_t upgrade_due(const struct spawner *spawner)
{
	if (may_begin(spawner))
		return 1;
	return spawner->upgrade.step ? spawner->upgrade.until : 0;
}

void upgrade_turn(struct spawner *spawner)
{
	struct upgrade *upgrade = &spawner->upgrade;
	if (spawner->phase != SERVING) {
		if (upgrade->step || upgrade->wanted)
			abandon(spawner);
	} else if (may_begin(spawner))
		begin(spawner);
	else if (upgrade->step == UPGRADE_LEAVING)
		leave(spawner);
	else if (upgrade->step && now_ms() >= upgrade->until) {
		if (upgrade->pid)
			kill(upgrade->pid, SIGKILL);
		else
			end_worker(&spawner->dispatcher);
		upgrade->until += DRAIN_MS;
	}
}
