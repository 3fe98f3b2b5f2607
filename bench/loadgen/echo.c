#include "loadgen.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* A prime, so that no piece ends where the text does. */
#define PERIOD 251u

static char text[PIECE_BYTES + PERIOD], heard[PIECE_BYTES];

void echo_init(void)
{
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)(i % PERIOD);
}

/* What a connection says from there on: each begins elsewhere, so that nobody's answer is taken for another's. */
static const char *said(const struct slot *slot, size_t offset)
{
	return text + (slot->said_from + offset) % PERIOD;
}

static enum talk end(enum outcome *outcome, enum outcome how)
{
	*outcome = how;
	return TALK_OVER;
}

enum talk echo_say(struct slot *slot, const struct options *options, enum outcome *outcome)
{
	while (slot->sent < options->echo_bytes) {
		size_t left = options->echo_bytes - slot->sent;
		ssize_t n = send(slot->fd, said(slot, slot->sent), left < PIECE_BYTES ? left : PIECE_BYTES, MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN)
			return TALK_LATER;
		if (n < 0)
			return end(outcome, tally_outcome_of_errno(errno));
		slot->sent += (size_t)n;
	}
	return TALK_ON;
}

enum talk echo_hear(struct slot *slot, const struct options *options, enum outcome *outcome)
{
	ssize_t n = recv(slot->fd, heard, sizeof heard, 0);
	if (n < 0 && errno == EAGAIN)
		return TALK_LATER;
	if (n <= 0)
		return end(outcome, n < 0 ? tally_outcome_of_errno(errno) : slot->got ? WRONG_DATA : NO_DATA);
	if (slot->got == 0)
		slot->first_byte_ns = now_ns();
	if (slot->got + (size_t)n > slot->sent || memcmp(heard, said(slot, slot->got), (size_t)n) != 0)
		return end(outcome, WRONG_DATA);
	slot->got += (size_t)n;
	if (slot->got == options->echo_bytes)
		return end(outcome, SERVED);
	return options->datagrams ? end(outcome, WRONG_DATA) : TALK_ON;
}
