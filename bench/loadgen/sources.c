#include "loadgen.h"

#include <arpa/inet.h>

static uint32_t first, count, next;
static uint64_t state;

void sources_init(const struct options *options)
{
	first = options->first_source;
	count = options->sources;
	/* xorshift64* from a fixed seed: a run can be had again. */
	state = options->random_sources ? 0x9e3779b97f4a7c15ull : 0;
}

static uint32_t next_random(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 0x2545f4914f6cdd1dull) >> 32);
}

struct in_addr sources_next(void)
{
	uint32_t index = (state ? next_random() : next++) % count;
	return (struct in_addr){ htonl(first + index) };
}
