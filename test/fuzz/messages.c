/*
 * What a taken-over dispatcher says to the spawner (F23, S7, S98): packets with and without descriptors, in any order with
 * births, ends, reloads, upgrades and stops. The spawner is the real one but for the processes that it makes.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "../../src/native/shared/passing.h"
#include "fake-kernel.h"
#include "fixture.h"
#include "launcher.h"
#include "spawner.h"
#include "words.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define MOST_STEPS 400
#define MOST_IDS 512u
#define MOST_SLOTS 64u

static int files[FIXTURE_VERSIONS];
/* One launcher for all runs, since it is large: all but the places themselves is made as it was. */
static struct launcher *launcher;
static uint8_t pristine[offsetof(struct launcher, launches)];
static struct spawner spawner;

/* What the dispatcher knows. */
static struct {
	uint32_t asked;		    /* launches, each with its number as its id */
	uint8_t answers[MOST_IDS];  /* of each */
	uint8_t launched[MOST_IDS];
	uint64_t slots[MOST_SLOTS];
	uint32_t n_slots;
	int is_plain; /* one dispatcher all the time, which says nothing but what is counted here */
} dispatcher;

struct input {
	const uint8_t *at;
	size_t left;
};

static uint8_t take_byte(struct input *input)
{
	if (!input->left)
		return 0;
	input->left--;
	return *input->at++;
}

static void take_bytes(struct input *input, void *to, size_t count)
{
	for (size_t i = 0; i < count; i++)
		((uint8_t *)to)[i] = take_byte(input);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	for (uint32_t i = 0; i < FIXTURE_VERSIONS; i++)
		files[i] = fixture_file(fixture_table(i));
	signal(SIGPIPE, SIG_IGN);
	launcher = launcher_new(&spawner.children);
	memcpy(pristine, launcher, sizeof pristine);
	return 0;
}

static struct blob map_version(uint32_t version)
{
	struct blob blob;
	if (blob_map(files[version % FIXTURE_VERSIONS], &blob) < 0)
		abort();
	return blob;
}

#define check(is_so) ((is_so) ? (void)0 : give_up(__LINE__))

static _Noreturn void give_up(int line)
{
	dprintf(2, "messages.c:%d does not hold\n", line);
	abort();
}

/* ---- as start.c does it ---- */

static void begin(uint32_t version)
{
	static struct table none;
	none = (struct table){ .users = 2 };
	kernel_begin();
	memset(&dispatcher, 0, sizeof dispatcher);
	dispatcher.is_plain = 1;
	spawner = (struct spawner){
		.table = &none, .policy = -1, .dispatcher.channel = -1, .resolver.channel = -1, .outlet_fd = -1, .report = -1,
		.upgrade = { .words = -1, .leaving = { -1, -1, -1, -1, 0 } }, .compiler.fds = { -1, -1, -1 }, .signals = -1,
	};
	check(boot_decode(fixture_boot(), &spawner.boot) == 0);
	spawner.launcher = launcher;
	spawner.children.watch = epoll_create1(EPOLL_CLOEXEC);
	check(pending_prepare(&spawner, map_version(version)) == 0);
	spawner.pending.policy = open("/dev/null", O_RDONLY | O_CLOEXEC);
	pending_commit(&spawner);
}

static void reset_launcher(void)
{
	for (uint32_t i = 0; i < LAUNCHES; i++) {
		if (launcher->states[i] != PLACE_FREE) {
			close_pair(launcher->launches[i].handoff.words);
			if (launcher->launches[i].handoff.cgroup >= 0)
				close(launcher->launches[i].handoff.cgroup);
			table_release(launcher->launches[i].table);
		}
		close_pair(launcher->channels[i]);
	}
	free(launcher->launching);
	memcpy(launcher, pristine, sizeof pristine);
}

static void free_children(struct children *children)
{
	for (uint32_t i = 0; i < children->count; i++)
		if (children->table[i].state != CHILD_FREE && children->table[i].words >= 0)
			close(children->table[i].words);
	close(children->watch);
	free(children->table);
	free(children->by_pid);
	free(children->running);
}

/* What the end of the process does otherwise. */
static void end(void)
{
	struct leaving *leaving = &spawner.upgrade.leaving;
	int *const fds[] = {
		&spawner.policy, &spawner.dispatcher.channel, &spawner.resolver.channel, &spawner.outlet_fd, &spawner.report,
		&spawner.upgrade.words, &leaving->boot, &leaving->rows, &leaving->table, &leaving->policy, &spawner.compiler.fds[TABLE], &spawner.compiler.fds[POLICY],
	};
	if (spawner.pending.table)
		pending_drop(&spawner);
	listeners_close(spawner.listeners, spawner.table);
	free(spawner.listeners);
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		let_go(fds[i]);
	reset_launcher();
	free_children(&spawner.children);
	table_release(spawner.table);
	for (int i = 0; i < WORKERS; i++) {
		free(spawner.boot.workers[i].argv);
		free(spawner.boot.workers[i].env);
	}
	kernel_end();
}

/* ---- what holds at any time ---- */

static void check_children(void)
{
	const struct children *children = &spawner.children;
	uint32_t live = 0, running = 0, ending = 0, free = 0;
	for (uint32_t i = 0; i < children->count; i++) {
		live += (uint32_t)child_is_live(&children->table[i]);
		ending += children->table[i].state == CHILD_ENDING;
		free += children->table[i].state == CHILD_FREE;
	}
	for (uint32_t i = 0; i <= children->services; i++)
		running += children->running[i];
	for (uint32_t i = children->free; i != NO_CHILD; i = children->table[i].next_by_pid)
		free--;
	check(live == children->live && live == running && ending == children->ending && free == 0);
}

static void check_launcher(void)
{
	uint32_t states[PLACE_LAUNCHING + 1] = { 0 }, launching = 0, free = 0, channels = 0;
	for (uint32_t i = 0; i < LAUNCHES; i++) {
		states[launcher->states[i]]++;
		channels += launcher->channels[i][0] >= 0;
	}
	for (uint32_t i = 0; i <= spawner.table->n_services; i++)
		launching += launcher->launching[i];
	for (uint32_t i = launcher->free; i != NO_PLACE; i = launcher->next[i])
		free++;
	check(free == states[PLACE_FREE] && channels == launcher->n_channels);
	check(states[PLACE_LAUNCHING] == launcher->launches_under_way && launching == launcher->launches_under_way);
	check(states[PLACE_ARMED] + states[PLACE_SPENT] + states[PLACE_ENDING] == launcher->armed && states[PLACE_SPENT] == launcher->spent);
	check(launcher->armed <= ARMED);
}

/* ---- the dispatcher's side ---- */

static void hear(const struct event *event, int fd)
{
	const int is_outcome = event->type == EVENT_LAUNCHED || event->type == EVENT_RAN || event->type == EVENT_FAILED ||
			       (event->type == EVENT_REFUSED && (event->status == REQUEST_LAUNCH || event->status == REQUEST_LAUNCH_WAIT));
	check(event->generation <= spawner.generation);
	check(event->type >= EVENT_HELLO && event->type <= EVENT_RAN);
	if (event->type == EVENT_LAUNCHED || event->type == EVENT_CHILD)
		dispatcher.slots[dispatcher.n_slots++ % MOST_SLOTS] = event->slot;
	if (!dispatcher.is_plain || event->id >= MOST_IDS)
		return;
	if (is_outcome)
		check(event->id < dispatcher.asked && dispatcher.answers[event->id]++ == 0);
	dispatcher.launched[event->id] += event->type == EVENT_LAUNCHED;
	if (event->type == EVENT_EXITED)
		check(dispatcher.launched[event->id]-- == 1);
	if (event->type == EVENT_FAILED || event->type == EVENT_REFUSED)
		check(fd < 0);
}

static void hear_all(void)
{
	struct event event;
	struct passed passed;
	int length;
	while (kernel.channel >= 0 && (length = passing_receive(kernel.channel, &event, sizeof event, &passed)) > 0) {
		check(length == sizeof event && !passed.cut && passed.count <= 1);
		hear(&event, passed.first);
		if (passed.first >= 0)
			close(passed.first);
	}
}

/* A connection that came in at a listener, as accept(2) gives it; the client is gone without a trace. */
static int connection_at(uint32_t row)
{
	static const struct linger none = { .l_onoff = 1 };
	if (row >= spawner.table->n_listeners || spawner.listeners[row].fd < 0 || spawner.table->listeners[row].type != SOCK_STREAM)
		return -1;
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(spawner.listeners[row].port),
	};
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(client, SOL_SOCKET, SO_LINGER, &none, sizeof none);
	int connected = connect(client, (const struct sockaddr *)&to, sizeof to);
	int fd = connected < 0 ? -1 : accept4(spawner.listeners[row].fd, NULL, NULL, SOCK_CLOEXEC);
	close(client);
	return fd;
}

static int one_of_pair(int type)
{
	int pair[2];
	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	close(pair[1]);
	return pair[0];
}

static int descriptor_of(uint8_t kind)
{
	const uint32_t row = kind >> 4;
	switch (kind & 7) {
	case 1:
	case 2:
		return connection_at(row % FIXTURE_LISTENERS);
	case 3:
		return one_of_pair(SOCK_STREAM);
	case 4:
		return one_of_pair(SOCK_SEQPACKET);
	case 5:
		return open("/dev/null", O_RDWR | O_CLOEXEC);
	case 6:
		return row < spawner.table->n_listeners ? fcntl(spawner.listeners[row].fd, F_DUPFD_CLOEXEC, 0) : -1;
	default:
		return -1;
	}
}

static int say(const void *bytes, size_t size, int fd)
{
	int sent = kernel.channel < 0 ? -1 : passing_send(kernel.channel, bytes, size, fd);
	if (fd >= 0)
		close(fd);
	return sent;
}

/* A packet that is right but for what the input has it be. */
static void say_made(struct input *input)
{
	uint8_t raw[8];
	struct message message = { 0 };
	struct request *request = &message.request;
	take_bytes(input, raw, sizeof raw);
	request->type = raw[0] & 15;
	request->generation = spawner.generation - (raw[0] >> 7);
	request->service = raw[1] & 7;
	request->variant = raw[1] >> 4;
	request->listener = request->type == REQUEST_LAUNCH ? raw[2] >> 7 : raw[2] & 7;
	request->signal = request->type == REQUEST_SIGNAL ? (uint32_t[]){ SIGTERM, SIGKILL, SIGHUP, 0 }[raw[3] & 3] : 0;
	const int launches = request->type == REQUEST_LAUNCH || request->type == REQUEST_LAUNCH_WAIT;
	if (request->type == REQUEST_SIGNAL)
		request->id = dispatcher.slots[raw[4] % MOST_SLOTS];
	else if (launches)
		request->id = dispatcher.asked;
	if (request->type == REQUEST_OPEN && (raw[5] & 1))
		request->peer = (struct endpoint){ .family = AF_INET, .port = 9, .address = { 127, 0, 0, raw[5] } };
	if (!launches && !(raw[5] & 2))
		request->service = request->type == REQUEST_OUTLET ? raw[1] & 1 : 0, request->variant = request->type == REQUEST_RELOAD ? raw[1] & 1 : 0;
	if (!launches && request->type != REQUEST_OPEN && !(raw[5] & 4))
		request->listener = 0;
	take_bytes(input, message.values, raw[7]);
	const int fd = descriptor_of(raw[6]);
	if (dispatcher.asked < MOST_IDS && say(request, sizeof *request + raw[7], fd) > 0 && launches)
		dispatcher.asked++;
}

/* Any bytes, and none to four descriptors. */
static void say_raw(struct input *input)
{
	uint8_t bytes[2304]; /* more than a packet may have */
	union passing_control control = { 0 };
	const size_t size = (size_t)take_byte(input) + (take_byte(input) & 1 ? 2000 : 0), count = take_byte(input) % 5;
	struct iovec part = { .iov_base = bytes, .iov_len = size };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	memset(bytes, 0, sizeof bytes);
	take_bytes(input, bytes, size < input->left ? size : input->left);
	dispatcher.is_plain = 0;
	if (kernel.channel < 0 || !size)
		return;
	if (count) {
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		*header = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(count * sizeof(int)) };
		for (size_t i = 0; i < count; i++)
			memcpy(CMSG_DATA(header) + i * sizeof(int), &files[i], sizeof(int));
	}
	sendmsg(kernel.channel, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* ---- what happens to the spawner ---- */

/* As main.c does it. */
static void turn(void)
{
	launcher_settle(spawner.launcher);
	keep_workers(&spawner);
	tell(&spawner);
	compiler_turn(&spawner);
	upgrade_turn(&spawner);
	launcher_arm(spawner.launcher, spawner.phase == SERVING && !spawner.upgrade.step);
	notify_state(&spawner);
	if (spawner.dispatcher.channel >= 0 && !spawner.deaf)
		handle_requests(&spawner, 64);
	words_listen(&spawner.children);
	children_settle(&spawner.children);
	advance(&spawner);
}

static void reap_one(uint32_t n, int status)
{
	const struct rusage usage = { .ru_maxrss = 1 };
	pid_t pid = child_exits(n);
	if (pid)
		launcher_reaped(spawner.launcher, pid, status, &usage);
}

static void end_compiler(uint8_t how)
{
	const pid_t pid = spawner.compiler.pid;
	static const int statuses[] = { 0, 0, 0, 1 << 8, 3 << 8, SIGKILL };
	const int status = statuses[(how >> 4) % 6];
	if (!pid)
		return;
	const struct blob blob = fixture_table(how & 7);
	if (how & 8)
		check(write(spawner.compiler.fds[TABLE], blob.bytes, blob.size / 2) > 0);
	else
		check(write(spawner.compiler.fds[TABLE], blob.bytes, blob.size) == (ssize_t)blob.size);
	worker_exits(pid);
	compiler_ended(&spawner, status);
}

static void end_upgrade(uint8_t how)
{
	static const int statuses[] = { 0, 88 << 8, 1 << 8, 3 << 8, SIGKILL };
	const pid_t pid = spawner.upgrade.pid;
	if (!pid)
		return;
	worker_exits(pid);
	upgrade_ended(&spawner, statuses[how % 5]);
}

static void end_dispatcher_process(void)
{
	const pid_t pid = spawner.dispatcher.pid;
	if (!pid)
		return;
	dispatcher.is_plain = 0;
	worker_exits(pid);
	let_go(&kernel.channel);
	dispatcher_died(&spawner);
}

static void end_resolver(void)
{
	const pid_t pid = spawner.resolver.pid;
	if (!pid)
		return;
	worker_exits(pid);
	worker_ended(&spawner.resolver);
}

static void signal_spawner(uint8_t which)
{
	switch (which & 7) {
	case 0:
	case 1:
	case 2:
		spawner.compiler.wanted = 1;
		break;
	case 3:
		spawner.dump = (struct event){ .type = EVENT_DUMP, .id = spawner.children.live };
		break;
	case 4:
		quit(&spawner);
		break;
	case 5:
		next_phase(&spawner);
		break;
	case 6:
		kernel.fails_birth = 1;
		break;
	default:
		kernel.fails_worker = which >> 7;
		kernel.own_pid = which >> 6 & 1;
	}
}

static void step(struct input *input)
{
	const uint8_t what = take_byte(input), n = what >> 4;
	switch (what & 15) {
	case 0:
	case 1:
		say_made(input);
		break;
	case 2:
		say_raw(input);
		break;
	case 3:
		hear_all();
		break;
	case 4:
	case 5:
	case 6:
	case 7:
		child_does(take_byte(input), (enum deed)(what & 3));
		break;
	case 8:
		reap_one(take_byte(input), n << 8);
		break;
	case 9:
		kernel_births();
		break;
	case 10:
		kernel.now_us += 1000ull << n;
		break;
	case 11:
		end_compiler(take_byte(input));
		break;
	case 12:
		end_upgrade(take_byte(input));
		break;
	case 13:
		if (n & 1)
			end_dispatcher_process();
		else
			end_resolver();
		break;
	case 14:
		signal_spawner(take_byte(input));
		break;
	default:
		turn();
	}
}

static int is_all_answered(void)
{
	for (uint32_t id = 0; id < dispatcher.asked; id++)
		if (dispatcher.answers[id] != 1)
			return 0;
	return 1;
}

/* Every launch that was asked for has come to one outcome, once all that hangs is over. */
static void check_conservation(void)
{
	hear_all();
	for (uint32_t i = 0; i < 1024 && spawner.phase == SERVING && dispatcher.is_plain && !is_all_answered(); i++) {
		kernel_births();
		for (uint32_t n = 0; n < kernel.children; n++)
			child_does(n, EXECS);
		for (uint32_t n; (n = child_dying()) < kernel.children;)
			reap_one(n, SIGKILL);
		turn();
		hear_all();
	}
	if (spawner.phase != SERVING || !dispatcher.is_plain || spawner.deaf || spawner.dispatcher.channel < 0 || spawner.upgrade.step)
		return;
	check(is_all_answered());
}

static void count_descriptors(uint8_t *open)
{
	struct pollfd polled[256];
	for (int fd = 0; fd < 256; fd++)
		polled[fd] = (struct pollfd){ .fd = fd };
	poll(polled, 256, 0);
	for (int fd = 0; fd < 256; fd++)
		open[fd] = !(polled[fd].revents & POLLNVAL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t before[256], after[256];
	struct input input = { bytes, size };
	count_descriptors(before);
	begin(take_byte(&input));
	if (setjmp(kernel.end) == 0) {
		turn();
		for (int i = 0; i < MOST_STEPS && input.left; i++) {
			step(&input);
			check_children();
			check_launcher();
		}
		check_conservation();
	}
	end();
	count_descriptors(after);
	check(memcmp(before, after, sizeof before) == 0);
	return 0;
}
