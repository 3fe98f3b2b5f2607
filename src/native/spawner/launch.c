#include "launch.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroups.h"
#include "children.h"
#include "launcher.h"
#include "listeners.h"
#include "origin.h"
#include "words.h"

#define CROWD_OF_CHILDREN 128u /* each may have a descriptor of ours; so many never end in the same moment */
#define LAUNCHES_OF_ONE 32u	/* of one service: a slow exec must not stop the others (S89) */
#define STUCK_US 1000000u	/* then a child that was armed is given up */
#define YOUNG_US 10000u		/* a launch that takes longer hangs */
#define SETTLE_YOUNG_MS 2	/* how often launches under way are looked at */
#define SETTLE_OLD_MS 20

static uint32_t table_capacity(const struct table *table)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < table->n_services; i++)
		sum += table->services[i].max_children;
	return sum < MAX_CHILDREN ? (uint32_t)sum + 1 : MAX_CHILDREN;
}

/* A program that is not there yet has no identity: the first one that comes differs from it. */
static void identify(struct program *program)
{
	struct stat st;
	if (stat(program->path, &st) == 0)
		program->file = (struct file_id){ st.st_dev, st.st_ino, st.st_mtim.tv_sec, st.st_mtim.tv_nsec };
}

struct launcher *launcher_new(struct children *children)
{
	struct launcher *launcher = calloc(1, sizeof *launcher);
	if (!launcher)
		return NULL;
	launcher->children = children;
	memset(launcher->channels, 0xff, sizeof launcher->channels);
	for (uint32_t i = 0; i < LAUNCHES; i++)
		launcher->next[i] = i + 1 < LAUNCHES ? i + 1 : NO_PLACE;
	return launcher;
}

int launcher_make_room(struct launcher *launcher, struct table *table)
{
	if (table != launcher->table)
		for (uint32_t i = 0; i < table->n_variants; i++)
			identify(&table->programs[i]);
	return children_grow(launcher->children, table_capacity(table));
}

void launcher_renumber(struct launcher *launcher, const uint32_t *map, uint32_t *launching)
{
	const struct child *children = launcher->children->table;
	for (uint32_t i = 0; i < LAUNCHES; i++)
		if (launcher->states[i] == PLACE_LAUNCHING)
			launching[map[children[launcher->launches[i].child].service]]++;
	free(launcher->launching);
	launcher->launching = launching;
}

void launcher_use(struct launcher *launcher, struct table *table, const struct listener *listeners)
{
	armed_end(launcher); /* they are of the table before */
	launcher->table = table;
	launcher->listeners = listeners;
}

int launcher_ready(const struct launcher *launcher)
{
	return launcher->children->free != NO_CHILD && launcher->free != NO_PLACE;
}

/* What is in a place is the launch of a child that is known by its pid from now on. */
static void begin(struct launcher *launcher, uint32_t index, uint32_t place)
{
	struct launch *launch = &launcher->launches[place];
	struct child *child = &launcher->children->table[index];
	child->pid = launch->birth.result;
	child->launch = place;
	child->words = launcher->children->live > CROWD_OF_CHILDREN ? put_far(launch->handoff.words[0]) : launch->handoff.words[0];
	launch->handoff.words[0] = -1;
	launch->child = index;
	children_remember_pid(launcher->children, index);
	launcher->launching[child->service]++;
	launcher->launches_under_way++;
}

/* The child has exec'ed or is gone: its stack is free, and it has said whether a step failed. */
static void settle(struct launcher *launcher, uint32_t place)
{
	struct launch *launch = &launcher->launches[place];
	struct child *child = &launcher->children->table[launch->child];
	child->step = launch->handoff.step;
	child->error = launch->handoff.error;
	child->replaced = launch->handoff.replaced != 0;
	child->state = CHILD_RUNNING;
	if (!child->step)
		children_queue_report(launcher->children, launch->child);
	launcher->launching[child->service]--;
	launcher->launches_under_way--;
	place_free(launcher, place);
}

/* A child that was armed and does not take its connection: somebody has stopped it. */
static int is_stuck(const struct launcher *launcher, const struct launch *launch, uint64_t now)
{
	const uint64_t since_us = launcher->children->table[launch->child].started_us;
	return launch->handoff.is_armed && !launch->handoff.taken && now > since_us + STUCK_US;
}

static void give_up(struct launcher *launcher, uint32_t place)
{
	struct launch *launch = &launcher->launches[place];
	launch->handoff.step = STEP_DUP;
	launch->handoff.error = ETIMEDOUT;
	armed_pause(launch->handoff.program);
	kill(launch->birth.result, SIGKILL);
}

/*
 * Nobody waits for an exec, which may hang on a dead file system (S89) and would be slowed down by a waiter
 * that it wakes. A handler that ends at once is settled when it is reaped, so that both its reports go out
 * together.
 */
int launcher_settle(struct launcher *launcher)
{
	uint64_t now = launcher->launches_under_way ? now_us() : 0;
	uint32_t left = launcher->launches_under_way;
	int again_ms = launcher->children->ending ? SETTLE_OLD_MS : -1;
	for (uint32_t i = 0; left && i < LAUNCHES; i++) {
		const struct launch *launch = &launcher->launches[i];
		if (launcher->states[i] != PLACE_LAUNCHING || launch->birth.result <= 0)
			continue; /* free, or of a launch that is yet to begin */
		left--;
		if (is_stuck(launcher, launch, now))
			give_up(launcher, i);
		if (!__atomic_load_n(&launch->alive, __ATOMIC_ACQUIRE))
			settle(launcher, i);
		else if (now - launcher->children->table[launch->child].started_us < YOUNG_US)
			again_ms = SETTLE_YOUNG_MS;
		else if (again_ms < 0)
			again_ms = SETTLE_OLD_MS;
	}
	return again_ms;
}

static int too_many_launches(struct launcher *launcher, uint32_t service)
{
	if (launcher->launching[service] < LAUNCHES_OF_ONE)
		return 0;
	launcher_settle(launcher);
	return launcher->launching[service] >= LAUNCHES_OF_ONE;
}

/* The listener that handlers of a service that waits get; -1 for any other. */
static int waiting_listener(const struct launcher *launcher, const struct request *request)
{
	if (request->listener >= launcher->table->n_listeners)
		return -1;
	const struct listener_row *row = &launcher->table->listeners[request->listener];
	return row->service == request->service && (row->flags & LISTENER_WAIT) ? launcher->listeners[request->listener].fd : -1;
}

/* Lets go of a place whose child was not to be. */
static void abandon(struct launcher *launcher, uint32_t place)
{
	if (launcher->states[place] == PLACE_ARMED)
		armed_spend(launcher, place);
	else
		place_free(launcher, place);
}

/* A child of its own: 0 or -errno, and the step. */
static int bear(struct launcher *launcher, struct child *child, uint32_t place, uint32_t *step)
{
	struct launch *launch = &launcher->launches[place];
	*step = STEP_CGROUP;
	int result = cgroup_enter(child, launcher->table, &launch->handoff.cgroup);
	if (result < 0)
		return result;
	*step = STEP_CLONE;
	result = words_open(launch->handoff.program, launch->handoff.words);
	if (result < 0)
		return result;
	/* To be given it costs less than to be born with a crowd of descriptors, and to close them. Where that fails it is born with them. */
	const int is_crowded = launcher->table->n_listeners > CROWD || launcher->children->live > CROWD_OF_CHILDREN;
	if (is_crowded && armed_open(launcher, place) == 0 && armed_give(launcher, place, launch->handoff.connection) < 0)
		launch->handoff.channel = -1;
	return place_birth(launcher, place);
}

/* Gives the connection to the child that waits in the place, or to a new one: 0 or -errno, and the step. */
static int equip(struct launcher *launcher, uint32_t index, uint32_t place, uint32_t *step)
{
	struct child *child = &launcher->children->table[index];
	*step = STEP_CAP;
	if (launcher->children->running[child->service] > launcher->table->services[child->service].max_children)
		return -EAGAIN;
	*step = STEP_BUSY;
	if (too_many_launches(launcher, child->service))
		return -EAGAIN;
	if (launcher->states[place] == PLACE_LAUNCHING)
		return bear(launcher, child, place, step);
	*step = STEP_DUP;
	return armed_give(launcher, place, launcher->launches[place].handoff.connection);
}

/* It is counted as a launch, whatever comes of it. */
static void launch(struct launcher *launcher, const struct request *request, uint32_t place)
{
	const uint32_t index = children_take(launcher->children, request);
	uint32_t step;
	const int result = equip(launcher, index, place, &step);
	if (result == 0) {
		begin(launcher, index, place);
		return;
	}
	abandon(launcher, place);
	children_fail(launcher->children, index, step, -result);
}

/* The place of a child that waits for it, or of one that is to be. */
static uint32_t choose_place(struct launcher *launcher, const struct request *request, struct program *program)
{
	const uint32_t place = armed_take(launcher, program, request->type == REQUEST_LAUNCH_WAIT);
	return place != NO_PLACE ? place : place_take(launcher, program, PLACE_LAUNCHING);
}

int launcher_launch(struct launcher *launcher, const struct message *message, int connection)
{
	const struct request *request = &message->request;
	const struct table *table = launcher->table;
	if (request->service >= table->n_services)
		return -ENOENT;
	const struct service_row *service = &table->services[request->service];
	if (request->variant >= service->variants)
		return -ENOENT;
	struct program *program = &table->programs[service->first_variant + request->variant];
	if (request->type == REQUEST_LAUNCH_WAIT)
		connection = waiting_listener(launcher, request);
	else if (!origin_ok(&(struct origins){ table, launcher->listeners }, service, program, connection))
		return -EBADF;
	if (connection < 0)
		return -EBADF;
	const uint32_t place = choose_place(launcher, request, program);
	struct launch *chosen = &launcher->launches[place];
	char **env = environment_make(&chosen->environment, program, message);
	if (!env) {
		abandon(launcher, place);
		return -EINVAL;
	}
	chosen->handoff.connection = connection;
	chosen->handoff.env = env;
	chosen->handoff.pid = chosen->environment.pid;
	launch(launcher, request, place);
	return 0;
}

static uint64_t microseconds(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_usec;
}

void launcher_reaped(struct launcher *launcher, pid_t pid, int status, const struct rusage *usage)
{
	const uint32_t index = children_forget_pid(launcher->children, pid);
	if (index == NO_CHILD) {
		armed_reaped(launcher, pid);
		return;
	}
	struct child *child = &launcher->children->table[index];
	if (child->state == CHILD_LAUNCHING)
		settle(launcher, child->launch);
	child->status = status;
	child->user_us = microseconds(usage->ru_utime);
	child->system_us = microseconds(usage->ru_stime);
	child->max_rss_kb = (uint32_t)usage->ru_maxrss;
	children_end(launcher->children, index);
}

