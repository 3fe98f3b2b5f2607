/*
 * The binary formats that the spawner shares with TypeScript (src/compile/layout.ts, src/launch/message.ts).
 * Everything is little-endian, fixed-size and aligned to 8 bytes; a string is the offset of NUL-terminated
 * bytes. Nothing here is text to be parsed.
 */
#ifndef ZINETD_FORMAT_H
#define ZINETD_FORMAT_H

#include <sched.h>
#include <stdint.h>

#include "../shared/endpoint.h"

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
enum worker { COMPILER, DISPATCHER, RESOLVER, RECOMPILER, UPGRADER, WORKERS };
struct worker_row {
	uint32_t uid, gid; /* NO_ID: keep the spawner's own */
	struct command_row command;
	struct confines_row confines;
};

/* Written by `zinetd run`, on descriptor 3 of the spawner. */
#define BOOT_FD 3
#define BOOT_PID_FILE 1u /* the locked file is open, on the descriptor behind the sockets */
struct boot_record {
	struct blob_header header;
	struct worker_row workers[WORKERS];
	uint32_t grace_ms, kill_after_ms;
	uint32_t compile_ms, state; /* state: path of the file that the dispatcher keeps its state in, 0 for none */
	struct span anchors; /* of uint32_t string offsets: opened by the spawner for the workers, see workers.c */
	struct span facts;   /* bytes for the compiler; not looked at here */
	uint32_t notify, pid_file; /* paths, 0 for none: of sd_notify(3), and of the file to take away in the end */
	uint32_t sockets, flags;   /* sockets: so many were handed to zinetd, from descriptor BOOT_FD + 1 on */
	uint32_t spawner, reserved; /* path of this very program: what is executed there by an upgrade */
};

/* One setsockopt(2) of an int, before bind. */
struct option_row {
	int32_t level, name, value, reserved;
};

#define LISTENER_WAIT 1u   /* handlers get this very socket: it stays blocking, and nobody else accepts on it */
#define LISTENER_PATH 2u   /* a unix socket in the file system, with `mode` and perhaps `uid` and `gid` */
#define LISTENER_SHARED 4u /* datagrams: opened again whenever one was given away with its peer */
#define LISTENER_INHERITED 16u /* the socket number `mode` of those handed to zinetd; its address is where that is bound */
#define LISTENER_GROUP 8u  /* a multicast address, whose group it joins */
struct listener_row {
	uint32_t service, backlog;
	uint32_t flags, address_size;
	uint16_t type, protocol; /* as socket(2) takes them */
	uint32_t mode;
	uint32_t uid, gid;	/* NO_ID: whatever bind(2) makes it */
	struct span options;	/* of option_row */
	uint8_t address[112];	/* a struct sockaddr of any family, of address_size bytes */
};

/* What is opened when the dispatcher asks for it, see outlets.c. */
enum outlet_kind { OUTLET_FILE = 0, OUTLET_SOCKET = 1 };
struct outlet_row {
	uint32_t kind, mode;	     /* mode: of a file that is made */
	uint32_t path, address_size; /* of a file; of a socket */
	uint16_t type, protocol;     /* as socket(2) takes them */
	uint32_t reserved;
	uint8_t address[112]; /* as in a listener_row */
};

#define SERVICE_MUX 1u	 /* tcpmux: what it accepts may be launched as a service that is MUXED */
#define SERVICE_MUXED 2u
#define SERVICE_DESK 4u /* of zinetd's own: not one of those that there must be some to listen on */
#define SERVICE_ENDS 8u /* what a handler leaves behind ends with it: each is in a cgroup of its own, below that of the service */
#define CGROUP_BYTES 96u /* of the path of a service's, with its NUL */
struct service_row {
	uint32_t first_listener, listeners;
	uint32_t first_variant, variants;
	uint32_t max_children, flags;
	uint32_t name, cgroup; /* name: what it is known by from one table to the next; cgroup: a path below `cgroup_root`, 0 for none */
};

/* What is done to the tree of cgroups, with a path below `cgroup_root`: mkdir(2), write(2) to a file, or rmdir(2). */
enum cgroup_step { CGROUP_MAKE, CGROUP_WRITE, CGROUP_REMOVE };
struct cgroup_row {
	uint32_t step, path, text, reserved;
};

/* A system call that a child makes besides, with numbers or addresses of bytes as its arguments; src/model/sandbox.ts names them. */
enum sandbox_call {
	CALL_PRCTL, CALL_CAPSET, CALL_MOUNT, CALL_MOUNT_SETATTR, CALL_CHROOT, CALL_MKDIRAT, CALL_FCHOWNAT,
	CALL_WRITE, /* no call but three: a path, bytes and how many of them for the file there, and flags and mode to open it with */
	SANDBOX_CALLS,
};
#define CALL_LATE 1u	 /* behind the identity, not ahead of the working directory */
#define CALL_OPTIONAL 2u /* what it is about may not be there, or what it makes may be */
#define CALL_ARGUMENTS 5u
struct call_row {
	uint32_t call, flags;
	uint64_t arguments[CALL_ARGUMENTS]; /* an offset for an address, 0 for NULL */
};

/* What a path, and all below it if it is a directory, may be used for: LANDLOCK_ACCESS_FS_*. */
struct path_row {
	uint32_t path, of_directory, of_file, reserved;
};

#define VARIANT_IDENTITY 1u
#define VARIANT_NICE 2u
#define VARIANT_KEEPALIVE 4u
#define VARIANT_LINGER 8u
#define VARIANT_RELAYED 16u /* talks to the dispatcher over a socket pair, not to a client */
#define VARIANT_SCOPED 64u  /* no signals to others, no abstract sockets of others */
#define VARIANT_NAMESPACES (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET)
#define VARIANT_TOLD 128u /* what it writes to its standard error is the dispatcher's to read */
#define VARIANT_MUTE 256u /* and this is nobody's */
#define VARIANT_LISTENS 512u /* its socket is LISTEN_FD, and it is told LISTEN_PID: sd_listen_fds(3) */
#define VARIANT_BARE 1024u /* born without a bounding set and with no_new_privs, see bare.h */
#define VARIANT_ARMABLE 2048u /* its children may be there ahead of the connection, see armed.c */
#define VARIANT_MOULDED 8192u /* its filter lets a whole launch through, so that the thread of bare.h can have it already */
#define VARIANT_FILTER_LATE 4096u /* its filter does not let through what an armed child has left to do */
#define LISTEN_FD 3
struct variant_row {
	uint32_t path, cwd;
	struct span argv, env; /* of uint32_t string offsets */
	struct span groups;    /* of uint32_t */
	struct span rlimits;   /* of rlimit_row */
	uint32_t uid, gid;
	uint32_t flags, umask;
	int32_t nice;
	uint32_t linger; /* seconds; with VARIANT_LINGER, 0 is not to linger */
	uint32_t peer_names, namespaces; /* peer_names: which of the names that tell of the client it is told, a bit each */
	struct span calls, filter, paths; /* of call_row; of struct sock_filter; of path_row */
	uint32_t rights, reserved; /* LANDLOCK_ACCESS_FS_* that are denied but for paths */
};

struct rlimit_row {
	uint32_t resource, reserved;
	uint64_t soft, hard;
};

/* Written by the compiler into a memfd that the spawner seals. */
#define TABLE_NEEDS_RESOLVER 1u
struct table_record {
	struct blob_header header;
	struct span listeners, services, variants, outlets;
	struct span cgroups, cgroups_end; /* of cgroup_row: before anything is launched, each time anew, and when nothing is left */
	uint32_t cgroup_root, reserved;	  /* the directory of the cgroup that was delegated to zinetd, 0 for none */
};

/*
 * Dispatcher to spawner, one per packet; a LAUNCH carries the connection as its one descriptor. LAUNCH_WAIT is for a
 * listener that handlers get; OPEN tries again to open one, or, with a peer, gives the socket of a SHARED one to that
 * peer and opens another; it is answered by LISTENER. RELOAD has an `id`, and `variant` 1 for a dry run, of which no
 * socket is opened and which can only be answered by ABORT. COMMIT and ABORT answer a RELOAD without an error: the first puts
 * the new table in force, and what comes after it is of the next generation. OUTLET is answered by OUTLET.
 */
enum request_type { REQUEST_READY = 1, REQUEST_LAUNCH = 2, REQUEST_SIGNAL = 3, REQUEST_DRAINED = 4, REQUEST_STOP = 5,
		    REQUEST_RELOAD = 6, REQUEST_OPEN = 7, REQUEST_LAUNCH_WAIT = 8, REQUEST_COMMIT = 9, REQUEST_ABORT = 10,
		    REQUEST_OUTLET = 11, REQUEST_NOTIFY = 12, REQUEST_UPGRADE = 13 };
struct request {
	uint32_t type, generation;
	uint64_t id;	/* LAUNCH, OUTLET: the dispatcher's name for it; SIGNAL: the slot */
	uint32_t service, variant; /* service: for OUTLET the row */
	uint32_t signal, listener; /* listener: the row, for OPEN and LAUNCH_WAIT */
	struct endpoint peer; /* as the dispatcher knows it; the spawner gives it back */
};

/*
 * Behind a LAUNCH or LAUNCH_WAIT, what the handler is told of its client: values for names by number, ascending, each
 * a byte with the number, one with the length, and so many bytes of 0x20 to 0x7E. environment.c has the names.
 */
#define PEER_NAMES 32u /* as many as peer_names of a variant has bits */
#define PEER_NAME_BYTES 24u
#define VALUES_BYTES 2048u
struct message {
	struct request request;
	uint8_t values[VALUES_BYTES];
	uint32_t size; /* of the values; not part of the packet */
};

/* Spawner to dispatcher, one per packet. */
enum event_type {
	EVENT_HELLO = 1,    /* descriptor: the policy; id: how many dispatchers there were; status: SANDBOX_* lacking */
	EVENT_LISTENER = 2, /* descriptor: the listener, or error; service: its row */
	EVENT_CHILD = 3,    /* a handler that an earlier dispatcher started; descriptor: as of WORDS */
	EVENT_START = 4,    /* everything is handed over, to a new dispatcher or after a COMMIT */
	EVENT_LAUNCHED = 5,
	EVENT_FAILED = 6,
	EVENT_EXITED = 7,   /* descriptor: as of WORDS, if there was none and something is left to read */
	EVENT_REFUSED = 8, /* a request was off: status is its type; id, service and listener are its own */
	EVENT_STOPPING = 9,
	EVENT_BYE = 10, /* id: children that go on without us */
	EVENT_RELOAD = 11,   /* outcome: a new policy, which waits for COMMIT or ABORT, or error, with what the compiler says of
				it, if anything; id: of the last who asked for it; service: the listener of the new table that
				could not be opened, or NO_ID; status: 1 of a dry run */
	EVENT_RESOLVER = 12, /* descriptor: the channel of a new resolver */
	EVENT_KEPT = 13,     /* ahead of RELOAD: row `service` of the new table is the same socket as row `listener` */
	EVENT_OUTLET = 14,   /* descriptor: what `id` asked for, or error */
	EVENT_DUMP = 15,     /* somebody asks for the state; id: children */
	EVENT_UPGRADE = 16,
	EVENT_WORDS = 17,    /* descriptor: where that is read which a TOLD handler has written */
	EVENT_RAN = 18,      /* LAUNCHED and EXITED of one that was gone before either could be told */
};
struct event {
	uint32_t type, generation;
	uint64_t id;	/* connection */
	uint64_t slot;	/* child; never reused */
	uint32_t service; /* NO_ID: of a handler whose service is no more */
	int32_t pid;
	uint32_t step;	/* FAILED: enum launch_step */
	int32_t error;	/* errno; RAN: 1 when the program was replaced */
	int32_t status; /* EXITED, RAN: as wait(2); LAUNCHED: 1 when the program was replaced */
	uint32_t max_rss_kb;
	uint64_t user_us, system_us, duration_us;
	struct endpoint peer;
	uint32_t listener, reserved; /* of a handler: the row that it waits on, NO_ID where it has a connection */
};

#define LACKS_LANDLOCK 1
#define LACKS_LANDLOCK_NET 2
#define LACKS_LANDLOCK_SCOPE 4
#define LACKS_SECCOMP 8

/* What a child does between clone and exec, in order; src/model/launch-step.ts has the names. */
enum launch_step {
	STEP_NONE, STEP_CLONE, STEP_CAP, STEP_BUSY, STEP_CGROUP, STEP_SIGMASK, STEP_SETSID, STEP_DUP, STEP_CLOSE_RANGE, STEP_SETSOCKOPT,
	STEP_SETRLIMIT, STEP_SETPRIORITY, STEP_UMASK, STEP_CHDIR, STEP_SETGROUPS, STEP_SETRESGID, STEP_SETRESUID,
	STEP_LANDLOCK, STEP_SECCOMP, STEP_PRCTL /* the first of enum sandbox_call */, STEP_CAPSET, STEP_MOUNT, STEP_MOUNT_SETATTR,
	STEP_CHROOT, STEP_MKDIRAT, STEP_FCHOWNAT, STEP_WRITE, STEP_EXEC,
};

_Static_assert(sizeof(struct boot_record) == 312, "boot_record");
_Static_assert(sizeof(struct option_row) == 16, "option_row");
_Static_assert(sizeof(struct listener_row) == 152, "listener_row");
_Static_assert(sizeof(struct outlet_row) == 136, "outlet_row");
_Static_assert(sizeof(struct service_row) == 32, "service_row");
_Static_assert(sizeof(struct variant_row) == 104, "variant_row");
_Static_assert(sizeof(struct rlimit_row) == 24, "rlimit_row");
_Static_assert(sizeof(struct call_row) == 48, "call_row");
_Static_assert(sizeof(struct path_row) == 16, "path_row");
_Static_assert(sizeof(struct cgroup_row) == 16, "cgroup_row");
_Static_assert(sizeof(struct table_record) == 72, "table_record");
_Static_assert(sizeof(struct request) == 56, "request");
_Static_assert(sizeof(struct event) == 104, "event");

#endif
