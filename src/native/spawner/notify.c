/* What a service manager is told: sd_notify(3). It is said by this process, which is the one that the manager knows. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "spawner.h"

#define AGAIN_MS 100 /* the manager's queue was full */

/* 0 or -errno. Waits for nobody. */
static int say(const struct spawner *spawner, const char *text)
{
	const char *path = blob_string(&spawner->boot.blob, spawner->boot.record->notify);
	const size_t length = strlen(path);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (!spawner->boot.record->notify)
		return 0;
	if (length >= sizeof address.sun_path)
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, length);
	if (*path == '@')
		*address.sun_path = 0;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	ssize_t sent = sendto(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)&address, size);
	int result = sent < 0 ? -errno : 0;
	close(fd);
	return result;
}

static enum manager_state state_of(const struct spawner *spawner)
{
	if (spawner->phase != SERVING)
		return MANAGER_STOPPING;
	if (!spawner->was_ready)
		return MANAGER_STARTING;
	const int is_leaving = spawner->upgrade.step >= UPGRADE_DRAINING || spawner->has_arrived;
	const int is_busy = spawner->compiler.pid || spawner->pending.table || spawner->reload.type;
	return (is_busy && !spawner->compiler.is_dry) || is_leaving ? MANAGER_RELOADING : MANAGER_READY;
}

/* The time tells a manager that asked for a reload from one that was under way already (Type=notify-reload). */
static int say_state(const struct spawner *spawner, enum manager_state state)
{
	char text[80];
	if (state == MANAGER_READY)
		return say(spawner, "READY=1");
	if (state == MANAGER_STOPPING)
		return say(spawner, "STOPPING=1");
	snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%llu%s", (unsigned long long)now_us(),
		 spawner->has_arrived ? "\nWATCHDOG=1" : "");
	return say(spawner, text);
}

/* Called every turn: says what is other than it was. When to call again at the latest, or 0. */
uint64_t notify_state(struct spawner *spawner)
{
	const enum manager_state state = state_of(spawner);
	if (state == spawner->told_manager)
		return 0;
	if (say_state(spawner, state) == -EAGAIN)
		return now_ms() + AGAIN_MS;
	spawner->told_manager = state;
	return 0;
}

/* A text of the dispatcher's, or a sign of life. What is lost is said again in a moment. */
int notify_request(const struct spawner *spawner, const struct message *message)
{
	char text[sizeof "STATUS=" + UINT8_MAX] = "STATUS=";
	const uint8_t *value = message->values;
	if (!message->size) {
		say(spawner, "WATCHDOG=1");
		return 0;
	}
	if (*value != 0 || environment_value(value, message->size) != message->size)
		return -EINVAL;
	memcpy(text + strlen(text), value + 2, value[1]);
	say(spawner, text);
	return 0;
}
