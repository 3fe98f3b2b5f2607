/* From exec to a decoded launch table. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox.h"
#include "spawner.h"
#include "workers.h"

#define BOOT_FD 3
#define COMPILER_MS 60000

/* Whoever starts us may have closed 0, 1 or 2: nothing of ours may land on these numbers (S14). */
static void hold_standard_descriptors(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	if (fd < 0)
		die(EXIT_SYSTEM, "open /dev/null", errno);
	close(fd);
}

/* Nothing ignored, nothing caught, everything blocked: children need no more than an empty mask (S27). */
static int take_signals(void)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t set;
	for (int number = 1; number < NSIG; number++)
		sigaction(number, &standard, NULL);
	sigfillset(&set);
	sigdelset(&set, SIGTSTP);
	sigprocmask(SIG_SETMASK, &set, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		die(EXIT_SYSTEM, "open a signalfd", errno);
	return fd;
}

/* What every child would inherit is made harmless once, here. */
static void settle_process(void)
{
	struct rlimit files;
	umask(022);
	if (chdir("/") < 0)
		die(EXIT_SYSTEM, "enter /", errno);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static void load_boot(struct spawner *spawner)
{
	struct blob blob;
	int result = blob_map(BOOT_FD, &blob);
	if (result == 0)
		result = boot_decode(blob, &spawner->boot);
	if (result < 0)
		die(EXIT_BUG, "read the boot record (zinetd-spawner is started by zinetd run)", -result);
}

static int sealable_memfd(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		die(EXIT_SYSTEM, "make a memfd", errno);
	return fd;
}

static void seal(int fd)
{
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		die(EXIT_SYSTEM, "seal a memfd", errno);
}

/* 1 when a signal that ends us came. */
static int wait_for_signal(struct spawner *spawner, uint64_t until)
{
	struct signalfd_siginfo info;
	struct pollfd poller = { .fd = spawner->signals, .events = POLLIN };
	uint64_t now = now_ms();
	poll(&poller, 1, until > now ? (int)(until - now) : 0);
	while (read(spawner->signals, &info, sizeof info) == sizeof info)
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT)
			return 1;
	return 0;
}

/* Returns the wait status; other children are orphans, if we are PID 1. Ends the spawner on TERM. */
static int wait_for_compiler(struct spawner *spawner, pid_t compiler)
{
	uint64_t until = now_ms() + COMPILER_MS;
	for (;;) {
		int status;
		pid_t pid;
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			if (pid == compiler)
				return status;
		int ended = wait_for_signal(spawner, until);
		if (!ended && now_ms() < until)
			continue;
		kill(compiler, SIGKILL);
		if (ended)
			exit(0);
	}
}

static void compile(struct spawner *spawner)
{
	struct blob blob;
	int table = sealable_memfd("zinetd-table");
	spawner->policy = sealable_memfd("zinetd-policy");
	const int descriptors[3] = { table, spawner->policy, BOOT_FD };
	pid_t pid = worker_compile(&spawner->boot, descriptors);
	if (pid < 0)
		die(EXIT_SYSTEM, "start the compiler", errno);
	int status = wait_for_compiler(spawner, pid);
	if (WIFSIGNALED(status))
		die(EXIT_SYSTEM, "compile the configuration in the time and memory allowed", ETIMEDOUT);
	if (WEXITSTATUS(status) != 0)
		exit(WEXITSTATUS(status)); /* it has said why */
	seal(table);
	seal(spawner->policy);
	int result = blob_map(table, &blob);
	if (result == 0)
		result = table_decode(blob, &spawner->table);
	if (result < 0)
		die(EXIT_BUG, "read the launch table", -result);
	close(table);
	spawner->generation++;
}

void start_up(struct spawner *spawner)
{
	hold_standard_descriptors();
	syscall(SYS_close_range, BOOT_FD + 1, ~0u, 0); /* what else we were given goes no further (S15) */
	spawner->signals = take_signals();
	settle_process();
	load_boot(spawner);
	spawner->lacks = sandbox_probe();
	compile(spawner);
}
