#include "launch.h"

#include <errno.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "listeners.h"

#define MAX_CHILDREN 65536u
#define LAUNCHES 64u		/* under way at once */
#define LAUNCHES_OF_ONE 32u	/* hanging ones of one service: a slow exec must not stop the others (S89) */
#define STACK_BYTES 16384u
#define EXEC_WAIT_US 2000	/* how long the loop waits for one exec before it goes on without it */
#define SETTLE_MS 5		/* how often a launch that took longer is looked at */
#define NONE UINT32_MAX

enum child_state { CHILD_FREE, CHILD_LAUNCHING, CHILD_RUNNING, CHILD_ENDED };

struct child {
	uint64_t id, started_us, duration_us, user_us, system_us;
	struct peer peer;
	uint32_t serial;	/* makes a slot number that is never used twice */
	uint32_t service, step, max_rss_kb;
	int32_t pid, error, status;
	uint32_t next_by_pid, next_report;
	uint8_t state, announced, queued;
};

/* CLONE_CHILD_CLEARTID: the kernel zeroes `alive` when the child execs or exits. */
struct launch {
	uint32_t alive, child;
	int hangs; /* it took longer than EXEC_WAIT_US */
	struct handoff handoff;
	_Alignas(16) unsigned char stack[STACK_BYTES];
};

struct launcher {
	const struct table *table;
	const struct listener *listeners;
	uint32_t *running;	/* children of each service */
	uint32_t *hanging;	/* of them, launches that the loop went on without */
	struct child *children;
	uint32_t n_children, free_child, live;
	uint32_t *by_pid, pid_mask;
	uint32_t first_report, last_report;
	struct launch launches[LAUNCHES];
	uint32_t launches_under_way;
};

static uint64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static uint32_t table_capacity(const struct table *table)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < table->n_services; i++)
		sum += table->services[i].max_children;
	return sum < MAX_CHILDREN ? (uint32_t)sum + 1 : MAX_CHILDREN;
}

/* All memory for the life of the spawner. The free places form a list through next_by_pid. */
struct launcher *launcher_new(const struct table *table, const struct listener *listeners)
{
	struct launcher *launcher = calloc(1, sizeof *launcher);
	if (!launcher)
		return NULL;
	uint32_t n = table_capacity(table), buckets = 64;
	while (buckets < n)
		buckets *= 2;
	launcher->table = table;
	launcher->listeners = listeners;
	launcher->n_children = n;
	launcher->pid_mask = buckets - 1;
	launcher->running = calloc(table->n_services + 1, sizeof *launcher->running);
	launcher->hanging = calloc(table->n_services + 1, sizeof *launcher->hanging);
	launcher->children = calloc(n, sizeof *launcher->children);
	launcher->by_pid = malloc(buckets * sizeof *launcher->by_pid);
	if (!launcher->running || !launcher->hanging || !launcher->children || !launcher->by_pid)
		return NULL;
	memset(launcher->by_pid, 0xff, buckets * sizeof *launcher->by_pid);
	for (uint32_t i = 0; i < n; i++)
		launcher->children[i].next_by_pid = i + 1 < n ? i + 1 : NONE;
	launcher->first_report = launcher->last_report = NONE;
	return launcher;
}

int launcher_ready(const struct launcher *launcher)
{
	return launcher->free_child != NONE && launcher->launches_under_way < LAUNCHES;
}

uint32_t launcher_children(const struct launcher *launcher)
{
	return launcher->live;
}

/* ---- reports: a queue through the children themselves, so that it can never overflow ---- */

static void queue_report(struct launcher *launcher, uint32_t index)
{
	struct child *child = &launcher->children[index];
	if (child->queued)
		return;
	child->queued = 1;
	child->next_report = NONE;
	if (launcher->last_report == NONE)
		launcher->first_report = index;
	else
		launcher->children[launcher->last_report].next_report = index;
	launcher->last_report = index;
}

static uint64_t slot_of(const struct launcher *launcher, const struct child *child)
{
	return (uint64_t)child->serial << 32 | (uint64_t)(child - launcher->children);
}

static void describe(const struct launcher *launcher, const struct child *child, struct event *event)
{
	*event = (struct event){ .id = child->id, .slot = slot_of(launcher, child), .service = child->service, .pid = child->pid };
	event->peer = child->peer;
}

int launcher_report(struct launcher *launcher, struct event *event)
{
	if (launcher->first_report == NONE)
		return 0;
	const struct child *child = &launcher->children[launcher->first_report];
	describe(launcher, child, event);
	if (child->state == CHILD_ENDED && child->step) {
		event->type = EVENT_FAILED;
		event->step = child->step;
		event->error = child->error;
	} else if (!child->announced) {
		event->type = EVENT_LAUNCHED;
	} else {
		event->type = EVENT_EXITED;
		event->status = child->status;
		event->max_rss_kb = child->max_rss_kb;
		event->user_us = child->user_us;
		event->system_us = child->system_us;
		event->duration_us = child->duration_us;
	}
	return 1;
}

static void free_child(struct launcher *launcher, uint32_t index)
{
	struct child *child = &launcher->children[index];
	child->state = CHILD_FREE;
	child->serial++;
	child->next_by_pid = launcher->free_child;
	launcher->free_child = index;
}

void launcher_report_sent(struct launcher *launcher)
{
	uint32_t index = launcher->first_report;
	struct child *child = &launcher->children[index];
	int last = child->state == CHILD_RUNNING || child->step || child->announced;
	child->announced = 1;
	if (!last)
		return; /* it has ended meanwhile: EXITED is still to come */
	launcher->first_report = child->next_report;
	if (launcher->first_report == NONE)
		launcher->last_report = NONE;
	child->queued = 0;
	if (child->state == CHILD_ENDED)
		free_child(launcher, index);
}

int launcher_child(const struct launcher *launcher, uint32_t index, struct event *event)
{
	if (index >= launcher->n_children)
		return 0;
	const struct child *child = &launcher->children[index];
	if (child->state != CHILD_RUNNING || !child->announced)
		return -1;
	describe(launcher, child, event);
	event->type = EVENT_CHILD;
	event->duration_us = now_us() - child->started_us;
	return 1;
}

/* ---- the table by pid ---- */

static void remember_pid(struct launcher *launcher, uint32_t index)
{
	uint32_t *bucket = &launcher->by_pid[(uint32_t)launcher->children[index].pid & launcher->pid_mask];
	launcher->children[index].next_by_pid = *bucket;
	*bucket = index;
}

static uint32_t forget_pid(struct launcher *launcher, pid_t pid)
{
	uint32_t *link = &launcher->by_pid[(uint32_t)pid & launcher->pid_mask];
	while (*link != NONE && launcher->children[*link].pid != pid)
		link = &launcher->children[*link].next_by_pid;
	uint32_t index = *link;
	if (index != NONE)
		*link = launcher->children[index].next_by_pid;
	return index;
}

/* ---- launching ---- */

static int port_belongs(const struct launcher *launcher, const struct service_row *service, int family, uint16_t port)
{
	for (uint32_t i = service->first_listener; i < service->first_listener + service->listeners; i++)
		if (launcher->table->listeners[i].family == family && launcher->listeners[i].port == port && port)
			return 1;
	return 0;
}

static int socket_option(int fd, int option)
{
	int value = 0;
	socklen_t length = sizeof value;
	return getsockopt(fd, SOL_SOCKET, option, &value, &length) < 0 ? -1 : value;
}

/* What the dispatcher sent must be a connection that came in on a port of this very service. */
static int connection_ok(const struct launcher *launcher, const struct service_row *service, int fd)
{
	struct sockaddr_storage local;
	socklen_t length = sizeof local;
	int family = socket_option(fd, SO_DOMAIN);
	if ((family != AF_INET && family != AF_INET6) || socket_option(fd, SO_TYPE) != SOCK_STREAM ||
	    socket_option(fd, SO_PROTOCOL) != IPPROTO_TCP || socket_option(fd, SO_ACCEPTCONN) != 0)
		return 0;
	if (getsockname(fd, (struct sockaddr *)&local, &length) < 0)
		return 0;
	return port_belongs(launcher, service, family, ntohs(((struct sockaddr_in *)&local)->sin_port));
}

static uint32_t take_child(struct launcher *launcher, const struct request *request)
{
	uint32_t index = launcher->free_child, serial;
	struct child *child = &launcher->children[index];
	launcher->free_child = child->next_by_pid;
	serial = child->serial;
	*child = (struct child){ .id = request->id, .peer = request->peer, .service = request->service };
	child->serial = serial;
	child->started_us = now_us();
	child->state = CHILD_LAUNCHING;
	launcher->running[child->service]++;
	launcher->live++;
	return index;
}

static void end_child(struct launcher *launcher, uint32_t index)
{
	struct child *child = &launcher->children[index];
	child->state = CHILD_ENDED;
	child->duration_us = now_us() - child->started_us;
	launcher->running[child->service]--;
	launcher->live--;
	queue_report(launcher, index);
}

static void fail_child(struct launcher *launcher, uint32_t index, uint32_t step, int error)
{
	launcher->children[index].step = step;
	launcher->children[index].error = error;
	end_child(launcher, index);
}

static struct launch *free_launch(struct launcher *launcher)
{
	for (uint32_t i = 0; i < LAUNCHES; i++)
		if (!launcher->launches[i].handoff.program)
			return &launcher->launches[i];
	return NULL;
}

/* The child has its own copy of the descriptor table as soon as clone returns, so ours can be closed. */
static int start(struct launcher *launcher, uint32_t index, const struct program *program, int connection)
{
	struct launch *launch = free_launch(launcher);
	launch->child = index;
	launch->alive = 1;
	launch->hangs = 0;
	launch->handoff = (struct handoff){ .program = program, .connection = connection };
	pid_t pid = clone(child_main, launch->stack + STACK_BYTES, CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD, &launch->handoff,
			  NULL, NULL, &launch->alive);
	if (pid < 0) {
		int error = errno;
		launch->handoff.program = NULL;
		return -error;
	}
	launcher->children[index].pid = pid;
	remember_pid(launcher, index);
	launcher->launches_under_way++;
	return 0;
}

int launcher_launch(struct launcher *launcher, const struct request *request, int connection)
{
	const struct table *table = launcher->table;
	if (request->service >= table->n_services)
		return -ENOENT;
	const struct service_row *service = &table->services[request->service];
	if (request->variant >= service->variants)
		return -ENOENT;
	if (!connection_ok(launcher, service, connection))
		return -EBADF;
	uint32_t index = take_child(launcher, request);
	if (launcher->running[request->service] > service->max_children)
		fail_child(launcher, index, STEP_CAP, EAGAIN);
	else if (launcher->hanging[request->service] >= LAUNCHES_OF_ONE)
		fail_child(launcher, index, STEP_BUSY, EAGAIN);
	else {
		int result = start(launcher, index, &table->programs[service->first_variant + request->variant], connection);
		if (result < 0)
			fail_child(launcher, index, STEP_CLONE, -result);
	}
	return 0;
}

/* The child has exec'ed or is gone: its stack is free, and it has said whether a step failed. */
static void settle(struct launcher *launcher, struct launch *launch)
{
	struct child *child = &launcher->children[launch->child];
	child->step = launch->handoff.step;
	child->error = launch->handoff.error;
	child->state = CHILD_RUNNING;
	launch->handoff.program = NULL;
	launcher->hanging[child->service] -= (uint32_t)launch->hangs;
	launcher->launches_under_way--;
	if (!child->step)
		queue_report(launcher, launch->child);
}

static int alive(struct launch *launch)
{
	return __atomic_load_n(&launch->alive, __ATOMIC_ACQUIRE) != 0;
}

static void wait_for_exec(struct launcher *launcher, struct launch *launch)
{
	const struct timespec patience = { .tv_nsec = EXEC_WAIT_US * 1000L };
	const struct child *child = &launcher->children[launch->child];
	if (!launcher->hanging[child->service])
		syscall(SYS_futex, &launch->alive, FUTEX_WAIT, 1, &patience, NULL, 0);
	if (alive(launch) && !launch->hangs && now_us() - child->started_us > EXEC_WAIT_US) {
		launch->hangs = 1;
		launcher->hanging[child->service]++;
	}
}

/*
 * Waits a moment for each launch, as vfork would, but not for those of a service that has one hanging: an
 * exec on a dead file system must not hold up the other services (S89).
 */
int launcher_settle(struct launcher *launcher)
{
	for (uint32_t i = 0; launcher->launches_under_way && i < LAUNCHES; i++) {
		struct launch *launch = &launcher->launches[i];
		if (!launch->handoff.program)
			continue;
		if (alive(launch))
			wait_for_exec(launcher, launch);
		if (!alive(launch))
			settle(launcher, launch);
	}
	return launcher->launches_under_way ? SETTLE_MS : -1;
}

static void settle_child(struct launcher *launcher, uint32_t index)
{
	for (uint32_t i = 0; i < LAUNCHES; i++)
		if (launcher->launches[i].handoff.program && launcher->launches[i].child == index)
			settle(launcher, &launcher->launches[i]);
}

static uint64_t microseconds(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_usec;
}

void launcher_reaped(struct launcher *launcher, pid_t pid, int status, const struct rusage *usage)
{
	uint32_t index = forget_pid(launcher, pid);
	if (index == NONE)
		return;
	struct child *child = &launcher->children[index];
	if (child->state == CHILD_LAUNCHING)
		settle_child(launcher, index);
	child->status = status;
	child->user_us = microseconds(usage->ru_utime);
	child->system_us = microseconds(usage->ru_stime);
	child->max_rss_kb = (uint32_t)usage->ru_maxrss;
	end_child(launcher, index);
}

/* ---- signals ---- */

/* A pid cannot be reused before we reap it, and only we do. The child leads its own session and group. */
static int send_signal(const struct child *child, int signal)
{
	return kill(-child->pid, signal) < 0 && kill(child->pid, signal) < 0 ? -errno : 0;
}

int launcher_signal(struct launcher *launcher, uint64_t slot, int signal)
{
	uint32_t index = (uint32_t)slot;
	if (index >= launcher->n_children)
		return -ESRCH;
	const struct child *child = &launcher->children[index];
	if (child->state != CHILD_RUNNING || child->serial != (uint32_t)(slot >> 32))
		return -ESRCH;
	return send_signal(child, signal);
}

void launcher_signal_all(struct launcher *launcher, int signal)
{
	for (uint32_t i = 0; i < launcher->n_children; i++)
		if (launcher->children[i].state == CHILD_RUNNING || launcher->children[i].state == CHILD_LAUNCHING)
			send_signal(&launcher->children[i], signal);
}
