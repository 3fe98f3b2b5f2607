/* The state of the spawner, and what its files do to it. */
#ifndef ZINETD_SPAWNER_H
#define ZINETD_SPAWNER_H

#include <sys/types.h>

#include "launch.h"
#include "listeners.h"
#include "table.h"

#define EXIT_SYSTEM 3
#define EXIT_BUG 4

/* How far a stop has come; a second TERM goes to the next at once. */
enum phase { SERVING, DRAINING, TERMINATING, KILLING, LEAVING };

struct spawner {
	struct boot boot;
	struct table table;
	struct listener *listeners;
	struct children children;
	struct launcher *launcher;
	int signals, policy, channel, lacks;
	uint32_t generation;
	pid_t dispatcher;
	uint64_t dispatcher_since, restart_at;
	uint32_t dispatchers;
	int was_ready; /* some dispatcher got as far as serving */
	unsigned backoff_ms;
	int drained, deaf;	/* deaf: it no longer takes what we say */
	uint32_t handover;	/* the next item to hand to a new dispatcher */
	struct event refusal;	/* type 0: none waits */
	int tell_stopping, tell_bye, tell_reload;
	enum phase phase;
	int exit_code;
	int reap_again; /* more children have ended than one turn reaped */
	uint64_t phase_until;
};

/* base.c */
_Noreturn void die(int code, const char *what, int error);
uint64_t now_ms(void);
void drop_channel(struct spawner *spawner);
void end_dispatcher(struct spawner *spawner);

/* start.c: from exec to a decoded launch table. */
void start_up(struct spawner *spawner);

/* dialogue.c: requests of the dispatcher and what it is told. */
int handle_requests(struct spawner *spawner, int limit);
int tell(struct spawner *spawner);

/* keeper.c: the dispatcher's life. */
void start_dispatcher(struct spawner *spawner);
void dispatcher_died(struct spawner *spawner);

/* stop.c: the way down. */
void next_phase(struct spawner *spawner);
void advance(struct spawner *spawner);

#endif
