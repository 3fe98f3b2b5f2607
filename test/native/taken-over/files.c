#include "attempts.h"

#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#ifndef RWF_NOAPPEND
#define RWF_NOAPPEND 0x20
#endif

static const char *in_drop(const char *name)
{
	static char path[256];
	snprintf(path, sizeof path, "%s/%s", target("DROP"), name);
	return path;
}

OPEN(read_open_file, target("READABLE"), O_RDONLY)
OPEN(read_passwd, "/etc/passwd", O_RDONLY)
OPEN(read_shadow, "/etc/shadow", O_RDONLY)
OPEN(list_root, "/", O_RDONLY | O_DIRECTORY)
OPEN(list_proc, "/proc", O_RDONLY | O_DIRECTORY)
OPEN(through_own_root, "/proc/self/root/etc/passwd", O_RDONLY)
OPEN(create_file, in_drop("new"), O_WRONLY | O_CREAT | O_EXCL)
OPEN(temporary_file, target("DROP"), O_RDWR | O_TMPFILE)
OPEN(append_to_file, target("WRITABLE"), O_WRONLY | O_APPEND)
OPEN(truncate_by_open, target("WRITABLE"), O_RDONLY | O_TRUNC)
OPEN(write_null, "/dev/null", O_WRONLY)
OPEN(memory_device, "/dev/mem", O_RDONLY)
OPEN(kernel_log, "/dev/kmsg", O_RDONLY)
OPEN(terminal, "/dev/tty", O_RDONLY)
OPEN(pty, "/dev/ptmx", O_RDONLY)
OPEN(tun, "/dev/net/tun", O_RDONLY)
OPEN(kernel_setting, "/proc/sys/kernel/hostname", O_RDONLY)
OPEN(own_score, "/proc/self/oom_score_adj", O_WRONLY)
OPEN(name_only, target("READABLE"), O_PATH)
OPEN(own_code, "/proc/self/exe", O_RDONLY)

static long open_by_openat2(void)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC };
	return let_go(syscall(SYS_openat2, AT_FDCWD, target("READABLE"), &how, sizeof how));
}
static long open_log_again(void)
{
	return let_go(open("/proc/self/fd/1", O_WRONLY | O_CLOEXEC));
}
static long look_at(void)
{
	struct stat st;
	return stat(target("READABLE"), &st);
}
static long watch(void)
{
	const int fd = inotify_init1(IN_CLOEXEC);
	const long result = fd < 0 ? fd : inotify_add_watch(fd, target("READABLE"), IN_ACCESS);
	const int error = errno;
	let_go(fd);
	errno = error;
	return result;
}
static long make_directory(void) { return mkdir(in_drop("directory"), 0700); }
static long make_link(void) { return symlink("/etc/shadow", in_drop("link")); }
static long hard_link(void) { return link(target("WRITABLE"), in_drop("hard")); }
static long move(void) { return rename(target("WRITABLE"), in_drop("moved")); }
static long erase(void) { return unlink(target("WRITABLE")); }
static long change_mode(void) { return chmod(target("WRITABLE"), 0777); }
static long make_pipe(void) { return mknod(in_drop("pipe"), S_IFIFO | 0600, 0); }
static long shorten(void) { return truncate(target("WRITABLE"), 0); }

static int is_log(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND)) == (O_WRONLY | O_APPEND);
}
static int log_file(void) { return find_descriptor(is_log); }
static long log_append(void) { return write(log_file(), "{\"event\":\"lie\"}\n", 16); }
static long log_truncate(void) { return ftruncate(log_file(), 0); }
static long log_rewrite(void) { return pwrite(log_file(), "x", 1, 0) == 1 ? 0 : -1; }
static long log_flags(void) { return fcntl(log_file(), F_SETFL, 0); }
static long log_punch(void) { return fallocate(log_file(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1); }
static long log_map(void)
{
	void *bytes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, log_file(), 0);
	return bytes == MAP_FAILED ? -1 : munmap(bytes, 4096);
}
static long log_reserve(void)
{
	const struct { int16_t type, whence; int64_t start, length; int32_t sysid; uint32_t pid; int32_t pad[4]; } space = { .length = 1 };
	return ioctl(log_file(), _IOW('X', 43, space), &space);
}
static long log_no_append(void)
{
	const struct { const void *base; size_t length; } part = { "x", 1 };
	return syscall(SYS_pwritev2, log_file(), &part, 1, 0, 0, RWF_NOAPPEND);
}

/* What pwritev2(2) may not do, by the older way of writing asynchronously. */
static long log_no_append_later(void)
{
	aio_context_t context = 0;
	struct iocb write = { .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = (uint32_t)log_file(), .aio_buf = (uintptr_t)"x", .aio_nbytes = 1,
			      .aio_rw_flags = RWF_NOAPPEND };
	struct iocb *list[] = { &write };
	if (syscall(SYS_io_setup, 1, &context) < 0)
		return -1;
	const long result = syscall(SYS_io_submit, context, 1, list);
	const int error = errno;
	struct io_event event;
	if (result == 1)
		syscall(SYS_io_getevents, context, 1, 1, &event, NULL);
	syscall(SYS_io_destroy, context);
	errno = error;
	return result;
}

const struct attempt FILES[] = {
	{ "open a file that anybody may read", read_open_file },
	{ "open it by openat2", open_by_openat2 },
	{ "open /etc/passwd", read_passwd },
	{ "open /etc/shadow", read_shadow },
	{ "open /etc/passwd below /proc/self/root", through_own_root },
	{ "list /", list_root },
	{ "list /proc", list_proc },
	{ "create a file where anybody may", create_file },
	{ "create a file without a name there", temporary_file },
	{ "make a directory there", make_directory },
	{ "make a symbolic link there", make_link },
	{ "make a hard link there", hard_link },
	{ "make a pipe there", make_pipe },
	{ "append to a file that anybody may write", append_to_file },
	{ "empty it by open", truncate_by_open },
	{ "empty it by truncate", shorten },
	{ "rename it", move },
	{ "remove it", erase },
	{ "change its mode", change_mode },
	{ "write to /dev/null", write_null },
	{ "open /dev/mem", memory_device },
	{ "open /dev/kmsg", kernel_log },
	{ "open /dev/tty", terminal },
	{ "open /dev/ptmx", pty },
	{ "open /dev/net/tun", tun },
	{ "open a file of /proc/sys", kernel_setting },
	{ "make the kernel spare it when memory runs out", own_score },
	{ "open its log anew, for writing", open_log_again },
	{ "append to its log file", log_append },
	{ "empty its log file", log_truncate },
	{ "overwrite its log file by an offset", log_rewrite },
	{ "overwrite its log file by pwritev2, not appending", log_no_append },
	{ "overwrite its log file by io_submit, not appending", log_no_append_later },
	{ "have its log file no longer append", log_flags },
	{ "punch a hole into its log file", log_punch },
	{ "reserve space in its log file by ioctl", log_reserve },
	{ "map its log file", log_map },
	{ "open Node, which it runs", own_code },
	{ "look at the size and the mode of a file", look_at },
	{ "open a file by name only (O_PATH)", name_only },
	{ "watch a file that anybody may read", watch },
	{ 0 },
};
