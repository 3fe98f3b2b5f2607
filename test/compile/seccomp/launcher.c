/*
 * launcher PROGRAM block|pass COMMAND [ARGUMENT...]: installs the seccomp program in the file and executes the
 * command; with `block`, SIGUSR1 is blocked until the command unblocks it.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct sock_filter instructions[BPF_MAXINSNS];

int main(int argc, char **argv)
{
	FILE *file = argc > 3 ? fopen(argv[1], "re") : NULL;
	if (!file)
		return 101;
	struct sock_fprog program = { .filter = instructions };
	program.len = (unsigned short)fread(instructions, sizeof *instructions, BPF_MAXINSNS, file);
	sigset_t signals;
	sigemptyset(&signals);
	if (!strcmp(argv[2], "block"))
		sigaddset(&signals, SIGUSR1);
	if (sigprocmask(SIG_SETMASK, &signals, NULL) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 102;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)) {
		perror("seccomp");
		return 103;
	}
	execv(argv[3], argv + 3);
	perror("execv");
	return 104;
}
