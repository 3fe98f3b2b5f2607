/*
 * The binary formats that the spawner shares with TypeScript (src/compile/layout.ts, src/launch/message.ts).
 * Everything is little-endian, fixed-size and aligned to 8 bytes; a string is the offset of NUL-terminated
 * bytes. Nothing here is text to be parsed.
 */
#ifndef ZINETD_FORMAT_H
#define ZINETD_FORMAT_H

#include <stdint.h>

#define BOOT_MAGIC 0x544f425au  /* "ZBOT" */
#define TABLE_MAGIC 0x424c545au /* "ZTLB" */
#define FORMAT_VERSION 1u
#define NO_ID 0xffffffffu

struct span {
	uint32_t offset, count;
};

/* The first 16 bytes of either blob; its last byte is NUL, so that every offset inside is a string. */
struct blob_header {
	uint32_t magic, version, size, flags;
};

struct command_row {
	uint32_t path, reserved;
	struct span argv, env; /* of uint32_t string offsets */
};

/* One Landlock rule of a worker. */
enum rule_access { RULE_READ = 0, RULE_EXECUTE = 1 };
struct rule_row {
	uint32_t path, access;
};

struct confines_row {
	struct span rules;  /* of rule_row */
	struct span filter; /* of struct sock_filter */
};

/* A process of our own. */
enum worker { COMPILER, DISPATCHER, RESOLVER, WORKERS };
struct worker_row {
	uint32_t uid, gid; /* NO_ID: keep the spawner's own */
	struct command_row command;
	struct confines_row confines;
};

/* Written by `zinetd run`, on descriptor 3 of the spawner. */
struct boot_record {
	struct blob_header header;
	struct worker_row workers[WORKERS];
	uint32_t grace_ms, kill_after_ms;
	uint32_t compile_ms, state; /* state: path of the file that the dispatcher keeps its state in, 0 for none */
	struct span anchors; /* of uint32_t string offsets: opened by the spawner for the workers, see workers.c */
	struct span facts;   /* bytes for the compiler; not looked at here */
};

#define LISTENER_V6ONLY 1u
struct listener_row {
	uint32_t service, backlog;
	uint32_t flags, address_size;
	uint8_t address[32];			    /* struct sockaddr_in or sockaddr_in6, of address_size bytes */
	uint16_t keep_idle, keep_interval, keep_count, reserved; /* seconds, seconds, probes; idle 0: no keepalive */
};

struct service_row {
	uint32_t first_listener, listeners;
	uint32_t first_variant, variants;
	uint32_t max_children, reserved;
};

#define VARIANT_IDENTITY 1u
#define VARIANT_NICE 2u
#define VARIANT_KEEPALIVE 4u
#define VARIANT_LINGER 8u
#define VARIANT_RELAYED 16u /* talks to the dispatcher over a socket pair, not to a client */
struct variant_row {
	uint32_t path, cwd;
	struct span argv, env; /* of uint32_t string offsets */
	struct span groups;    /* of uint32_t */
	struct span rlimits;   /* of rlimit_row */
	uint32_t uid, gid;
	uint32_t flags, umask;
	int32_t nice;
	uint32_t linger; /* seconds; with VARIANT_LINGER, 0 is not to linger */
};

struct rlimit_row {
	uint32_t resource, reserved;
	uint64_t soft, hard;
};

/* Written by the compiler into a memfd that the spawner seals. */
#define TABLE_NEEDS_RESOLVER 1u
struct table_record {
	struct blob_header header;
	struct span listeners, services, variants;
};

/* The peer as the dispatcher knows it; the spawner only gives it back. */
struct peer {
	uint16_t family, port;
	uint32_t scope;
	uint8_t address[16];
};

/* Dispatcher to spawner, one per packet; a LAUNCH carries the connection as its one descriptor. */
enum request_type { REQUEST_READY = 1, REQUEST_LAUNCH = 2, REQUEST_SIGNAL = 3, REQUEST_DRAINED = 4, REQUEST_STOP = 5,
		    REQUEST_RELOAD = 6 };
struct request {
	uint32_t type, generation;
	uint64_t id;	/* LAUNCH: the dispatcher's name for the connection; SIGNAL: the slot */
	uint32_t service, variant;
	uint32_t signal, reserved;
	struct peer peer;
};

/* Spawner to dispatcher, one per packet. */
enum event_type {
	EVENT_HELLO = 1,    /* descriptor: the policy; id: how many dispatchers there were; status: SANDBOX_* lacking */
	EVENT_LISTENER = 2, /* descriptor: the listener, or error; service: its row */
	EVENT_CHILD = 3,    /* a handler that an earlier dispatcher started */
	EVENT_START = 4,    /* everything is handed over */
	EVENT_LAUNCHED = 5,
	EVENT_FAILED = 6,
	EVENT_EXITED = 7,
	EVENT_REFUSED = 8, /* a request was off: status is its type */
	EVENT_STOPPING = 9,
	EVENT_BYE = 10,
	EVENT_RELOAD = 11,   /* outcome: a new policy, or error: EBUSY when more than that is new */
	EVENT_RESOLVER = 12, /* descriptor: the channel of a new resolver */
};
struct event {
	uint32_t type, generation;
	uint64_t id;	/* connection */
	uint64_t slot;	/* child; never reused */
	uint32_t service;
	int32_t pid;
	uint32_t step;	/* FAILED: enum launch_step */
	int32_t error;	/* errno */
	int32_t status; /* EXITED: as wait(2); LAUNCHED: 1 when the program was replaced */
	uint32_t max_rss_kb;
	uint64_t user_us, system_us, duration_us;
	struct peer peer;
};

#define LACKS_LANDLOCK 1
#define LACKS_LANDLOCK_NET 2
#define LACKS_LANDLOCK_SCOPE 4
#define LACKS_SECCOMP 8

/* What a child does between clone and exec, in order; src/launch/step.ts has the names. */
enum launch_step {
	STEP_NONE, STEP_CLONE, STEP_CAP, STEP_BUSY, STEP_SIGMASK, STEP_SETSID, STEP_DUP, STEP_CLOSE_RANGE, STEP_SETSOCKOPT,
	STEP_SETRLIMIT, STEP_SETPRIORITY, STEP_UMASK, STEP_CHDIR, STEP_SETGROUPS, STEP_SETRESGID, STEP_SETRESUID, STEP_PRCTL, STEP_EXEC,
};

_Static_assert(sizeof(struct boot_record) == 192, "boot_record");
_Static_assert(sizeof(struct listener_row) == 56, "listener_row");
_Static_assert(sizeof(struct service_row) == 24, "service_row");
_Static_assert(sizeof(struct variant_row) == 64, "variant_row");
_Static_assert(sizeof(struct rlimit_row) == 24, "rlimit_row");
_Static_assert(sizeof(struct table_record) == 40, "table_record");
_Static_assert(sizeof(struct request) == 56, "request");
_Static_assert(sizeof(struct event) == 96, "event");

#endif
