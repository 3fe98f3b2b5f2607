/*
 * loadgen: how fast does a TCP service on loopback answer?
 *
 *   loadgen -p PORT [-a ADDRESS] [-c IN_FLIGHT] [-d SECONDS] [-w WARM_UP] [-t TIMEOUT_MS]
 *
 * Keeps IN_FLIGHT connections open for SECONDS. Each one waits for the line "ok" and then for the end of the
 * stream; whatever else happens is an error of a kind. WARM_UP connections go before the clock starts, and
 * those under way when it stops are waited for; both are in `total` and not in the rate. One line of JSON.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Older C libraries lack it. */
#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

#define BANNER "ok\n"
#define BANNER_BYTES (sizeof BANNER - 1)
#define MAX_IN_FLIGHT 1024
#define SOURCES 64u		     /* one address has too few ports for a long run */
#define FIRST_SOURCE 0x7f4d0001u     /* 127.77.0.1 */
#define TICK_MS 20		     /* how often time-outs are looked for; also the pause after a refusal */
#define NS_PER_MS 1000000ull

enum outcome { SERVED, REFUSED, RESET, TIMED_OUT, NO_DATA, WRONG_DATA, OTHER, OUTCOMES };
enum phase { WARMING, MEASURING, DRAINING };

struct slot {
	int fd; /* -1: free */
	uint64_t started_ns;
	size_t got;
	char data[BANNER_BYTES + 1]; /* one more, to see that there is too much */
};

static struct {
	struct sockaddr_in target;
	int in_flight;
	uint64_t duration_ns, timeout_ns;
	unsigned long warm_up;
} option = { .in_flight = 1, .duration_ns = 1000 * NS_PER_MS, .timeout_ns = 5000 * NS_PER_MS };

static struct slot slots[MAX_IN_FLIGHT];
static int free_slots[MAX_IN_FLIGHT], n_free, epoll_fd, last_errno;
static unsigned next_source;
static enum phase phase;
static uint64_t phase_began_ns, measured_ns, resume_ns;
static unsigned long counts[OUTCOMES], finished;
static uint64_t *latencies_ns;
static size_t n_latencies, latency_room;

static void die(const char *what)
{
	fprintf(stderr, "loadgen: Cannot %s: %s\n", what, strerror(errno));
	exit(3);
}

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 * NS_PER_MS + (uint64_t)now.tv_nsec;
}

static void record_latency(uint64_t ns)
{
	if (n_latencies == latency_room) {
		latency_room = latency_room ? latency_room * 2 : 65536;
		latencies_ns = realloc(latencies_ns, latency_room * sizeof *latencies_ns);
		if (!latencies_ns)
			die("allocate memory");
	}
	latencies_ns[n_latencies++] = ns;
}

/* The one place where a connection ends. */
static void finish(struct slot *slot, enum outcome outcome)
{
	if (outcome == SERVED && phase == MEASURING)
		record_latency(now_ns() - slot->started_ns);
	if (outcome == REFUSED)
		resume_ns = now_ns() + TICK_MS * NS_PER_MS;
	counts[outcome]++;
	finished++;
	close(slot->fd);
	slot->fd = -1;
	free_slots[n_free++] = (int)(slot - slots);
}

static enum outcome outcome_of_errno(int error)
{
	last_errno = error;
	if (error == ECONNREFUSED)
		return REFUSED;
	return error == ECONNRESET || error == EPIPE ? RESET : OTHER;
}

static void bind_next_source(int fd)
{
	int yes = 1;
	struct sockaddr_in source = { .sin_family = AF_INET };
	source.sin_addr.s_addr = htonl(FIRST_SOURCE + next_source++ % SOURCES);
	/* The port is chosen at connect, when the target is known: otherwise a port serves one target only. */
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
	if (bind(fd, (struct sockaddr *)&source, sizeof source) < 0)
		die("bind a source address");
}

static void begin(struct slot *slot)
{
	slot->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (slot->fd < 0)
		die("open a socket");
	slot->got = 0;
	bind_next_source(slot->fd);
	slot->started_ns = now_ns();
	if (connect(slot->fd, (struct sockaddr *)&option.target, sizeof option.target) < 0 && errno != EINPROGRESS) {
		finish(slot, outcome_of_errno(errno));
		return;
	}
	struct epoll_event interest = { .events = EPOLLIN, .data.ptr = slot };
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, slot->fd, &interest) < 0)
		die("watch a socket");
}

static enum outcome outcome_at_end(const struct slot *slot)
{
	if (slot->got == 0)
		return NO_DATA;
	return slot->got == BANNER_BYTES && memcmp(slot->data, BANNER, BANNER_BYTES) == 0 ? SERVED : WRONG_DATA;
}

static void on_ready(struct slot *slot)
{
	for (;;) {
		size_t room = sizeof slot->data - slot->got;
		ssize_t n = room ? recv(slot->fd, slot->data + slot->got, room, 0) : 0;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			finish(slot, n < 0 ? outcome_of_errno(errno) : outcome_at_end(slot));
			return;
		}
		slot->got += (size_t)n;
	}
}

static void expire(uint64_t now)
{
	for (int i = 0; i < option.in_flight; i++)
		if (slots[i].fd >= 0 && now - slots[i].started_ns > option.timeout_ns)
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
		begin(&slots[free_slots[--n_free]]);
}

static void run(void)
{
	struct epoll_event events[64];
	uint64_t looked_ns = now_ns();
	enter(WARMING, looked_ns);
	for (;;) {
		uint64_t now = now_ns();
		if (phase == WARMING && (finished >= option.warm_up || now - phase_began_ns > option.timeout_ns))
			enter(MEASURING, now);
		if (phase == MEASURING && now - phase_began_ns >= option.duration_ns)
			enter(DRAINING, now);
		if (phase == DRAINING && n_free == option.in_flight)
			return;
		if (phase != DRAINING)
			refill(now);
		int n = epoll_wait(epoll_fd, events, 64, TICK_MS);
		for (int i = 0; i < n; i++)
			on_ready(events[i].data.ptr);
		if (now - looked_ns > TICK_MS * NS_PER_MS)
			expire(looked_ns = now_ns()); /* not `now`: connections have begun since */
	}
}

static int by_value(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
	return (a > b) - (a < b);
}

/* The smallest value that at least `share` of all are not above. */
static double quantile_us(double share)
{
	if (!n_latencies)
		return 0;
	size_t rank = (size_t)(share * (double)n_latencies + 0.999999);
	if (rank > n_latencies)
		rank = n_latencies;
	return (double)latencies_ns[rank ? rank - 1 : 0] / 1000;
}

static double own_cpu_us(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void report(void)
{
	double seconds = (double)measured_ns / 1e9;
	if (n_latencies)
		qsort(latencies_ns, n_latencies, sizeof *latencies_ns, by_value);
	printf("{\"connections\":%zu,\"total\":%lu,\"seconds\":%.6f,\"perSecond\":%.1f,", n_latencies, counts[SERVED], seconds,
	       (double)n_latencies / seconds);
	printf("\"p50Us\":%.1f,\"p99Us\":%.1f,\"maxUs\":%.1f,", quantile_us(0.5), quantile_us(0.99), quantile_us(1));
	printf("\"errors\":{\"refused\":%lu,\"reset\":%lu,\"timeout\":%lu,\"noData\":%lu,\"wrongData\":%lu,\"other\":%lu},",
	       counts[REFUSED], counts[RESET], counts[TIMED_OUT], counts[NO_DATA], counts[WRONG_DATA], counts[OTHER]);
	printf("\"lastErrno\":%d,\"cpuUs\":%.0f}\n", last_errno, own_cpu_us());
}

static double number_in(const char *text, double lowest, double highest)
{
	char *end;
	double value = strtod(text, &end);
	if (end != text && !*end && value >= lowest && value <= highest)
		return value;
	fprintf(stderr, "loadgen: Cannot use \"%s\": expected a number from %g to %g\n", text, lowest, highest);
	exit(2);
}

static void set_target(const char *text)
{
	if (inet_pton(AF_INET, text, &option.target.sin_addr) == 1 && ntohl(option.target.sin_addr.s_addr) >> 24 == 127)
		return;
	fprintf(stderr, "loadgen: Cannot use \"%s\": expected an IPv4 address of loopback\n", text);
	exit(2);
}

static void read_options(int argc, char **argv)
{
	int letter;
	option.target.sin_family = AF_INET;
	option.target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	while ((letter = getopt(argc, argv, "a:c:d:p:t:w:")) != -1) {
		switch (letter) {
		case 'a': set_target(optarg); break;
		case 'c': option.in_flight = (int)number_in(optarg, 1, MAX_IN_FLIGHT); break;
		case 'd': option.duration_ns = (uint64_t)(number_in(optarg, 0.01, 60) * 1e9); break;
		case 'p': option.target.sin_port = htons((uint16_t)number_in(optarg, 1, 65535)); break;
		case 't': option.timeout_ns = (uint64_t)number_in(optarg, 1, 60000) * NS_PER_MS; break;
		case 'w': option.warm_up = (unsigned long)number_in(optarg, 0, 1e6); break;
		default: exit(2);
		}
	}
	if (optind == argc && option.target.sin_port)
		return;
	fprintf(stderr, "usage: loadgen -p PORT [-a ADDRESS] [-c IN_FLIGHT] [-d SECONDS] [-w WARM_UP] [-t TIMEOUT_MS]\n");
	exit(2);
}

int main(int argc, char **argv)
{
	read_options(argc, argv);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_fd < 0)
		die("create an epoll descriptor");
	for (int i = option.in_flight - 1; i >= 0; i--) {
		slots[i].fd = -1;
		free_slots[n_free++] = i;
	}
	run();
	report();
	return 0;
}
