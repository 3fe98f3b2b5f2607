#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than the headers of Debian 12, so named here. */
#define FS_REFER (1ull << 13)
#define FS_TRUNCATE (1ull << 14)
#define FS_IOCTL_DEV (1ull << 15)

#define RULE_NET_PORT 2
#define READ_RIGHTS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FILE_RIGHTS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE)

struct net_port_attr {
	uint64_t allowed_access, port;
};

struct ruleset_attr {
	uint64_t handled_access_fs, handled_access_net, scoped;
};

/* 0 where there is none, or where a filter around us denies it; or -errno, which says nothing of that. */
static int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	return abi >= 0 ? (int)abi : errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM ? 0 : -errno;
}

/* All rights of the first ABI, then what each later one added. */
static uint64_t fs_rights(int abi)
{
	return ((1ull << 13) - 1) | (abi >= 2 ? FS_REFER : 0) | (abi >= 3 ? FS_TRUNCATE : 0) | (abi >= 5 ? FS_IOCTL_DEV : 0);
}

int sandbox_probe(void)
{
	int abi = landlock_abi();
	return (abi < 1 ? LACKS_LANDLOCK : 0) | (abi < 4 ? LACKS_LANDLOCK_NET : 0) | (abi < 6 ? LACKS_LANDLOCK_SCOPE : 0) |
	       (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0 ? LACKS_SECCOMP : 0);
}

static int ruleset_open(int abi, uint64_t net)
{
	struct ruleset_attr attr = {
		.handled_access_fs = fs_rights(abi),
		.handled_access_net = abi >= 4 ? net : 0,
		.scoped = abi >= 6 ? SCOPE_ALL : 0,
	};
	/* An older kernel refuses a structure that is longer than its own. */
	size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
	long fd = syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	return fd < 0 ? -errno : (int)fd;
}

/* A path that is not there has nothing to allow. */
static int allow(int ruleset, const char *path, uint64_t rights)
{
	struct stat st;
	int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == EACCES ? 0 : -errno;
	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rights &= FILE_RIGHTS;
	struct landlock_path_beneath_attr rule = { .allowed_access = rights, .parent_fd = fd };
	long result = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	int error = errno;
	close(fd);
	return result < 0 ? -error : 0;
}

/* Any port that the kernel chooses: to ask from an address that a client came to (RFC 1413). Listening is seccomp's to deny. */
static int allow_bind(int ruleset)
{
	struct net_port_attr rule = { .allowed_access = NET_BIND, .port = 0 };
	return syscall(SYS_landlock_add_rule, ruleset, RULE_NET_PORT, &rule, 0) < 0 ? -errno : 0;
}

int sandbox_enforce(int ruleset)
{
	if (ruleset == -ENOSYS)
		return 0;
	if (ruleset < 0)
		return ruleset;
	return syscall(SYS_landlock_restrict_self, ruleset, 0) < 0 ? -errno : 0;
}

int sandbox_rules(const struct boot *boot, const struct confines_row *confines, uint64_t net)
{
	int abi = landlock_abi();
	if (abi < 1)
		return abi < 0 ? abi : -ENOSYS;
	int ruleset = ruleset_open(abi, net);
	if (ruleset < 0)
		return ruleset;
	const struct rule_row *rules = (const void *)(boot->blob.bytes + confines->rules.offset);
	int result = allow(ruleset, "/proc/self", READ_RIGHTS);
	for (uint32_t i = 0; i < confines->rules.count && result == 0; i++) {
		uint64_t rights = READ_RIGHTS | (rules[i].access == RULE_EXECUTE ? LANDLOCK_ACCESS_FS_EXECUTE : 0);
		result = allow(ruleset, blob_string(&boot->blob, rules[i].path), rights);
	}
	if (result == 0 && net == NET_BIND && abi >= 4)
		result = allow_bind(ruleset);
	return result < 0 ? result : ruleset;
}

int sandbox_seccomp(const struct boot *boot, const struct confines_row *confines)
{
	if (!confines->filter.count || (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0 && errno == EINVAL))
		return 0; /* there is none in this kernel */
	struct sock_fprog program = { .len = (unsigned short)confines->filter.count,
				      .filter = (void *)(uintptr_t)(boot->blob.bytes + confines->filter.offset) };
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ? -errno : 0;
}
