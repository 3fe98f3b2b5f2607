#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bare.h"
#include "raw.h"
#include "sandbox.h"

/*
 * Runs on a stack of its own in the spawner's memory: raw system calls only, on memory prepared before.
 * Dispositions need no call: the spawner ignores and catches nothing, so that exec has nothing to pass on.
 */
#define CHANNEL_FD 3
#define CHILD __attribute__((no_sanitize("address", "undefined"), no_stack_protector))

CHILD static long step(struct handoff *handoff, uint32_t number, long result)
{
	if (result >= 0)
		return result;
	handoff->step = number;
	handoff->error = (int32_t)-result;
	for (;;)
		raw(SYS_exit_group, 127);
}

CHILD static void set_limits(struct handoff *handoff, const struct program *program)
{
	for (uint32_t i = 0; i < program->row->rlimits.count; i++) {
		const uint64_t limit[2] = { program->rlimits[i].soft, program->rlimits[i].hard };
		step(handoff, STEP_SETRLIMIT, raw(SYS_prlimit64, 0, program->rlimits[i].resource, limit, 0));
	}
}

/* Groups before gid before uid, each checked: afterwards none can be had back (S21 to S23). */
CHILD static void set_identity(struct handoff *handoff, const struct program *program)
{
	const struct variant_row *row = program->row;
	if (!(row->flags & VARIANT_IDENTITY))
		return;
	step(handoff, STEP_SETGROUPS, raw(SYS_setgroups, row->groups.count, program->groups));
	step(handoff, STEP_SETRESGID, raw(SYS_setresgid, row->gid, row->gid, row->gid));
	step(handoff, STEP_SETRESUID, raw(SYS_setresuid, row->uid, row->uid, row->uid));
	/* The kernel has just set it to fs.suid_dumpable, for the memory that we share with the spawner: what is
	 * not 0 opens that memory to the service's uid (1), or lets a core dump of ours end both (2, before 5.16). */
	step(handoff, STEP_PRCTL, raw(SYS_prctl, PR_SET_DUMPABLE, 0));
}

/* A package upgrade does it, and so would somebody who should not: worth a line in the log (S127). */
CHILD static int is_replaced(const struct program *program)
{
	struct stat now;
	if (raw(SYS_newfstatat, AT_FDCWD, program->path, &now, 0) < 0)
		return 0; /* exec will say why */
	return now.st_dev != program->file.device || now.st_ino != program->file.inode ||
	       now.st_mtim.tv_sec != program->file.modified_s || now.st_mtim.tv_nsec != program->file.modified_ns;
}

/* Whoever is slowed down or stopped by its cgroup holds nothing of others by then; "0" is whoever writes it. */
CHILD static void close_others(struct handoff *handoff, int first)
{
	const int cgroup = handoff->cgroup; /* above all that is kept: 0 to 3 are taken in the spawner */
	if (cgroup > first)
		step(handoff, STEP_CLOSE_RANGE, raw(SYS_close_range, first, cgroup - 1, 0));
	step(handoff, STEP_CLOSE_RANGE, raw(SYS_close_range, cgroup < 0 ? first : cgroup + 1, ~0u, 0));
	if (cgroup < 0)
		return;
	step(handoff, STEP_CGROUP, raw(SYS_write, cgroup, "0", 1));
	raw(SYS_close, cgroup);
}

/* Before anything that can hang: a copy of the channel or of a listener would outlive the spawner's own. */
CHILD static void set_descriptors(struct handoff *handoff)
{
	const uint32_t flags = handoff->program->row->flags;
	const int connection = handoff->connection, listens = (flags & VARIANT_LISTENS) != 0;
	const int null = flags & (VARIANT_MUTE | VARIANT_LISTENS) ? (int)step(handoff, STEP_DUP, raw(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR, 0)) : -1;
	const int words = flags & VARIANT_MUTE ? null : handoff->words[1] >= 0 ? handoff->words[1] : connection;
	const int fds[] = { listens ? null : connection, listens ? words : connection, words, connection };
	for (int fd = 0; fd < LISTEN_FD + listens; fd++)
		step(handoff, STEP_DUP, raw(SYS_dup3, fds[fd], fd, 0));
	close_others(handoff, LISTEN_FD + listens);
}

/* The same without a connection, whose place is free for it, but for the channel, which is gone with the exec. */
CHILD static void set_descriptors_ahead(struct handoff *handoff)
{
	const int is_mute = (handoff->program->row->flags & VARIANT_MUTE) != 0;
	const int words = is_mute ? (int)step(handoff, STEP_DUP, raw(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR, 0)) : handoff->words[1];
	if (words >= 0)
		step(handoff, STEP_DUP, raw(SYS_dup3, words, 2, 0));
	else
		raw(SYS_close, 2);
	step(handoff, STEP_DUP, raw(SYS_dup3, handoff->channel, CHANNEL_FD, O_CLOEXEC));
	raw(SYS_close, 0);
	raw(SYS_close, 1);
	step(handoff, STEP_CLOSE_RANGE, raw(SYS_close_range, CHANNEL_FD + 1, ~0u, 0));
}

/* The connection: no message but this one ever comes, or the end, if zinetd is gone. */
CHILD static int receive(struct handoff *handoff, int channel)
{
	char byte;
	struct {
		struct cmsghdr header;
		int fd;
	} control = { .fd = -1 };
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
	step(handoff, STEP_DUP, raw(SYS_recvmsg, channel, &message, 0) > 0 ? 0 : -EPIPE);
	handoff->taken = 1;
	return control.fd;
}

/* All that an armed child waits for. */
CHILD static void take_connection(struct handoff *handoff)
{
	step(handoff, STEP_DUP, receive(handoff, CHANNEL_FD) == 0 ? 0 : -EBADF);
	step(handoff, STEP_DUP, raw(SYS_dup3, 0, 1, 0));
	if (handoff->words[1] < 0 && !(handoff->program->row->flags & VARIANT_MUTE))
		step(handoff, STEP_DUP, raw(SYS_dup3, 0, 2, 0));
}

/* What a rule of access asks for; keepalive is mostly inherited from the listener already. */
CHILD static void set_connection(struct handoff *handoff, const struct variant_row *row)
{
	const int on = 1, fd = row->flags & VARIANT_LISTENS ? LISTEN_FD : 0;
	const struct linger linger = { .l_onoff = row->linger != 0, .l_linger = (int)row->linger };
	if (row->flags & VARIANT_KEEPALIVE)
		step(handoff, STEP_SETSOCKOPT, raw(SYS_setsockopt, fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
	if (row->flags & VARIANT_LINGER)
		step(handoff, STEP_SETSOCKOPT, raw(SYS_setsockopt, fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
}

/* Files of the kernel want all of it at once. */
CHILD static long write_file(const long *arguments)
{
	long fd = raw(SYS_openat, AT_FDCWD, arguments[0], O_WRONLY | O_CLOEXEC | arguments[3], arguments[4]);
	if (fd < 0)
		return fd;
	long written = raw(SYS_write, fd, arguments[1], arguments[2]);
	raw(SYS_close, fd);
	return written >= 0 && written < arguments[2] ? -EIO : written;
}

CHILD static void make_calls(struct handoff *handoff, const struct program *program, uint32_t late)
{
	static const long numbers[SANDBOX_CALLS] = { SYS_prctl, SYS_capset, SYS_mount, SYS_mount_setattr, SYS_chroot, SYS_mkdirat, SYS_fchownat };
	for (uint32_t i = 0; i < program->row->calls.count; i++) {
		const struct call_row *row = &program->calls[i];
		long arguments[CALL_ARGUMENTS];
		if ((row->flags & CALL_LATE) != late)
			continue;
		for (uint32_t j = 0; j < CALL_ARGUMENTS; j++) {
			uint64_t argument = row->arguments[j];
			int is_address = (call_addresses[row->call] >> j & 1) && argument;
			arguments[j] = is_address ? (long)(program->bytes + argument) : (long)argument;
		}
		long result = row->call == CALL_WRITE ? write_file(arguments)
						      : raw(numbers[row->call], arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]);
		if (!((row->flags & CALL_OPTIONAL) && (result == -ENOENT || result == -EEXIST)))
			step(handoff, STEP_PRCTL + row->call, result);
	}
}

/* A path that is not there, or that the handler cannot get to, has nothing to allow. */
CHILD static void allow_path(struct handoff *handoff, long ruleset, const struct program *program, const struct path_row *row)
{
	struct stat st = { 0 };
	long fd = raw(SYS_openat, AT_FDCWD, program->bytes + row->path, O_PATH | O_CLOEXEC, 0);
	if (fd == -ENOENT || fd == -EACCES)
		return;
	step(handoff, STEP_LANDLOCK, fd);
	step(handoff, STEP_LANDLOCK, raw(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH));
	struct landlock_path_beneath_attr rule = { .allowed_access = S_ISDIR(st.st_mode) ? row->of_directory : row->of_file, .parent_fd = (int)fd };
	step(handoff, STEP_LANDLOCK, raw(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0));
	raw(SYS_close, fd);
}

/* Of paths as the handler sees them, and opened as it: what it cannot get to it cannot be given. */
CHILD static void restrict_self(struct handoff *handoff, const struct program *program)
{
	const uint64_t attributes[3] = { program->row->rights, 0, program->row->flags & VARIANT_SCOPED ? SCOPE_ALL : 0 };
	if (!attributes[0] && !attributes[2])
		return;
	long ruleset = step(handoff, STEP_LANDLOCK, raw(SYS_landlock_create_ruleset, attributes, sizeof attributes, 0));
	for (uint32_t i = 0; i < program->row->paths.count; i++)
		allow_path(handoff, ruleset, program, &program->paths[i]);
	step(handoff, STEP_LANDLOCK, raw(SYS_landlock_restrict_self, ruleset, 0));
	raw(SYS_close, ruleset); /* it may have the place of the connection */
}

/* Last: what comes behind it has to be allowed by it. Who has borne it may have had it already. */
CHILD static void filter_calls(struct handoff *handoff, const struct program *program)
{
	if (program->bearer > BARE_BEARER)
		return;
	const struct sock_fprog filter = { .len = (unsigned short)program->row->filter.count, .filter = (void *)(uintptr_t)program->filter };
	if (filter.len)
		step(handoff, STEP_SECCOMP, raw(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter));
}

/* The number that it has where it is. */
CHILD static void write_pid(char *text)
{
	char digits[12];
	int count = 0;
	for (long pid = raw(SYS_getpid); pid; pid /= 10)
		digits[count++] = (char)('0' + pid % 10);
	while (count)
		*text++ = digits[--count];
	*text = 0;
}

/* None comes in to one that waits: who has its uid could end it with a core dump of the memory that it shares with the spawner. */
CHILD static void allow_signals(struct handoff *handoff)
{
	const uint64_t no_signals = 0;
	step(handoff, STEP_SIGMASK, raw(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &no_signals, 0, sizeof no_signals));
}

CHILD int child_main(void *argument)
{
	struct handoff *handoff = argument;
	const struct program *program = handoff->program;
	/* A table of its own, into which the listeners and whatever else is up there are not even copied. */
	if (handoff->above)
		step(handoff, STEP_CLOSE_RANGE, raw(SYS_close_range, handoff->above, ~0u, CLOSE_RANGE_UNSHARE));
	if (handoff->channel >= 0 && !handoff->is_armed)
		handoff->connection = receive(handoff, handoff->channel);
	if (!handoff->is_armed)
		allow_signals(handoff);
	step(handoff, STEP_SETSID, raw(SYS_setsid));
	if (handoff->is_armed) {
		set_descriptors_ahead(handoff);
	} else {
		set_descriptors(handoff);
		set_connection(handoff, program->row);
	}
	handoff->replaced = is_replaced(program);
	set_limits(handoff, program);
	if (program->row->flags & VARIANT_NICE)
		step(handoff, STEP_SETPRIORITY, raw(SYS_setpriority, PRIO_PROCESS, 0, program->row->nice));
	make_calls(handoff, program, 0);
	step(handoff, STEP_UMASK, raw(SYS_umask, program->row->umask));
	step(handoff, STEP_CHDIR, raw(SYS_chdir, program->cwd));
	set_identity(handoff, program);
	make_calls(handoff, program, CALL_LATE);
	restrict_self(handoff, program);
	const int is_late = (program->row->flags & VARIANT_FILTER_LATE) != 0; /* it lets nothing through that is still to be done */
	if (!is_late)
		filter_calls(handoff, program);
	if (handoff->is_armed) {
		take_connection(handoff);
		allow_signals(handoff);
	}
	if (is_late)
		filter_calls(handoff, program);
	if (handoff->pid)
		write_pid(handoff->pid);
	step(handoff, STEP_EXEC, raw(SYS_execve, program->path, program->argv, handoff->env));
	return 0;
}
