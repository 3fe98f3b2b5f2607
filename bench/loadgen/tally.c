#include "loadgen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

struct series {
	uint64_t *values_ns;
	size_t count, room;
};

static const char *const names[OUTCOMES] = { "served", "refusedByServer", "refused", "reset",
					     "timeout", "noData", "wrongData", "other" };

static unsigned long counts[OUTCOMES], finished;
static struct series to_end, to_first_byte;
static int last_errno;

static void record(struct series *series, uint64_t ns)
{
	if (series->count == series->room) {
		series->room = series->room ? series->room * 2 : 65536;
		series->values_ns = realloc(series->values_ns, series->room * sizeof *series->values_ns);
		if (!series->values_ns)
			die("allocate memory");
	}
	series->values_ns[series->count++] = ns;
}

void tally_count(const struct ended *ended)
{
	counts[ended->outcome]++;
	finished++;
	if (!ended->measured)
		return;
	record(&to_end, ended->end_ns - ended->due_ns);
	if (ended->first_byte_ns)
		record(&to_first_byte, ended->first_byte_ns - ended->due_ns);
}

unsigned long tally_finished(void)
{
	return finished;
}

enum outcome tally_outcome_of_errno(int error)
{
	last_errno = error;
	if (error == ECONNREFUSED)
		return REFUSED;
	return error == ECONNRESET || error == EPIPE ? RESET : OTHER;
}

static int by_value(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
	return (a > b) - (a < b);
}

/* The smallest value that at least `share` of all are not above. */
static double quantile_us(const struct series *series, double share)
{
	if (!series->count)
		return 0;
	size_t rank = (size_t)(share * (double)series->count + 0.999999);
	if (rank > series->count)
		rank = series->count;
	return (double)series->values_ns[rank ? rank - 1 : 0] / 1000;
}

static void print_latencies(struct series *series)
{
	if (series->count)
		qsort(series->values_ns, series->count, sizeof *series->values_ns, by_value);
	printf("\"p50Us\":%.1f,\"p99Us\":%.1f,\"maxUs\":%.1f", quantile_us(series, 0.5), quantile_us(series, 0.99),
	       quantile_us(series, 1));
}

/* All but what was expected; where service is, a refusal counts as the kind of end that it was. */
static void print_errors(enum outcome expected)
{
	const char *comma = "";
	printf("\"errors\":{");
	for (int kind = 0; kind < OUTCOMES; kind++) {
		if (kind == (int)expected || (expected == SERVED && kind == REFUSED_BY_SERVER))
			continue;
		printf("%s\"%s\":%lu", comma, names[kind], counts[kind]);
		comma = ",";
	}
	printf("}");
}

static double own_cpu_us(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void tally_report(const struct options *options, const struct schedule *schedule, uint64_t measured_ns)
{
	double seconds = (double)measured_ns / 1e9;
	printf("{\"expected\":\"%s\",\"connections\":%zu,\"total\":%lu,\"seconds\":%.6f,\"perSecond\":%.1f,",
	       names[options->expected], to_end.count, counts[options->expected], seconds, (double)to_end.count / seconds);
	if (options->per_second > 0)
		printf("\"scheduled\":%lu,\"unsent\":%lu,", schedule->scheduled, schedule->unsent);
	print_latencies(&to_end);
	printf(",\"firstByte\":{");
	print_latencies(&to_first_byte);
	printf("},");
	print_errors(options->expected);
	printf(",\"lastErrno\":%d,\"cpuUs\":%.0f}\n", last_errno, own_cpu_us());
}
