#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bare.h"
#include "cgroups.h"
#include "child.h"
#include "children.h"
#include "environment.h"
#include "listeners.h"
#include "origin.h"

#define LAUNCHES 256u		/* under way at once */
#define LAUNCHES_OF_ONE 32u	/* of one service: a slow exec must not stop the others (S89) */
#define STACK_BYTES 16384u
#define YOUNG_US 10000u		/* a launch that takes longer hangs */
#define SETTLE_YOUNG_MS 2	/* how often launches under way are looked at */
#define SETTLE_OLD_MS 20

/* CLONE_CHILD_CLEARTID: the kernel zeroes `alive` when the child execs or exits. */
struct launch {
	uint32_t alive, child;
	struct table *table; /* of its program */
	struct handoff handoff;
	struct environment environment;
	_Alignas(16) unsigned char stack[STACK_BYTES];
};

struct launcher {
	struct table *table;
	const struct listener *listeners;
	struct children *children;
	uint32_t *launching; /* launches under way of each service */
	struct launch launches[LAUNCHES];
	uint32_t launches_under_way;
};

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
	if (launcher)
		launcher->children = children;
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
		if (launcher->launches[i].handoff.program)
			launching[map[children[launcher->launches[i].child].service]]++;
	free(launcher->launching);
	launcher->launching = launching;
}

void launcher_use(struct launcher *launcher, struct table *table, const struct listener *listeners)
{
	launcher->table = table;
	launcher->listeners = listeners;
}

int launcher_ready(const struct launcher *launcher)
{
	return launcher->children->free != NO_CHILD && launcher->launches_under_way < LAUNCHES;
}

/* There is one: launcher_ready says when not to ask. */
static struct launch *free_launch(struct launcher *launcher)
{
	for (uint32_t i = 0; i < LAUNCHES; i++)
		if (!launcher->launches[i].handoff.program)
			return &launcher->launches[i];
	return NULL;
}

/* The child has its own copy of the descriptor table as soon as clone returns, so ours can be closed. */
static int start(struct launcher *launcher, uint32_t index, struct launch *launch, struct handoff handoff)
{
	launch->child = index;
	launch->alive = 1;
	launch->handoff = handoff;
	const struct variant_row *row = handoff.program->row;
	const struct birth birth = {
		.main = child_main,
		.argument = &launch->handoff,
		.stack = launch->stack + STACK_BYTES,
		.flags = CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD | (int)row->namespaces,
		.alive = &launch->alive,
	};
	pid_t pid = row->flags & VARIANT_BARE ? birth_clone_bare(&birth) : birth_clone(&birth);
	if (pid < 0) {
		launch->handoff.program = NULL;
		return pid;
	}
	struct child *child = &launcher->children->table[index];
	child->pid = pid;
	child->launch = (uint32_t)(launch - launcher->launches);
	children_remember_pid(launcher->children, index);
	launch->table = launcher->table;
	launch->table->users++;
	launcher->launching[child->service]++;
	launcher->launches_under_way++;
	return 0;
}

/* The child has exec'ed or is gone: its stack is free, and it has said whether a step failed. */
static void settle(struct launcher *launcher, struct launch *launch)
{
	struct child *child = &launcher->children->table[launch->child];
	child->step = launch->handoff.step;
	child->error = launch->handoff.error;
	child->replaced = launch->handoff.replaced != 0;
	child->state = CHILD_RUNNING;
	launch->handoff.program = NULL;
	table_release(launch->table);
	launcher->launching[child->service]--;
	launcher->launches_under_way--;
	if (!child->step)
		children_queue_report(launcher->children, launch->child);
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
		struct launch *launch = &launcher->launches[i];
		if (!launch->handoff.program)
			continue;
		left--;
		if (!__atomic_load_n(&launch->alive, __ATOMIC_ACQUIRE))
			settle(launcher, launch);
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

/* A pipe for what a TOLD program says to the log: one end waits with the child, the other is for the launch. */
static int open_words(struct child *child, struct handoff *handoff)
{
	int ends[2];
	if (!(handoff->program->row->flags & VARIANT_TOLD))
		return 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	child->words = ends[0];
	handoff->words = ends[1];
	return fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 ? -errno : 0; /* that of the handler blocks */
}

/* It is counted as a launch, whatever comes of it. */
static void launch(struct launcher *launcher, const struct request *request, struct launch *place, struct handoff handoff)
{
	uint32_t index = children_take(launcher->children, request);
	if (launcher->children->running[request->service] > launcher->table->services[request->service].max_children)
		children_fail(launcher->children, index, STEP_CAP, EAGAIN);
	else if (too_many_launches(launcher, request->service))
		children_fail(launcher->children, index, STEP_BUSY, EAGAIN);
	else {
		struct child *child = &launcher->children->table[index];
		int result = cgroup_enter(child, launcher->table, &handoff.cgroup);
		const uint32_t step = result < 0 ? STEP_CGROUP : STEP_CLONE;
		if (result == 0)
			result = open_words(child, &handoff);
		if (result == 0)
			result = start(launcher, index, place, handoff);
		if (handoff.words >= 0)
			close(handoff.words);
		if (handoff.cgroup >= 0)
			close(handoff.cgroup);
		if (result < 0)
			children_fail(launcher->children, index, step, -result);
	}
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
	const struct program *program = &table->programs[service->first_variant + request->variant];
	if (request->type == REQUEST_LAUNCH_WAIT)
		connection = waiting_listener(launcher, request);
	else if (!origin_ok(&(struct origins){ table, launcher->listeners }, service, program, connection))
		return -EBADF;
	if (connection < 0)
		return -EBADF;
	struct launch *place = free_launch(launcher);
	char **env = environment_make(&place->environment, program, message);
	if (!env)
		return -EINVAL;
	launch(launcher, request, place, (struct handoff){ .program = program, .env = env, .pid = place->environment.pid, .connection = connection, .words = -1, .cgroup = -1 });
	return 0;
}

static uint64_t microseconds(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_usec;
}

void launcher_reaped(struct launcher *launcher, pid_t pid, int status, const struct rusage *usage)
{
	uint32_t index = children_forget_pid(launcher->children, pid);
	if (index == NO_CHILD)
		return;
	struct child *child = &launcher->children->table[index];
	if (child->state == CHILD_LAUNCHING)
		settle(launcher, &launcher->launches[child->launch]);
	child->status = status;
	child->user_us = microseconds(usage->ru_utime);
	child->system_us = microseconds(usage->ru_stime);
	child->max_rss_kb = (uint32_t)usage->ru_maxrss;
	children_end(launcher->children, index);
}

