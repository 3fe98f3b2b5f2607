/* The state of the spawner, and what its files do to it. */
#ifndef ZINETD_SPAWNER_H
#define ZINETD_SPAWNER_H

#include <errno.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#include "environment.h"
#include "launch.h"
#include "listeners.h"
#include "table.h"

#define EXIT_SYSTEM 3
#define EXIT_BUG 4

/* How far a stop has come; a second TERM goes to the next at once. */
enum phase { SERVING, DRAINING, TERMINATING, KILLING, LEAVING };

/* What the service manager was told last. */
enum manager_state { MANAGER_STARTING, MANAGER_READY, MANAGER_RELOADING, MANAGER_STOPPING };

/* The compiler that runs, if any, and what it writes to. */
enum compiler_fd { TABLE, POLICY, BOOT };
struct compiler {
	pid_t pid;
	int fds[3];
	int wanted, dry_wanted;	    /* asked for, and not started yet */
	uint64_t wanted_id, dry_id; /* of the last who asked, as the dispatcher has it */
	int is_dry;		    /* of the one that runs or ran last */
	uint64_t id;
	uint64_t until; /* then it is killed; while none runs: none starts before */
};

/* A table and a policy that wait for the dispatcher to go over to them; no table: none does. */
struct pending {
	struct table *table;
	struct listener *listeners; /* those that are new, open; of the others `from` and `moved` alone */
	uint32_t *services, *rows;  /* the new number of each old one: n_services and NO_ID for none */
	uint32_t *running, *launching;
	uint32_t flags, told; /* told: rows whose fate the dispatcher knows */
	int policy, is_dry;   /* is_dry: it is only looked at */
};

/* A worker that is started again when it dies. */
struct kept {
	pid_t pid; /* 0: it does not run */
	int channel; /* our end of the dispatcher's; the dispatcher's end of the resolver's, until sent there; else -1 */
	uint64_t since, start_at; /* start_at: 0 while it runs, or is not wanted */
	unsigned backoff_ms;
};

/* What the next program is to be left with, but for the state: descriptors, or -1. */
struct leaving {
	int boot, rows, table, policy, is_trial;
};

/* How far an upgrade has come; src/launch/upgrade-step.ts has the names. */
enum upgrade_step { UPGRADE_NONE, UPGRADE_PREPARING, UPGRADE_TRYING, UPGRADE_DRAINING, UPGRADE_LEAVING };
struct upgrade {
	enum upgrade_step step;
	int wanted;
	pid_t pid; /* of whoever prepares or tries */
	int words; /* what they say, or -1 */
	struct leaving leaving;
	uint64_t until;
};

struct spawner {
	struct boot boot;
	struct table *table;
	struct pending pending;
	struct listener *listeners;
	struct children children;
	struct launcher *launcher;
	struct compiler compiler;
	struct kept dispatcher, resolver;
	int signals, policy, lacks;
	uint32_t generation;
	uint32_t dispatchers;
	int was_ready; /* some dispatcher got as far as serving */
	int drained, deaf;	/* deaf: it no longer takes what we say */
	uint32_t handover;	/* the next item to hand to a new dispatcher */
	uint32_t fresh;		/* after a commit, the next row to look at for a new listener to hand over */
	struct event refusal, opened, outlet, reload, dump, stopping, bye; /* type 0: none waits */
	int outlet_fd; /* of the answer that waits, or -1 */
	int report;    /* what the compiler wrote, of a reload that failed, or -1 */
	enum phase phase;
	int leaves_children; /* for QUIT: what runs goes on without us */
	int exit_code;
	int reap_again; /* more children have ended than one turn reaped */
	int frees;	/* the dispatcher has just been told that nobody has the socket of a service that waits */
	uint64_t phase_until; /* 0 while serving */
	uint64_t started_us;
	enum manager_state told_manager;
	struct upgrade upgrade;
	struct event upgraded; /* what came of it; type 0: none waits */
	int has_arrived; /* by an upgrade, and no dispatcher of ours knows of it yet */
};

/* base.c */
_Noreturn void die(int code, const char *what, int error);
uint64_t now_ms(void);
void let_go(int *fd); /* closes it, unless it is -1 already */

/* start.c: from exec to a decoded launch table. */
void start_up(struct spawner *spawner);

/* inherited.c: on the descriptors behind that of the boot record. */
uint32_t inherited_count(const struct boot_record *record);
void inherited_hold(const struct boot *boot);
int inherited_ok(const struct table *table, const struct boot_record *record);

/* compiler.c: 0 or -errno; -EINVAL is for a configuration that it refused and has said why, -ETIMEDOUT for one that it did not finish. */
int compiler_start(struct spawner *spawner);
void compiler_ask(struct compiler *compiler, const struct request *request);
int compiler_result(const struct compiler *compiler, int status, struct blob *blob);
void compiler_finish(struct spawner *spawner, int *policy); /* policy: where to keep it, or NULL */
void compiler_ended(struct spawner *spawner, int status);
uint64_t compiler_due(const struct spawner *spawner);
void compiler_turn(struct spawner *spawner);

/* match.c: the new number of each old service and listener, and the old one of each new listener. 0 or -ENOMEM. */
int match(const struct spawner *spawner, struct pending *pending);

/*
 * reload.c: `prepare` takes over the blob, `open` opens what is new, or says which row could not be: 0 or -errno, with
 * nothing changed. Of a commit nothing can fail but opening a listener that could not be opened before either.
 */
int pending_prepare(struct spawner *spawner, struct blob blob);
int pending_open(struct spawner *spawner, uint32_t *row);
void pending_commit(struct spawner *spawner);
void pending_close(struct spawner *spawner); /* what is open of it alone */
void pending_drop(struct spawner *spawner);
void pending_cancel(struct spawner *spawner); /* since the dispatcher is gone */

/*
 * workers.c: starts one with `count` descriptors from 3 on. The compiler has the table and the policy (memfds) and the
 * boot record; the dispatcher its channel twice, its state file or /dev/null taking the place of the second; the
 * resolver its channel. The pid, or -1 with errno.
 */
pid_t worker_start(const struct boot *boot, enum worker kind, const int *descriptors, int count);
void end_worker(const struct kept *worker);

/* dialogue.c: requests of the dispatcher. */
void end_dispatcher(struct spawner *spawner);
int handle_requests(struct spawner *spawner, int limit);

/* tell.c: what it is told. */
int tell(struct spawner *spawner);
void forget_answers(struct spawner *spawner);

/* outlets.c: opens a row of the table: a descriptor, or -errno. */
int outlet_open(const struct table *table, uint32_t row);

/* keeper.c: the dispatcher's life and the resolver's. */
void dispatcher_died(struct spawner *spawner);
void worker_ended(struct kept *worker);
void keep_workers(struct spawner *spawner);

/* leave.c: the state as a descriptor; and to go over to the next program with it, which returns only -errno. */
int leave_state(const struct spawner *spawner, struct leaving *leaving);
int leave_to(const struct spawner *spawner, struct leaving *leaving);

/* arrive.c */
struct handover;
void arrive_begin(struct spawner *spawner, struct blob blob, struct handover *handover);
void arrive_finish(struct spawner *spawner, const struct handover *handover);

/* upgrade.c */
int upgrade_ask(struct spawner *spawner);
uint64_t upgrade_due(const struct spawner *spawner);
void upgrade_turn(struct spawner *spawner);
void upgrade_ended(struct spawner *spawner, int status);
int upgrade_dismiss(struct spawner *spawner);
void upgrade_drained(struct spawner *spawner);

/* notify.c */
uint64_t notify_state(struct spawner *spawner);
int notify_request(const struct spawner *spawner, const struct message *message);

/* stop.c: the way down. */
void next_phase(struct spawner *spawner);
void quit(struct spawner *spawner);
void advance(struct spawner *spawner);

#endif
