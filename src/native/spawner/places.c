#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/param.h>
#include <unistd.h>

#include "launcher.h"

uint32_t place_take(struct launcher *launcher, struct program *program, enum place_state state)
{
	const uint32_t place = launcher->free;
	struct launch *launch = &launcher->launches[place];
	launcher->free = launcher->next[place];
	launcher->states[place] = (uint8_t)state;
	launch->handoff = (struct handoff){ .program = program, .words = { -1, -1 }, .cgroup = -1, .channel = -1 };
	launch->birth.result = 0; /* it has no child yet, whoever had the place before (launcher_settle looks at all) */
	launch->table = launcher->table;
	launch->table->users++;
	return place;
}

/* What its child may have looked for in our table of descriptors goes now. Where it was not taken, the connection waits in the channel. */
void place_free(struct launcher *launcher, uint32_t place)
{
	struct launch *launch = &launcher->launches[place];
	if (launch->handoff.channel >= 0 && (!launch->handoff.taken || launcher->n_channels > ARMED))
		armed_hang_up(launcher, place);
	close_pair(launch->handoff.words);
	if (launch->handoff.cgroup >= 0)
		close(launch->handoff.cgroup);
	table_release(launch->table);
	launcher->states[place] = PLACE_FREE;
	launcher->next[place] = launcher->free;
	launcher->free = place;
}

void close_pair(int *fds)
{
	for (int i = 0; i < 2; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = -1;
	}
}

/* Who has given up what its children are not to have. */
static uint32_t bearer_for(struct program *program)
{
	const struct variant_row *row = program->row;
	if ((row->flags & VARIANT_BARE) && !program->bearer)
		program->bearer = row->flags & VARIANT_MOULDED ? bearer_of(program->filter, row->filter.count) : BARE_BEARER;
	return program->bearer;
}

/*
 * A child that gets its connection by a channel makes its own table out of ours, with what it needs of it and no more;
 * any other is born with a copy, so that ours can be closed.
 */
int place_birth(struct launcher *launcher, uint32_t place)
{
	struct launch *launch = &launcher->launches[place];
	const struct variant_row *row = launch->handoff.program->row;
	const struct handoff *needs = &launch->handoff;
	launch->handoff.above = needs->channel < 0 ? 0 : (uint32_t)MAX(MAX(needs->channel, needs->words[1]), needs->cgroup) + 1;
	launch->alive = 1;
	launch->birth = (struct birth){
		.main = child_main,
		.argument = &launch->handoff,
		.stack = launch->stack + STACK_BYTES,
		.flags = CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD | (int)row->namespaces | (needs->above ? CLONE_FILES : 0),
		.alive = &launch->alive,
		.is_awaited = launcher->states[place] == PLACE_LAUNCHING,
	};
	birth_clone(&launch->birth, bearer_for(launch->handoff.program));
	/* It may be the filter that could not be installed: those to come have one each. */
	if (is_born(&launch->birth) && launch->birth.result < 0 && launch->handoff.program->bearer > BARE_BEARER)
		launch->handoff.program->bearer = BARE_BEARER;
	return is_born(&launch->birth) && launch->birth.result < 0 ? launch->birth.result : 0;
}
