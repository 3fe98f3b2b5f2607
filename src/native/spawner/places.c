#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "launcher.h"

uint32_t place_take(struct launcher *launcher, enum place_state state)
{
	const uint32_t place = launcher->free;
	struct launch *launch = &launcher->launches[place];
	launcher->free = launcher->next[place];
	launcher->states[place] = (uint8_t)state;
	launch->words[0] = launch->words[1] = -1;
	launch->table = launcher->table;
	launch->table->users++;
	return place;
}

void place_free(struct launcher *launcher, uint32_t place)
{
	table_release(launcher->launches[place].table);
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

/* The child has its own copy of the descriptor table as soon as it is born, so ours can be closed. */
int place_birth(struct launcher *launcher, uint32_t place)
{
	struct launch *launch = &launcher->launches[place];
	const struct variant_row *row = launch->program->row;
	launch->alive = 1;
	launch->birth = (struct birth){
		.main = child_main,
		.argument = &launch->handoff,
		.stack = launch->stack + STACK_BYTES,
		.flags = CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD | (int)row->namespaces,
		.alive = &launch->alive,
		.is_awaited = launcher->states[place] == PLACE_LAUNCHING,
	};
	birth_clone(&launch->birth, bearer_for(launch->program));
	/* It may be the filter that could not be installed: those to come have one each. */
	if (is_born(&launch->birth) && launch->birth.result < 0 && launch->program->bearer > BARE_BEARER)
		launch->program->bearer = BARE_BEARER;
	return is_born(&launch->birth) && launch->birth.result < 0 ? launch->birth.result : 0;
}
