/* From exec to a decoded launch table. */
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cgroups.h"
#include "handover.h"
#include "sandbox.h"
#include "spawner.h"

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
	static const int taken[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGQUIT };
	struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t set;
	for (int number = 1; number < NSIG; number++)
		sigaction(number, &standard, NULL);
	sigfillset(&set);
	sigdelset(&set, SIGTSTP);
	sigprocmask(SIG_SETMASK, &set, NULL);
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		sigaddset(&set, taken[i]);
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

static void load_boot(struct spawner *spawner, struct blob blob)
{
	int result = boot_decode(blob, &spawner->boot);
	if (result < 0)
		die(EXIT_BUG, "read the boot record (zinetd-spawner is started by zinetd run)", -result);
}

/* 1 when a signal that ends us came. */
static int wait_for_signal(struct spawner *spawner, uint64_t until)
{
	struct signalfd_siginfo info;
	struct pollfd poller = { .fd = spawner->signals, .events = POLLIN };
	uint64_t now = now_ms();
	poll(&poller, 1, until > now ? (int)(until - now) : 0);
	while (read(spawner->signals, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT || info.ssi_signo == SIGQUIT)
			return 1;
		/* It may have read the file already; of a state there is nothing to tell yet. */
		spawner->compiler.wanted |= info.ssi_signo == SIGHUP || info.ssi_signo == SIGUSR2;
	}
	return 0;
}

/* Returns the wait status; other children are orphans, if we are PID 1. Ends the spawner on TERM. */
static int wait_for_compiler(struct spawner *spawner)
{
	for (;;) {
		int status;
		pid_t pid;
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			if (pid == spawner->compiler.pid)
				return status;
		if (wait_for_signal(spawner, spawner->compiler.until)) {
			kill(spawner->compiler.pid, SIGKILL);
			exit(0);
		}
		compiler_turn(spawner);
	}
}

static void compile(struct spawner *spawner)
{
	struct blob blob;
	int result = compiler_start(spawner);
	if (result < 0)
		die(EXIT_SYSTEM, "start the compiler", -result);
	int status = wait_for_compiler(spawner);
	result = compiler_result(&spawner->compiler, status, &blob);
	if (result == -ETIMEDOUT)
		die(EXIT_SYSTEM, "compile the configuration in the time and memory allowed", ETIMEDOUT);
	if (WEXITSTATUS(status) != 0)
		exit(WEXITSTATUS(status));
	if (result == 0)
		result = pending_prepare(spawner, blob);
	if (result == -ENOMEM)
		die(EXIT_SYSTEM, "allocate the child table", ENOMEM);
	if (result < 0)
		die(EXIT_BUG, "read the launch table", -result);
	result = cgroups_make(spawner->pending.table);
	if (result < 0)
		die(EXIT_SYSTEM, "make the cgroups of services", -result);
	compiler_finish(spawner, &spawner->pending.policy);
	pending_commit(spawner);
}

static struct blob map_given(void)
{
	struct blob blob;
	int result = blob_map(BOOT_FD, &blob);
	if (result < 0)
		die(EXIT_BUG, "read the boot record (zinetd-spawner is started by zinetd run)", -result);
	return blob;
}

/* What else we were given goes no further (S15). Of what an upgrade hands over, nobody but us has the numbers. */
static void hold_descriptors(const struct boot *boot, int is_upgrade)
{
	inherited_hold(boot);
	syscall(SYS_close_range, BOOT_FD + 1 + inherited_count(boot->record), ~0u, is_upgrade ? CLOSE_RANGE_CLOEXEC : 0);
}

void start_up(struct spawner *spawner)
{
	struct handover handover;
	hold_standard_descriptors();
	spawner->started_us = now_us();
	const struct blob given = map_given();
	const int is_upgrade = handover_is(&given);
	if (is_upgrade)
		arrive_begin(spawner, given, &handover);
	else
		load_boot(spawner, given);
	hold_descriptors(&spawner->boot, is_upgrade);
	spawner->signals = take_signals();
	settle_process();
	spawner->lacks = sandbox_probe();
	spawner->launcher = launcher_new(&spawner->children);
	spawner->children.watch = epoll_create1(EPOLL_CLOEXEC);
	if (!spawner->launcher || spawner->children.watch < 0)
		die(EXIT_SYSTEM, "allocate the child table", ENOMEM);
	if (is_upgrade)
		arrive_finish(spawner, &handover);
	else
		compile(spawner);
}
