#include "calls.h"

#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#define SCRATCH 16384 /* for the strings of one entry; more is ERANGE */

static int found_user(int error, const struct passwd *entry, struct user *user)
{
	if (error)
		return -error;
	if (!entry)
		return 0;
	user->uid = entry->pw_uid;
	user->gid = entry->pw_gid;
	if ((size_t)snprintf(user->name, sizeof user->name, "%s", entry->pw_name) >= sizeof user->name)
		return -ENAMETOOLONG;
	return 1;
}

int call_user_by_name(const char *name, struct user *user)
{
	char scratch[SCRATCH];
	struct passwd entry, *result = NULL;
	int error = getpwnam_r(name, &entry, scratch, sizeof scratch, &result);
	return found_user(error, result, user);
}

int call_user_by_id(uint32_t uid, struct user *user)
{
	char scratch[SCRATCH];
	struct passwd entry, *result = NULL;
	int error = getpwuid_r(uid, &entry, scratch, sizeof scratch, &result);
	return found_user(error, result, user);
}

int call_group_by_name(const char *name, uint32_t *gid)
{
	char scratch[SCRATCH];
	struct group entry, *result = NULL;
	int error = getgrnam_r(name, &entry, scratch, sizeof scratch, &result);
	if (error)
		return -error;
	if (result)
		*gid = entry.gr_gid;
	return result != NULL;
}

int call_groups_of(const char *name, uint32_t gid, uint32_t *groups, int room)
{
	int count = room;
	return getgrouplist(name, gid, groups, &count) < 0 ? -ERANGE : count;
}

int call_tcp_port(const char *name)
{
	char scratch[SCRATCH];
	struct servent entry, *result = NULL;
	int error = getservbyname_r(name, "tcp", &entry, scratch, sizeof scratch, &result);
	if (error == ERANGE)
		return -error;
	return result ? (entry.s_port >> 8 & 0xff) | (entry.s_port & 0xff) << 8 : 0;
}
