/*
 *   loadgen -p PORT [-a ADDRESS] [-c IN_FLIGHT] [-d SECONDS] [-w WARM_UP] [-t TIMEOUT_MS]
 *           [-x] [-b BYTES] [-e BYTES] [-u] [-r RATE] [-s FIRST_SOURCE] [-n SOURCES] [-R]
 *
 * Keeps IN_FLIGHT connections open for SECONDS. Each one waits for the line "ok" and then for the end of the
 * stream; whatever else happens is an error of a kind. WARM_UP connections go before the clock starts, and
 * those under way when it stops are waited for; both are in `total` and not in the rate. One line of JSON.
 *
 *   -b  an answer has BYTES bytes and begins with the line, whatever comes then
 *   -e  says BYTES bytes and wants them back, instead of the line; then it closes
 *   -u  with -e: in a datagram there, and one back, from a socket that is new for each
 *   -x  a refusal is what is wanted: accepted, then closed or reset without a byte; service is the error
 *   -r  RATE connections a second on a schedule, IN_FLIGHT at most; latencies count from the moment that the
 *       schedule says, also for connections that had to wait for their turn, and those under way at the end count
 *   -s, -n  sources are the SOURCES addresses from FIRST_SOURCE on, in turn, or with -R by chance
 */
#define _GNU_SOURCE
#include "loadgen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define USAGE                                                                                             \
	"usage: loadgen -p PORT [-a ADDRESS] [-c IN_FLIGHT] [-d SECONDS] [-w WARM_UP] [-t TIMEOUT_MS]\n"  \
	"               [-x] [-b BYTES] [-e BYTES] [-u] [-r RATE] [-s FIRST_SOURCE]\n"                    \
	"               [-n SOURCES] [-R]\n"
#define LOOPBACK_NET 127u
#define LAST_SOURCE 0x7ffffffeu /* 127.255.255.255 is a broadcast address */
#define DESCRIPTORS_BESIDE 16
#define MOST_OF_A_DATAGRAM 1472

static struct options option = {
	.in_flight = 1,
	.duration_ns = 1000 * NS_PER_MS,
	.timeout_ns = 5000 * NS_PER_MS,
	.expected = SERVED,
	.first_source = 0x7f4d0001u, /* 127.77.0.1 */
	.sources = 64,		     /* one address has too few ports for a long run */
};

static _Noreturn void refuse_text(const char *text, const char *wanted)
{
	fprintf(stderr, "loadgen: Cannot use \"%s\": expected %s\n", text, wanted);
	exit(2);
}

static double number_in(const char *text, double lowest, double highest)
{
	char *end, wanted[80];
	double value = strtod(text, &end);
	if (end != text && !*end && value >= lowest && value <= highest)
		return value;
	snprintf(wanted, sizeof wanted, "a number from %g to %g", lowest, highest);
	refuse_text(text, wanted);
}

/* In host byte order. */
static uint32_t loopback_address(const char *text)
{
	struct in_addr address;
	if (inet_pton(AF_INET, text, &address) != 1 || ntohl(address.s_addr) >> 24 != LOOPBACK_NET)
		refuse_text(text, "an IPv4 address of loopback");
	return ntohl(address.s_addr);
}

static void read_option(int letter)
{
	switch (letter) {
	case 'a': option.target.sin_addr.s_addr = htonl(loopback_address(optarg)); break;
	case 'b': option.answer_bytes = (size_t)number_in(optarg, 4, 1e12); break;
	case 'c': option.in_flight = (int)number_in(optarg, 1, MAX_IN_FLIGHT); break;
	case 'd': option.duration_ns = (uint64_t)(number_in(optarg, 0.01, 3600) * 1e9); break;
	case 'e': option.echo_bytes = (size_t)number_in(optarg, 1, 1e12); break;
	case 'n': option.sources = (uint32_t)number_in(optarg, 1, 1 << 24); break;
	case 'p': option.target.sin_port = htons((uint16_t)number_in(optarg, 1, 65535)); break;
	case 'r': option.per_second = number_in(optarg, 0.1, 1e6); break;
	case 'R': option.random_sources = 1; break;
	case 's': option.first_source = loopback_address(optarg); break;
	case 't': option.timeout_ns = (uint64_t)number_in(optarg, 1, 60000) * NS_PER_MS; break;
	case 'u': option.datagrams = 1; break;
	case 'w': option.warm_up = (unsigned long)number_in(optarg, 0, 1e6); break;
	case 'x': option.expected = REFUSED_BY_SERVER; break;
	default: exit(2);
	}
}

static void check_options(void)
{
	if (option.first_source + (uint64_t)option.sources - 1 > LAST_SOURCE)
		refuse_text("-n", "sources below 127.255.255.255");
	if (option.per_second > 0 && option.warm_up > 0)
		refuse_text("-w", "no warm-up of a run with a rate");
	if (option.datagrams && (option.echo_bytes == 0 || option.echo_bytes > MOST_OF_A_DATAGRAM))
		refuse_text("-u", "datagrams of 1 to 1472 bytes, which -e says");
	if (option.echo_bytes > 0 && (option.answer_bytes > 0 || option.expected != SERVED))
		refuse_text("-e", "neither -b nor -x beside it");
}

static void read_options(int argc, char **argv)
{
	int letter;
	option.target.sin_family = AF_INET;
	option.target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	while ((letter = getopt(argc, argv, "a:b:c:d:e:n:p:r:Rs:t:uw:x")) != -1)
		read_option(letter);
	if (optind < argc || !option.target.sin_port) {
		fputs(USAGE, stderr);
		exit(2);
	}
	check_options();
}

/* The soft limit of a login is less than what can be in flight. */
static void allow_descriptors(void)
{
	struct rlimit limit;
	rlim_t wanted = (rlim_t)option.in_flight + DESCRIPTORS_BESIDE;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("read the limit on descriptors");
	if (limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("raise the limit on descriptors");
}

int main(int argc, char **argv)
{
	struct schedule schedule;
	read_options(argc, argv);
	allow_descriptors();
	sources_init(&option);
	echo_init();
	uint64_t measured_ns = load_run(&option, &schedule);
	tally_report(&option, &schedule, measured_ns);
	return 0;
}
