#include "environment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* By number; src/launch/peer-names.ts has the same. */
static const char names[PEER_NAMES][PEER_NAME_BYTES] = {
	"REMOTE_HOST=", "REMOTE_ADDR=", "REMOTE_PORT=", "PROTO=",
	"TCPLOCALIP=", "TCPLOCALPORT=", "TCPREMOTEIP=", "TCPREMOTEPORT=",
	"TCP6LOCALIP=", "TCP6LOCALPORT=", "TCP6REMOTEIP=", "TCP6REMOTEPORT=",
	"UDPLOCALIP=", "UDPLOCALPORT=", "UDPREMOTEIP=", "UDPREMOTEPORT=",
	"UNIXREMOTEEUID=", "UNIXREMOTEEGID=", "UNIXREMOTEPID=",
};

int values_ok(const uint8_t *values, uint32_t size)
{
	uint32_t least = 0;
	while (size) {
		if (size < 2 || values[0] < least || values[0] >= PEER_NAMES || values[1] > size - 2)
			return 0;
		const uint32_t length = values[1];
		least = values[0] + 1u; /* ascending: each name once at most */
		for (uint32_t i = 2; i < 2 + length; i++)
			if (values[i] < 0x20 || values[i] > 0x7e)
				return 0;
		values += 2 + length;
		size -= 2 + length;
	}
	return 1;
}

int environment_room(struct table *table, uint32_t count)
{
	uint32_t longest = 0;
	for (uint32_t i = 0; i < table->n_variants; i++)
		if (table->programs[i].row->peer_names && table->programs[i].row->env.count + PEER_NAMES >= longest)
			longest = table->programs[i].row->env.count + PEER_NAMES + 1;
	if (!longest || table->vectors)
		return 0;
	table->vector_length = longest;
	table->vectors = calloc((size_t)count * longest, sizeof *table->vectors);
	return table->vectors ? 0 : -ENOMEM;
}

char **environment_make(struct environment *environment, const struct table *table, const struct program *program,
			const struct message *message, uint32_t index)
{
	const uint32_t own = program->row->env.count;
	const uint8_t *value = message->values, *end = value + message->size;
	char *text = environment->text;
	if (!program->row->peer_names || !message->size)
		return program->env;
	char **vector = table->vectors + (size_t)index * table->vector_length, **next = vector + own;
	memcpy(vector, program->env, own * sizeof *vector);
	for (; value < end; value += 2 + value[1]) {
		/* What the configuration says itself is no name that a program is told. */
		if (!(program->row->peer_names >> value[0] & 1))
			continue;
		*next++ = text;
		text = stpcpy(text, names[value[0]]);
		text = mempcpy(text, value + 2, value[1]);
		*text++ = 0;
	}
	*next = NULL;
	return vector;
}
