#include "calls.h"

#include <errno.h>
#include <grp.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ADDRESS_ROW 17 /* of call_host_addresses */
#define SCRATCH 16384 /* for the strings of one entry; more is ERANGE */

static int found_user(int error, const struct passwd *entry, struct user *user)
{
	if (error)
		return -error;
	if (!entry)
		return 0;
	user->uid = entry->pw_uid;
	user->gid = entry->pw_gid;
	if ((size_t)snprintf(user->name, sizeof user->name, "%s", entry->pw_name) >= sizeof user->name ||
	    (size_t)snprintf(user->home, sizeof user->home, "%s", entry->pw_dir) >= sizeof user->home)
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

int call_service_port(const char *name, const char *protocol)
{
	char scratch[SCRATCH];
	struct servent entry, *result = NULL;
	int error = getservbyname_r(name, protocol, &entry, scratch, sizeof scratch, &result);
	if (error == ERANGE)
		return -error;
	return result ? (entry.s_port >> 8 & 0xff) | (entry.s_port & 0xff) << 8 : 0;
}

/* A name that nobody has is an answer; anything else that goes wrong is not. */
static int resolver_error(int error)
{
	if (error == EAI_NONAME || error == EAI_NODATA)
		return 0;
	return error == EAI_SYSTEM ? -errno : error == EAI_MEMORY ? -ENOMEM : -EAGAIN;
}

int call_host_addresses(const char *name, uint8_t *rows, size_t room)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct addrinfo *all = NULL;
	int error = getaddrinfo(name, NULL, &hints, &all), count = 0;
	if (error)
		return resolver_error(error);
	for (const struct addrinfo *each = all; each && room >= ADDRESS_ROW; each = each->ai_next) {
		int is4 = each->ai_family == AF_INET;
		if (!is4 && each->ai_family != AF_INET6)
			continue;
		rows[0] = is4 ? 4 : 16;
		memcpy(rows + 1, is4 ? (const void *)&((struct sockaddr_in *)(void *)each->ai_addr)->sin_addr :
				       (const void *)&((struct sockaddr_in6 *)(void *)each->ai_addr)->sin6_addr, rows[0]);
		rows += ADDRESS_ROW;
		room -= ADDRESS_ROW;
		count++;
	}
	freeaddrinfo(all);
	return count;
}

int call_rpc_program(const char *name, uint32_t *program)
{
	char scratch[SCRATCH];
	struct rpcent entry, *result = NULL;
	int error = getrpcbyname_r(name, &entry, scratch, sizeof scratch, &result);
	if (error == ERANGE)
		return -error;
	if (result)
		*program = (uint32_t)entry.r_number;
	return result != NULL;
}

/* The NIS domain of this machine, or "" for none: then any domain of a netgroup will do, as with innetgr(3). */
static void own_domain(char *domain, size_t room)
{
	if (getdomainname(domain, room) < 0 || strcmp(domain, "(none)") == 0)
		domain[0] = 0;
}

int call_netgroup_hosts(const char *name, char *hosts, size_t room)
{
	char scratch[SCRATCH], domain[256];
	char *host, *user, *its_domain;
	int count = 0;
	own_domain(domain, sizeof domain);
	if (!setnetgrent(name)) {
		endnetgrent();
		return 0;
	}
	errno = 0;
	while (getnetgrent_r(&host, &user, &its_domain, scratch, sizeof scratch)) {
		if (its_domain && domain[0] && strcasecmp(its_domain, domain) != 0)
			continue;
		size_t size = strlen(host ? host : "") + 1;
		if (size > room) {
			endnetgrent();
			return -ERANGE;
		}
		memcpy(hosts, host ? host : "", size);
		hosts += size;
		room -= size;
		count++;
		errno = 0;
	}
	int error = errno;
	endnetgrent();
	return error == ERANGE ? -error : count;
}

int call_interface_index(const char *name)
{
	unsigned index = if_nametoindex(name);
	return index ? (int)index : errno == ENODEV ? 0 : -errno;
}

int call_network(const char *name, uint8_t octets[4])
{
	char scratch[SCRATCH];
	struct netent entry, *result = NULL;
	int why = 0;
	int error = getnetbyname_r(name, &entry, scratch, sizeof scratch, &result, &why);
	if (!result && error == ERANGE)
		return -error;
	if (!result && why == TRY_AGAIN)
		return -EAGAIN;
	if (!result || entry.n_addrtype != AF_INET)
		return 0;
	for (int i = 0; i < 4; i++)
		octets[i] = entry.n_net >> (24 - 8 * i) & 0xff;
	return 1;
}
