
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "sandbox.h"
#include "spawner.h"

#define COMPILER_CPU_SECONDS 20
#define COMPILER_FILE_BYTES (1ull << 30) /* lists of four million prefixes make a policy of 170 MiB */
#define MAX_PLACED (5 + (int)MAX_ANCHORS)
#define STATE_FD 4
#define UPGRADER_WORDS_FD 7

/* In a forked child: says which step failed and ends it. */
static void must(const char *step, int result)
{
	if (result >= 0)
		return;
	dprintf(2, "zinetd: Cannot prepare a process of its own: %s: %s\n", step, strerror(result == -1 ? errno : -result));
	_exit(3);
}

/*
 * Anchors are the directory of our code and Node's binary, where others cannot enter (a checkout in root's
 * home): opened while we can, the workers reach them as /proc/self/fd/N, right above `descriptors`.
 */
static int open_anchors(const struct boot *boot, int anchors[MAX_ANCHORS])
{
	for (uint32_t i = 0; i < boot->record->anchors.count; i++)
		must("open our own code", anchors[i] = open(blob_string(&boot->blob, boot->anchors[i]), O_PATH | O_CLOEXEC));
	return (int)boot->record->anchors.count;
}

/* Puts `count` descriptors and the anchors at 3 and up, whatever numbers they have now, and closes all
 * others. */
static void place_descriptors(const struct boot *boot, const int *descriptors, int count)
{
	int placed[MAX_PLACED];
	for (int i = 0; i < count; i++)
		placed[i] = descriptors[i];
	count += open_anchors(boot, placed + count);
	for (int i = 0; i < count; i++)
		must("fcntl", placed[i] = fcntl(placed[i], F_DUPFD_CLOEXEC, 3 + MAX_PLACED));
	for (int i = 0; i < count; i++)
		must("dup2", dup2(placed[i], 3 + i));
	must("close_range", (int)syscall(SYS_close_range, 3 + count, ~0u, 0));
	/* Standard input is not ours to read; output and errors stay as they were given. */
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	must("open /dev/null", null);
	must("dup2", dup2(null, 0));
}

static void limit(int resource, rlim_t value)
{
	struct rlimit bound;
	must("getrlimit", getrlimit(resource, &bound));
	if (bound.rlim_max == RLIM_INFINITY || bound.rlim_max > value)
		bound.rlim_cur = bound.rlim_max = value;
	must("setrlimit", setrlimit(resource, &bound));
}

/* Of `mask`, what we have to give: root in a container often lacks some. */
static uint64_t keep_capabilities(uint64_t mask)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];
	must("capget", (int)syscall(SYS_capget, &header, data));
	mask &= (uint64_t)data[1].permitted << 32 | data[0].permitted;
	for (int i = 0; i < 2; i++)
		data[i].effective = data[i].permitted = data[i].inheritable = (uint32_t)(mask >> (32 * i));
	must("capset", (int)syscall(SYS_capset, &header, data));
	return mask;
}

/* The bounding set keeps only `mask`; without CAP_SETPCAP there was nothing to gain anyway. */
static void bound_capabilities(uint64_t mask)
{
	for (int capability = 0; capability < 64; capability++)
		if (!(mask >> capability & 1) && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 && errno != EPERM && errno != EINVAL)
			must("drop from the bounding set", -errno);
}

/* Becomes uid and gid with exactly the capabilities of `mask`, kept over exec as ambient ones. */
static void become(uint32_t uid, uint32_t gid, uint64_t mask)
{
	if (uid == NO_ID) {
		keep_capabilities(0);
		return;
	}
	bound_capabilities(mask);
	must("prctl keepcaps", prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
	must("setgroups", setgroups(0, NULL));
	must("setresgid", setresgid(gid, gid, gid));
	must("setresuid", setresuid(uid, uid, uid));
	mask = keep_capabilities(mask);
	for (int capability = 0; capability < 64; capability++)
		if (mask >> capability & 1)
			must("raise an ambient capability", prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0));
}

/* Opened as whoever will write it. Nothing that others can reach, be it by a link, and no other zinetd's (S111). */
static int open_state(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1 || st.st_uid != geteuid())
		return -EPERM;
	return flock(fd, LOCK_EX | LOCK_NB) < 0 ? -EBUSY : fd;
}

/* Without a state file its number leads to /dev/null, like standard input. Any other number goes with the exec. */
static void place_state(const struct boot *boot)
{
	const char *path = blob_string(&boot->blob, boot->record->state);
	int fd = boot->record->state ? open_state(path) : 0;
	if (fd < 0)
		dprintf(2, "zinetd: Cannot keep state in \"%s\": %s\n", path, strerror(-fd));
	must("dup2", dup2(fd < 0 ? 0 : fd, STATE_FD));
}

/* Once no privilege is left. Dumpable, or /proc/self/fd with the anchors would be root's. */
static void confine(int ruleset)
{
	must("prctl dumpable", prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
	must("prctl no_new_privs", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	must("landlock", sandbox_enforce(ruleset));
}

static void set_signals(void)
{
	sigset_t inspector;
	sigemptyset(&inspector);
	/* Until Node has a handler of ours, it would open its inspector, or end (S131). */
	sigaddset(&inspector, SIGUSR1);
	must("sigprocmask", sigprocmask(SIG_SETMASK, &inspector, NULL));
	/* A session of its own, so that Ctrl-C at a terminal reaches the spawner alone. */
	must("setsid", setsid());
}

static int compiles(enum worker kind)
{
	return kind == COMPILER || kind == RECOMPILER || kind == UPGRADER;
}

/* The resolver reads what anybody on the network may have written: the log, on standard output, is not for it. */
static void set_resources(enum worker kind)
{
	limit(RLIMIT_CORE, 0);
	if (compiles(kind)) {
		limit(RLIMIT_CPU, COMPILER_CPU_SECONDS);
		limit(RLIMIT_FSIZE, COMPILER_FILE_BYTES);
	}
	if (kind == RESOLVER)
		must("dup2", dup2(0, 1));
	/* What it has to say is for whoever asked. */
	for (int fd = 1; kind == UPGRADER && fd <= 2; fd++)
		must("dup2", dup2(UPGRADER_WORDS_FD, fd));
}

pid_t worker_start(const struct boot *boot, enum worker kind, const int *descriptors, int count)
{
	const struct worker_row *row = &boot->record->workers[kind];
	const struct program *program = &boot->workers[kind];
	const pid_t spawner = getpid();
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	set_signals();
	place_descriptors(boot, descriptors, count);
	set_resources(kind);
	int ruleset = sandbox_rules(boot, &row->confines, kind == RESOLVER ? NET_BIND : NET_BIND_AND_CONNECT);
	become(row->uid, row->gid, compiles(kind) ? 1ull << CAP_DAC_READ_SEARCH : 0);
	/* The dispatcher has to tell of our death; the others would go on with what they are at. */
	if (kind == DISPATCHER)
		place_state(boot);
	else
		must("prctl pdeathsig", prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0));
	if (getppid() != spawner)
		_exit(EXIT_SYSTEM); /* it was quicker: nobody would end us */
	confine(ruleset);
	must("seccomp", sandbox_seccomp(boot, &row->confines));
	execve(program->path, program->argv, program->env);
	must("execve", -errno);
	return -1;
}

/* Its death is noticed like any other. */
void end_worker(const struct kept *worker)
{
	if (worker->pid)
		kill(worker->pid, SIGKILL);
}
