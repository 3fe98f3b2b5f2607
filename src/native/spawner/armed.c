#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../shared/passing.h"
#include "children.h"
#include "launcher.h"
#include "listeners.h"
#include "words.h"

#define ARMED_OF_ONE 16u /* but one of a service that waits: its handlers come one after the other */
#define WINDOW_US 250000u   /* launches are counted so long */
#define LAUNCHES_FOR_ONE 4u /* so many in a window are worth one armed child */
#define BIRTHS_PER_TURN 16u
#define PAUSE_US 10000000u  /* for a program of whose armed children one has failed */
#define LOOK_MS 100
#define LOOK_SPENT_MS 2

static uint32_t worth(const struct program *program)
{
	const uint32_t wanted = program->in_window / LAUNCHES_FOR_ONE;
	return wanted < program->most_armed ? wanted : program->most_armed;
}

/* As many are wanted as the last window was worth, or this one is already. */
static void look_at_window(struct program *program, uint64_t now)
{
	const uint64_t since = now - program->window_us;
	if (since > WINDOW_US) {
		program->wanted = since < 2 * WINDOW_US ? worth(program) : 0;
		program->window_us = now;
		program->in_window = 0;
	}
	if (now < program->pause_until_us)
		program->wanted = 0;
}

static void count_launch(struct launcher *launcher, struct program *program)
{
	const uint64_t now = now_us();
	look_at_window(program, now);
	program->in_window++;
	if (worth(program) > program->wanted && now >= program->pause_until_us)
		program->wanted = worth(program);
	if (program->wanted && !program->is_busy && launcher->n_busy < ARMED) {
		program->is_busy = 1;
		launcher->busy[launcher->n_busy++] = program;
	}
}

/* The one that has waited longest. */
static uint32_t first_armed(struct launcher *launcher, struct program *program)
{
	const uint32_t place = program->first_armed;
	program->first_armed = launcher->next[place];
	program->armed--;
	return place;
}

uint32_t armed_take(struct launcher *launcher, struct program *program, int is_waiting)
{
	if (!(program->row->flags & VARIANT_ARMABLE))
		return NO_PLACE;
	program->most_armed = is_waiting ? 1 : ARMED_OF_ONE;
	count_launch(launcher, program);
	if (!program->armed || launcher->launches[program->first_armed].birth.result <= 0)
		return NO_PLACE;
	return first_armed(launcher, program);
}

int armed_give(struct launcher *launcher, uint32_t place, int connection)
{
	const int sent = passing_send(launcher->channels[place][0], "", 1, connection);
	if (sent < 0)
		return sent;
	launcher->armed -= launcher->states[place] == PLACE_ARMED;
	launcher->states[place] = PLACE_LAUNCHING;
	launcher->given_us = now_us();
	return 0;
}

void armed_spend(struct launcher *launcher, uint32_t place)
{
	launcher->states[place] = PLACE_SPENT;
	launcher->spent++;
}

void armed_hang_up(struct launcher *launcher, uint32_t place)
{
	launcher->n_channels -= launcher->channels[place][0] >= 0;
	close_pair(launcher->channels[place]);
}

static void forget(struct launcher *launcher, uint32_t place)
{
	launcher->spent -= launcher->states[place] == PLACE_SPENT;
	launcher->armed--;
	place_free(launcher, place);
}

void armed_pause(struct program *program)
{
	program->wanted = 0;
	program->pause_until_us = now_us() + PAUSE_US;
}

/* Of one that died, or was not born. */
static void leave_queue(struct launcher *launcher, struct program *program, uint32_t place)
{
	uint32_t *link = &program->first_armed, last = NO_PLACE;
	for (; *link != place; link = &launcher->next[last])
		last = *link;
	*link = launcher->next[place];
	if (program->last_armed == place)
		program->last_armed = last;
	program->armed--;
	armed_pause(program);
}

static void fail(struct launcher *launcher, uint32_t place)
{
	if (launcher->states[place] == PLACE_ARMED)
		leave_queue(launcher, launcher->launches[place].handoff.program, place);
	forget(launcher, place);
}

/*
 * Who has made it may not have said so yet, and until then its place is not free. The kernel has zeroed `alive` of one that
 * is gone: else it is another, which has the pid of whoever was reaped.
 */
void armed_reaped(struct launcher *launcher, pid_t pid)
{
	for (uint32_t i = 0; launcher->armed && i < LAUNCHES; i++) {
		const struct birth *birth = &launcher->launches[i].birth;
		const int waits = launcher->states[i] != PLACE_FREE && launcher->states[i] != PLACE_LAUNCHING;
		if (!waits || __atomic_load_n(&birth->pid, __ATOMIC_ACQUIRE) != pid || __atomic_load_n(&launcher->launches[i].alive, __ATOMIC_ACQUIRE))
			continue;
		while (!is_born(birth))
			sched_yield();
		fail(launcher, i);
		return;
	}
}

int armed_open(struct launcher *launcher, uint32_t place)
{
	int *channel = launcher->channels[place];
	const int is_new = channel[0] < 0;
	if (is_new && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) < 0) {
		channel[0] = channel[1] = -1;
		return -errno;
	}
	channel[0] = is_new && launcher->table->n_listeners > CROWD ? put_far(channel[0]) : channel[0];
	launcher->n_channels += (uint32_t)is_new;
	launcher->launches[place].handoff.channel = channel[1];
	return 0;
}

static int prepare(struct launcher *launcher, struct program *program, uint32_t place)
{
	struct launch *launch = &launcher->launches[place];
	int result = armed_open(launcher, place);
	if (result == 0)
		result = words_open(program, launch->handoff.words);
	if (result < 0)
		return result;
	launch->handoff.is_armed = 1;
	return place_birth(launcher, place);
}

/* Behind those that wait already. 0 or -errno. */
static int arm(struct launcher *launcher, struct program *program)
{
	const uint32_t place = place_take(launcher, program, PLACE_ARMED);
	int result = prepare(launcher, program, place);
	if (result < 0) {
		place_free(launcher, place);
		return result;
	}
	if (program->armed++)
		launcher->next[program->last_armed] = place;
	else
		program->first_armed = place;
	program->last_armed = place;
	launcher->armed++;
	return 0;
}

/*
 * Those that are too many go; those that are missing are made once half of them are, so that who makes them is woken once for
 * many. Returns how many more may be made in this turn.
 */
static uint32_t adjust(struct launcher *launcher, struct program *program, uint32_t births)
{
	if (program->armed && is_born(&launcher->launches[program->first_armed].birth) && launcher->launches[program->first_armed].birth.result < 0)
		fail(launcher, program->first_armed);
	while (program->armed > program->wanted)
		armed_spend(launcher, first_armed(launcher, program));
	if (program->armed > program->wanted / 2)
		return births;
	for (; births && program->armed < program->wanted && launcher->armed < ARMED && launcher_ready(launcher); births--)
		if (arm(launcher, program) < 0)
			program->wanted = 0;
	return births;
}

/* They are killed once they are born, and reaped like others. */
static void end_spent(struct launcher *launcher)
{
	for (uint32_t i = 0; launcher->spent && i < LAUNCHES; i++) {
		const struct launch *launch = &launcher->launches[i];
		if (launcher->states[i] != PLACE_SPENT || !is_born(&launch->birth))
			continue;
		if (launch->birth.result < 0) {
			forget(launcher, i);
			continue;
		}
		kill(launch->birth.result, SIGKILL);
		launcher->states[i] = PLACE_ENDING;
		launcher->spent--;
	}
}

void armed_end(struct launcher *launcher)
{
	for (uint32_t i = 0; i < launcher->n_busy; i++) {
		struct program *program = launcher->busy[i];
		while (program->armed)
			armed_spend(launcher, first_armed(launcher, program));
		program->wanted = program->is_busy = 0;
	}
	launcher->n_busy = 0;
	end_spent(launcher);
}

/* Nobody is to be armed: what is left of them are descriptors. */
static void close_channels(struct launcher *launcher)
{
	for (uint32_t i = 0; launcher->n_channels && i < LAUNCHES; i++)
		if (launcher->states[i] == PLACE_FREE)
			armed_hang_up(launcher, i);
}

int launcher_arm(struct launcher *launcher, int is_serving)
{
	if (!is_serving)
		armed_end(launcher);
	const uint64_t now = launcher->n_busy || launcher->n_channels ? now_us() : UINT64_MAX;
	uint32_t births = BIRTHS_PER_TURN;
	for (uint32_t i = launcher->n_busy; i-- > 0;) {
		struct program *program = launcher->busy[i];
		look_at_window(program, now);
		births = adjust(launcher, program, births);
		if (program->wanted || program->armed)
			continue;
		program->is_busy = 0;
		launcher->busy[i] = launcher->busy[--launcher->n_busy];
	}
	if (births < BIRTHS_PER_TURN)
		bearers_begin();
	end_spent(launcher);
	if (launcher->n_busy || launcher->armed || now < launcher->given_us + WINDOW_US)
		return launcher->spent ? LOOK_SPENT_MS : LOOK_MS;
	close_channels(launcher);
	return -1;
}
