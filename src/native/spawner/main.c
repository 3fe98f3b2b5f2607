/*
 * The spawner: the one privileged process of zinetd. It opens what the launch table names, starts handlers
 * when the dispatcher asks, and reaps. It parses no text and never reads from a client's socket.
 */
#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include "spawner.h"
#include "words.h"

#define REQUESTS_PER_TURN 64
#define REAPS_PER_TURN 256
#define ANSWER_US 100u /* a dispatcher that has nothing else to do says within these who is next */

/* In portions: a storm of orphans must not keep requests waiting (S83). 1 when there may be more. */
static int reap(struct spawner *spawner)
{
	struct rusage usage;
	int status, died = 0, left = REAPS_PER_TURN;
	pid_t pid;
	while (left > 0 && (pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
		left--;
		if (pid == spawner->dispatcher.pid)
			died = 1;
		else if (pid == spawner->resolver.pid)
			worker_ended(&spawner->resolver);
		else if (pid == spawner->compiler.pid)
			compiler_ended(spawner, status);
		else if (pid == spawner->upgrade.pid)
			upgrade_ended(spawner, status);
		else
			launcher_reaped(spawner->launcher, pid, status, &usage);
	}
	if (died)
		dispatcher_died(spawner);
	return left == 0;
}

/* As xinetd has them; TERM and INT go down in phases. */
static void handle_signals(struct spawner *spawner)
{
	struct signalfd_siginfo info[8]; /* one of each kind waits at most */
	ssize_t length = read(spawner->signals, info, sizeof info);
	for (ssize_t i = 0; i < length / (ssize_t)sizeof *info; i++) {
		const uint32_t signal = info[i].ssi_signo;
		if (signal == SIGHUP || signal == SIGUSR2)
			spawner->compiler.wanted = 1;
		else if (signal == SIGUSR1)
			spawner->dump = (struct event){ .type = EVENT_DUMP, .id = spawner->children.live };
		else if (signal == SIGQUIT)
			quit(spawner);
		else if (signal != SIGCHLD)
			next_phase(spawner);
	}
	spawner->reap_again = reap(spawner);
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return a && (!b || a < b) ? a : b;
}

static int timeout_ms(const struct spawner *spawner, int settle_ms, uint64_t notify_at)
{
	uint64_t now = now_ms(), at = spawner->phase_until;
	if (spawner->reap_again)
		return 0;
	if (spawner->phase == SERVING)
		at = sooner(spawner->dispatcher.start_at, spawner->resolver.start_at);
	at = sooner(sooner(sooner(at, compiler_due(spawner)), notify_at), upgrade_due(spawner));
	int until = at == 0 ? -1 : at > now ? (int)(at - now) : 0;
	return settle_ms >= 0 && (until < 0 || settle_ms < until) ? settle_ms : until;
}

/* To be woken for the next launch of a service that waits would take as long as to wait for it without sleep. */
static int poll_awake(struct spawner *spawner, struct pollfd *polled, nfds_t count)
{
	const int may_answer = spawner->frees && polled[1].events == POLLIN && !spawner->reap_again;
	const uint64_t until = may_answer ? now_us() + ANSWER_US : 0;
	int ready = 0;
	spawner->frees = 0;
	while (until && (ready = poll(polled, count, 0)) == 0 && now_us() < until)
		sched_yield();
	return ready;
}

static void turn(struct spawner *spawner)
{
	int settle_ms = launcher_settle(spawner->launcher);
	keep_workers(spawner);
	int all_told = tell(spawner);
	compiler_turn(spawner);
	upgrade_turn(spawner);
	const int arm_ms = launcher_arm(spawner->launcher, spawner->phase == SERVING && !spawner->upgrade.step);
	if (arm_ms >= 0 && (settle_ms < 0 || arm_ms < settle_ms))
		settle_ms = arm_ms;
	const uint64_t notify_at = notify_state(spawner);
	/* What cannot be answered is not read: then the dispatcher waits, and with it the clients' queue. */
	short wanted = all_told ? (launcher_ready(spawner->launcher) ? POLLIN : 0) : POLLOUT;
	struct pollfd polled[3] = { { .fd = spawner->signals, .events = POLLIN }, { .fd = spawner->dispatcher.channel, .events = wanted },
				    { .fd = spawner->children.watch, .events = POLLIN } };
	if (poll_awake(spawner, polled, 3) <= 0 && poll(polled, 3, timeout_ms(spawner, settle_ms, notify_at)) < 0 && errno != EINTR &&
	    errno != ENOMEM)
		die(EXIT_SYSTEM, "poll", errno);
	if (polled[1].revents && wanted == POLLIN)
		handle_requests(spawner, REQUESTS_PER_TURN);
	else if (polled[1].revents & (POLLHUP | POLLERR))
		end_dispatcher(spawner);
	if (polled[0].revents || spawner->reap_again)
		handle_signals(spawner);
	if (polled[2].revents)
		words_listen(&spawner->children);
	children_settle(&spawner->children);
	notify_state(spawner); /* it may be the last turn */
	advance(spawner);
}

/* Not one socket to listen on: the dispatcher says why and asks to stop. */
static int nothing_listens(const struct spawner *spawner)
{
	const struct table *table = spawner->table;
	uint32_t wanted = 0;
	for (uint32_t i = 0; i < table->n_listeners; i++) {
		const int is_desk = table->services[table->listeners[i].service].flags & SERVICE_DESK;
		if (!is_desk && spawner->listeners[i].fd >= 0)
			return 0;
		wanted += !is_desk;
	}
	return wanted > 0;
}

int main(void)
{
	static struct table none = { .users = 2 }; /* for ever: it is in no blob */
	static struct spawner spawner = { .table = &none, .policy = -1, .dispatcher.channel = -1, .resolver.channel = -1,
					  .outlet_fd = -1, .report = -1, .upgrade = { .words = -1, .leaving = { -1, -1, -1, -1, 0 } } };
	start_up(&spawner);
	spawner.exit_code = nothing_listens(&spawner) ? EXIT_SYSTEM : 0;
	for (;;)
		turn(&spawner);
}
