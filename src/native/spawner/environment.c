#include "environment.h"

#include <string.h>

/* By number; src/model/peer-names.ts has the same. */
static const char names[PEER_NAMES][PEER_NAME_BYTES] = {
	"REMOTE_HOST=", "REMOTE_ADDR=", "REMOTE_PORT=", "PROTO=",
	"TCPLOCALIP=", "TCPLOCALPORT=", "TCPREMOTEIP=", "TCPREMOTEPORT=",
	"TCP6LOCALIP=", "TCP6LOCALPORT=", "TCP6REMOTEIP=", "TCP6REMOTEPORT=",
	"UDPLOCALIP=", "UDPLOCALPORT=", "UDPREMOTEIP=", "UDPREMOTEPORT=",
	"UNIXREMOTEEUID=", "UNIXREMOTEEGID=", "UNIXREMOTEPID=",
	"TCPCONNNUM=", "TCPORIGDSTADDR=", "TCPORIGDSTPORT=",
	"IPCREMOTEEUID=", "IPCREMOTEEGID=", "IPCREMOTEPATH=", "IPCCONNNUM=", "ZINETD_CONNECTION_ID=",
	"SSL_PROTOCOL=", "SSL_CIPHER=", "SSL_TLS_SNI_SERVERNAME=", "SSL_PEER_CERT_HASH=", "SSL_PEER_CERT_SUBJECT=",
};

uint32_t environment_value(const uint8_t *value, uint32_t size)
{
	if (size < 2 || value[0] >= PEER_NAMES || value[1] > size - 2)
		return 0;
	for (uint32_t i = 2; i < 2u + value[1]; i++)
		if (value[i] < 0x20 || value[i] > 0x7e)
			return 0;
	return 2u + value[1];
}

char **environment_make(struct environment *environment, const struct program *program, const struct message *message)
{
	char **next = environment->vector + program->row->env.count, *text = environment->text;
	const uint8_t *value = message->values;
	const int listens = (program->row->flags & VARIANT_LISTENS) != 0;
	environment->pid = NULL;
	if (!message->size && !listens)
		return program->env;
	memcpy(environment->vector, program->env, program->row->env.count * sizeof *next);
	/* By ascending numbers: each name once at most. */
	for (uint32_t least = 0, left = message->size, bytes; left; left -= bytes, least = value[0] + 1u, value += bytes) {
		bytes = environment_value(value, left);
		if (!bytes || value[0] < least)
			return NULL;
		/* What the configuration says itself is no name that a program is told. */
		if (!(program->row->peer_names >> value[0] & 1))
			continue;
		*next++ = text;
		text = mempcpy(stpcpy(text, names[value[0]]), value + 2, value[1]);
		*text++ = 0;
	}
	if (listens) {
		*next++ = text;
		environment->pid = stpcpy(text, "LISTEN_PID=");
	}
	*next = NULL;
	return environment->vector;
}
