/*
 * loadgen: how fast does a TCP service on loopback answer, or refuse?
 *
 * Each connection ends in exactly one outcome. main.c reads the options, load.c keeps the connections going,
 * echo.c has what they say where they say something, sources.c where they come from, tally.c counts and reports.
 */
#ifndef LOADGEN_H
#define LOADGEN_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_IN_FLIGHT 8192
#define NS_PER_MS 1000000ull
#define PIECE_BYTES 262144u
#define BANNER "ok\n"
#define BANNER_BYTES (sizeof BANNER - 1)

enum outcome { SERVED, REFUSED_BY_SERVER, REFUSED, RESET, TIMED_OUT, NO_DATA, WRONG_DATA, OTHER, OUTCOMES };

struct options {
	struct sockaddr_in target;
	int in_flight;
	uint64_t duration_ns, timeout_ns;
	unsigned long warm_up;
	size_t answer_bytes; /* 0: the line, and nothing else */
	size_t echo_bytes;   /* 0: it says nothing; else it says so many, and wants them back */
	int datagrams;	     /* one datagram there, and one back */
	double per_second; /* 0: as fast as it goes */
	enum outcome expected;
	uint32_t first_source, sources; /* host byte order */
	int random_sources;
};

/* A connection that is over. Times are 0 where there was no such moment. */
struct ended {
	enum outcome outcome;
	int measured; /* it counts for rate and latencies */
	uint64_t due_ns, first_byte_ns, end_ns;
};

/* What the schedule of a paced run came to. */
struct schedule {
	unsigned long scheduled, unsent;
};

/* Connects as the options say until the time is over; counts everything in the tally. Gives the time measured. */
uint64_t load_run(const struct options *options, struct schedule *schedule);

/* A connection, or a place for one. */
struct slot {
	int fd; /* -1: free */
	uint64_t due_ns, began_ns, first_byte_ns;
	size_t got;
	size_t sent, said_from; /* of an echo */
	char data[BANNER_BYTES + 1]; /* one more, to see that there is too much */
};

/* It goes on at once, when the socket is ready again, or not at all. */
enum talk { TALK_ON, TALK_LATER, TALK_OVER };

void echo_init(void);
/* Says as much as goes. */
enum talk echo_say(struct slot *slot, const struct options *options, enum outcome *outcome);
/* Hears one piece, and looks at each byte of it. */
enum talk echo_hear(struct slot *slot, const struct options *options, enum outcome *outcome);

void sources_init(const struct options *options);
struct in_addr sources_next(void);

void tally_count(const struct ended *ended);
unsigned long tally_finished(void);
enum outcome tally_outcome_of_errno(int error);
void tally_report(const struct options *options, const struct schedule *schedule, uint64_t measured_ns);

uint64_t now_ns(void);
_Noreturn void die(const char *what);

#endif
