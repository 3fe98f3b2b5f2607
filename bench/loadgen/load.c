#define _GNU_SOURCE
#include "loadgen.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Older C libraries lack it. */
#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

#define EVENTS_AT_ONCE 64
#define PIECES_PER_TURN 8
#define TICK_NS (20 * NS_PER_MS) /* how often time-outs are looked for; also the pause after a refusal */

enum phase { WARMING, MEASURING, DRAINING };

static const struct options *option;
static struct slot slots[MAX_IN_FLIGHT];
static int free_slots[MAX_IN_FLIGHT], n_free, epoll_fd;
static enum phase phase;
static uint64_t phase_began_ns, measured_ns, resume_ns;
static unsigned long begun; /* of the schedule */
static size_t told;	    /* where in the text the next one begins */
static char piece[PIECE_BYTES];

/* A paced run counts those that come late too: the slow ones must not go missing. */
static int is_measured(enum outcome outcome)
{
	return outcome == option->expected && (phase == MEASURING || option->per_second > 0);
}

/* The one place where a connection ends. */
static void finish(struct slot *slot, enum outcome outcome)
{
	struct ended ended = { .due_ns = slot->due_ns, .first_byte_ns = slot->first_byte_ns, .end_ns = now_ns() };
	if (option->expected == REFUSED_BY_SERVER && (outcome == NO_DATA || outcome == RESET))
		outcome = REFUSED_BY_SERVER;
	if (outcome == REFUSED)
		resume_ns = ended.end_ns + TICK_NS;
	ended.outcome = outcome;
	ended.measured = is_measured(outcome);
	tally_count(&ended);
	close(slot->fd);
	slot->fd = -1;
	free_slots[n_free++] = (int)(slot - slots);
}

static void bind_next_source(int fd)
{
	int yes = 1;
	struct sockaddr_in source = { .sin_family = AF_INET, .sin_addr = sources_next() };
	/* The port is chosen at connect, when the target is known: otherwise a port serves one target only. */
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
	if (bind(fd, (struct sockaddr *)&source, sizeof source) < 0)
		die("bind a source address");
}

static void watch(struct slot *slot, int operation, uint32_t events)
{
	struct epoll_event interest = { .events = events, .data.ptr = slot };
	if (epoll_ctl(epoll_fd, operation, slot->fd, &interest) < 0)
		die("watch a socket");
}

/* `due_ns` is when it should have begun. */
static void begin(uint64_t due_ns)
{
	struct slot *slot = &slots[free_slots[--n_free]];
	int fd = socket(AF_INET, (option->datagrams ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("open a socket");
	*slot = (struct slot){ .fd = fd, .said_from = told++ };
	bind_next_source(fd);
	slot->began_ns = now_ns();
	slot->due_ns = due_ns ? due_ns : slot->began_ns;
	if (connect(fd, (const struct sockaddr *)&option->target, sizeof option->target) < 0 && errno != EINPROGRESS) {
		finish(slot, tally_outcome_of_errno(errno));
		return;
	}
	/* One that speaks first waits until it can. */
	watch(slot, EPOLL_CTL_ADD, option->echo_bytes ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static enum outcome outcome_at_end(const struct slot *slot)
{
	const size_t wanted = option->answer_bytes ? option->answer_bytes : BANNER_BYTES;
	if (slot->got == 0)
		return NO_DATA;
	return slot->got == wanted && memcmp(slot->data, BANNER, BANNER_BYTES) == 0 ? SERVED : WRONG_DATA;
}

/* The line is kept; what comes behind it is counted, where there is to be anything. */
static ssize_t receive(struct slot *slot)
{
	if (option->answer_bytes && slot->got >= BANNER_BYTES)
		return recv(slot->fd, piece, sizeof piece, 0);
	size_t room = (option->answer_bytes ? BANNER_BYTES : sizeof slot->data) - slot->got;
	return room ? recv(slot->fd, slot->data + slot->got, room, 0) : 0;
}

/* Whether all is said or not, it is time to hear. */
static void on_echo(struct slot *slot)
{
	enum outcome outcome = SERVED;
	enum talk talk = TALK_ON;
	if (slot->sent < option->echo_bytes) {
		talk = echo_say(slot, option, &outcome);
		if (talk == TALK_ON)
			watch(slot, EPOLL_CTL_MOD, EPOLLIN);
	}
	if (talk != TALK_OVER)
		talk = echo_hear(slot, option, &outcome);
	for (int pieces = 1; pieces < PIECES_PER_TURN && talk == TALK_ON; pieces++)
		talk = echo_hear(slot, option, &outcome);
	if (talk == TALK_OVER)
		finish(slot, outcome);
}

/* Others get their turn before a long answer is over. */
static void on_ready(struct slot *slot)
{
	if (option->echo_bytes) {
		on_echo(slot);
		return;
	}
	for (int pieces = 0; pieces < PIECES_PER_TURN; pieces++) {
		ssize_t n = receive(slot);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			finish(slot, n < 0 ? tally_outcome_of_errno(errno) : outcome_at_end(slot));
			return;
		}
		if (slot->got == 0)
			slot->first_byte_ns = now_ns();
		slot->got += (size_t)n;
	}
}

static void expire(uint64_t now)
{
	for (int i = 0; i < option->in_flight; i++)
		if (slots[i].fd >= 0 && now - slots[i].began_ns > option->timeout_ns)
			finish(&slots[i], TIMED_OUT);
}

static void enter(enum phase next, uint64_t now)
{
	if (phase == MEASURING)
		measured_ns = now - phase_began_ns;
	phase = next;
	phase_began_ns = now;
}

/* After a refusal nothing begins for a tick, so that a port where nobody listens is not hammered. */
static void refill(uint64_t now)
{
	if (now < resume_ns)
		return;
	for (int attempts = n_free; attempts > 0; attempts--)
		begin(0);
}

/* When connection number `index` of the schedule is due. */
static uint64_t due_ns_of(unsigned long index)
{
	return phase_began_ns + (uint64_t)((double)index * 1e9 / option->per_second);
}

/* Open loop: what is due begins, or waits for a place with its clock running. */
static void follow_schedule(uint64_t now)
{
	for (uint64_t due = due_ns_of(begun); due <= now && n_free > 0; due = due_ns_of(begun)) {
		begun++;
		begin(due);
	}
}

/* ppoll because epoll_wait knows whole milliseconds only. */
static int wait_for_events(struct epoll_event *events, uint64_t now)
{
	uint64_t due = option->per_second > 0 && phase == MEASURING && n_free > 0 ? due_ns_of(begun) : UINT64_MAX;
	uint64_t wait_ns = due <= now ? 0 : due - now;
	if (wait_ns > TICK_NS)
		return epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, (int)(TICK_NS / NS_PER_MS));
	struct pollfd poller = { .fd = epoll_fd, .events = POLLIN };
	struct timespec timeout = { .tv_nsec = (long)wait_ns };
	ppoll(&poller, 1, &timeout, NULL);
	return epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, 0);
}

static void advance_phase(uint64_t now)
{
	if (phase == WARMING && (tally_finished() >= option->warm_up || now - phase_began_ns > option->timeout_ns))
		enter(MEASURING, now);
	if (phase == MEASURING && now - phase_began_ns >= option->duration_ns)
		enter(DRAINING, now);
}

static void start_connections(uint64_t now)
{
	if (phase == DRAINING)
		return;
	if (option->per_second > 0)
		follow_schedule(now);
	else
		refill(now);
}

static void prepare(void)
{
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_fd < 0)
		die("create an epoll descriptor");
	for (int i = option->in_flight - 1; i >= 0; i--) {
		slots[i].fd = -1;
		free_slots[n_free++] = i;
	}
}

uint64_t load_run(const struct options *options, struct schedule *schedule)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	option = options;
	prepare();
	uint64_t looked_ns = now_ns();
	enter(WARMING, looked_ns);
	while (phase != DRAINING || n_free < option->in_flight) {
		uint64_t now = now_ns();
		advance_phase(now);
		start_connections(now);
		int n = wait_for_events(events, now);
		for (int i = 0; i < n; i++)
			on_ready(events[i].data.ptr);
		if (now - looked_ns > TICK_NS)
			expire(looked_ns = now_ns()); /* not `now`: connections have begun since */
	}
	schedule->scheduled = (unsigned long)(option->per_second * (double)option->duration_ns / 1e9);
	schedule->unsent = schedule->scheduled > begun ? schedule->scheduled - begun : 0;
	return measured_ns;
}
