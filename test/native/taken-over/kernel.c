#include "attempts.h"

#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <time.h>

static long perf(void)
{
	struct perf_event_attr attributes = { .type = PERF_TYPE_SOFTWARE, .size = sizeof attributes };
	return let_go(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}
static long bpf_program(void)
{
	union bpf_attr attributes;
	memset(&attributes, 0, sizeof attributes);
	return let_go(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}
static long set_clock(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return syscall(SYS_clock_settime, CLOCK_REALTIME, &now);
}
/* As if it were a handle of a file; the calls are refused before they look. */
static long by_handle(void) { char handle[16] = { 0 }; return syscall(SYS_open_by_handle_at, -1, handle, 0); }

CALL(ring, SYS_io_uring_setup, 0, NULL)
CALL(fault_handler, SYS_userfaultfd, 0)
CALL(key, SYS_add_key, "user", "zinetd-attempt", "x", 1, -3)
CALL(read_key, SYS_keyctl, 0, -3, 0)
CALL(module, SYS_init_module, NULL, 0, "")
CALL(module_file, SYS_finit_module, -1, "", 0)
CALL(other_kernel, SYS_kexec_load, 0, 0, NULL, 0)
CALL(restart, SYS_reboot, 0, 0, 0, NULL)
CALL(swap, SYS_swapon, "/nonexistent", 0)
CALL(accounting, SYS_acct, "/nonexistent")
CALL(mount_something, SYS_mount, "none", "/tmp", "tmpfs", 0, NULL)
CALL(unmount, SYS_umount2, "/nonexistent", 0)
CALL(open_filesystem, SYS_fsopen, "tmpfs", 0)
CALL(clone_tree, SYS_open_tree, AT_FDCWD, "/", 1)
CALL(change_root, SYS_chroot, "/")
CALL(swap_root, SYS_pivot_root, ".", ".")
CALL(host_name, SYS_sethostname, "x", 1)
CALL(log_of_kernel, SYS_syslog, 3, NULL, 0)
CALL(handle_of, SYS_name_to_handle_at, AT_FDCWD, "/", NULL, NULL, 0)
CALL(personality, SYS_personality, 0x0400000)
CALL(shared_memory, SYS_shmget, 0, 4096, 0600)
CALL(message_queue, SYS_msgget, 0, 0600)
CALL(semaphores, SYS_semget, 0, 1, 0600)
CALL(posix_queue, SYS_mq_open, "zinetd-attempt", O_RDONLY, 0, NULL)
CALL(fanotify, SYS_fanotify_init, 0, 0)
CALL(secret_memory, 447 /* memfd_secret */, 0)
CALL(memory_policy, SYS_set_mempolicy, 0, NULL, 0)
CALL(aio, SYS_io_setup, 1, NULL)
#ifdef SYS_iopl
CALL(ports, SYS_iopl, 3)
CALL(segments, SYS_modify_ldt, 0, NULL, 0)
#else
CALL(ports, -1)
CALL(segments, -1)
#endif

const struct attempt KERNEL[] = {
	{ "use io_uring", ring },
	{ "use asynchronous input and output", aio },
	{ "load a program of BPF", bpf_program },
	{ "measure by perf_event_open", perf },
	{ "handle page faults (userfaultfd)", fault_handler },
	{ "add a key to a keyring", key },
	{ "read a keyring", read_key },
	{ "load a module", module },
	{ "load a module from a file", module_file },
	{ "start another kernel", other_kernel },
	{ "restart the machine", restart },
	{ "switch swap on", swap },
	{ "switch accounting on", accounting },
	{ "mount something", mount_something },
	{ "unmount something", unmount },
	{ "open a file system", open_filesystem },
	{ "copy a tree of mounts", clone_tree },
	{ "change its root", change_root },
	{ "swap the root", swap_root },
	{ "set the clock", set_clock },
	{ "name the machine", host_name },
	{ "read the log of the kernel", log_of_kernel },
	{ "have the handle of a file", handle_of },
	{ "open a file by its handle", by_handle },
	{ "have another personality", personality },
	{ "share memory by System V", shared_memory },
	{ "have a queue of System V", message_queue },
	{ "have semaphores of System V", semaphores },
	{ "have a POSIX queue", posix_queue },
	{ "watch a whole file system (fanotify)", fanotify },
	{ "have secret memory", secret_memory },
	{ "change where memory is", memory_policy },
	{ "use input and output ports", ports },
	{ "change its segments", segments },
	{ 0 },
};
