/*
 * The Node-API side of calls.h: takes arguments, calls, gives back a number. binding.ts declares the surface,
 * and the TypeScript of this folder has checked every argument; a wrong one here is -EINVAL, never a guess.
 */
#include <errno.h>
#include <node_api.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <uv.h>

#include "calls.h"

#define MAX_ARGS 4
#define NAME_BYTES 256
#define EVENTS_AT_ONCE 64

struct call {
	napi_env env;
	napi_value args[MAX_ARGS];
	size_t count;
	int bad; /* an argument was not what it should be */
};

static struct call begin(napi_env env, napi_callback_info info)
{
	struct call call = { .env = env, .count = MAX_ARGS };
	call.bad = napi_get_cb_info(env, info, &call.count, call.args, NULL, NULL) != napi_ok;
	return call;
}

static int32_t int_arg(struct call *call, size_t index)
{
	int32_t value = -1;
	if (call->bad || index >= call->count || napi_get_value_int32(call->env, call->args[index], &value) != napi_ok)
		call->bad = 1;
	return value;
}

static uint32_t uint_arg(struct call *call, size_t index)
{
	uint32_t value = 0;
	if (call->bad || index >= call->count || napi_get_value_uint32(call->env, call->args[index], &value) != napi_ok)
		call->bad = 1;
	return value;
}

/* The bytes of a typed array of at least `least` bytes. */
static void *bytes_arg(struct call *call, size_t index, size_t least, size_t *length)
{
	napi_typedarray_type type;
	void *data = NULL;
	size_t elements = 0;
	if (call->bad || index >= call->count ||
	    napi_get_typedarray_info(call->env, call->args[index], &type, &elements, &data, NULL, NULL) != napi_ok) {
		call->bad = 1;
		return NULL;
	}
	size_t width = type == napi_uint8_array ? 1 : type == napi_float64_array ? 8 : 4;
	if (elements * width < least)
		call->bad = 1;
	if (length)
		*length = elements * width;
	return data;
}

static void name_arg(struct call *call, size_t index, char name[NAME_BYTES])
{
	size_t length = 0;
	name[0] = 0;
	if (call->bad || index >= call->count ||
	    napi_get_value_string_utf8(call->env, call->args[index], name, NAME_BYTES, &length) != napi_ok)
		call->bad = 1;
	/* A name that fills the buffer was cut: it names nobody. */
	if (length == NAME_BYTES - 1 || strlen(name) != length)
		call->bad = 1;
}

static napi_value number(napi_env env, int value)
{
	napi_value result = NULL;
	return napi_create_int32(env, value, &result) == napi_ok ? result : NULL;
}

/* A call whose arguments are numbers and buffers only: NAME(env, info) returns EXPRESSION. */
#define SIMPLE(name, expression)                                  \
	static napi_value name(napi_env env, napi_callback_info info) \
	{                                                             \
		struct call call = begin(env, info);                      \
		int result = expression;                                  \
		return number(env, result);                               \
	}

static int do_accept(struct call *call)
{
	int fd = int_arg(call, 0);
	struct endpoint *peer = bytes_arg(call, 1, sizeof *peer, NULL);
	return call->bad ? -EINVAL : call_accept(fd, peer);
}

static int do_local_endpoint(struct call *call)
{
	int fd = int_arg(call, 0);
	struct endpoint *local = bytes_arg(call, 1, sizeof *local, NULL);
	return call->bad ? -EINVAL : call_local_endpoint(fd, local);
}

static int do_lock(struct call *call)
{
	int fd = int_arg(call, 0);
	return call->bad ? -EINVAL : call_lock(fd);
}

static int do_socket_facts(struct call *call)
{
	int fd = int_arg(call, 0);
	size_t room = 0;
	int *facts = bytes_arg(call, 1, 4 * sizeof *facts, NULL);
	void *address = bytes_arg(call, 2, 1, &room);
	return call->bad ? -EINVAL : call_socket_facts(fd, facts, address, room);
}

static int do_accept_waiting(struct call *call)
{
	int listener = int_arg(call, 0);
	struct endpoint *peer = bytes_arg(call, 1, sizeof *peer, NULL);
	return call->bad ? -EINVAL : call_accept_waiting(listener, peer);
}

static int do_original_destination(struct call *call)
{
	int fd = int_arg(call, 0), family = int_arg(call, 1);
	struct endpoint *destination = bytes_arg(call, 2, sizeof *destination, NULL);
	return call->bad ? -EINVAL : call_original_destination(fd, family, destination);
}

static int do_peer_path(struct call *call)
{
	int fd = int_arg(call, 0);
	size_t room = 0;
	uint8_t *path = bytes_arg(call, 1, 1, &room);
	return call->bad ? -EINVAL : call_peer_path(fd, path, room);
}

static int do_backlog(struct call *call)
{
	int listener = int_arg(call, 0);
	return call->bad ? -EINVAL : call_backlog(listener);
}

static int do_peek_offset(struct call *call)
{
	int fd = int_arg(call, 0), offset = int_arg(call, 1);
	return call->bad ? -EINVAL : call_peek_offset(fd, offset);
}

static int do_receive_datagram(struct call *call)
{
	int fd = int_arg(call, 0);
	size_t length = 0;
	uint8_t *bytes = bytes_arg(call, 1, 0, &length);
	struct endpoint *ends = bytes_arg(call, 2, 2 * sizeof *ends, NULL);
	uint32_t peek = uint_arg(call, 3);
	return call->bad ? -EINVAL : call_receive_datagram(fd, bytes, length, ends, peek ? MSG_PEEK : 0);
}

static int do_send_datagram(struct call *call)
{
	int fd = int_arg(call, 0);
	size_t length = 0;
	const uint8_t *bytes = bytes_arg(call, 1, 0, &length);
	const struct endpoint *ends = bytes_arg(call, 2, 2 * sizeof *ends, NULL);
	return call->bad ? -EINVAL : call_send_datagram(fd, bytes, length, ends);
}

static int do_peek(struct call *call)
{
	int fd = int_arg(call, 0);
	size_t length = 0;
	uint8_t *bytes = bytes_arg(call, 1, 0, &length);
	return call->bad ? -EINVAL : call_peek(fd, bytes, length);
}

static int do_send(struct call *call)
{
	size_t length = 0;
	int fd = int_arg(call, 0);
	const void *bytes = bytes_arg(call, 1, 0, &length);
	int passed = int_arg(call, 2);
	return call->bad ? -EINVAL : call_send(fd, bytes, length, passed);
}

static int do_receive(struct call *call)
{
	size_t length = 0;
	int fd = int_arg(call, 0);
	void *bytes = bytes_arg(call, 1, 1, &length);
	int *passed = bytes_arg(call, 2, sizeof *passed, NULL);
	return call->bad ? -EINVAL : call_receive(fd, bytes, length, passed);
}

static int do_send_batch(struct call *call)
{
	size_t room = 0;
	int fd = int_arg(call, 0);
	const uint8_t *bytes = bytes_arg(call, 1, 0, &room);
	uint32_t count = uint_arg(call, 3);
	const struct packet_row *rows = bytes_arg(call, 2, count * sizeof *rows, NULL);
	return call->bad ? -EINVAL : call_send_batch(fd, bytes, room, rows, count);
}

static int do_receive_batch(struct call *call)
{
	size_t room = 0, length = 0;
	int fd = int_arg(call, 0);
	uint8_t *bytes = bytes_arg(call, 1, 1, &room);
	struct packet_row *rows = bytes_arg(call, 2, sizeof *rows, &length);
	return call->bad ? -EINVAL : call_receive_batch(fd, bytes, room, rows, length / sizeof *rows);
}

static int do_read(struct call *call)
{
	size_t length = 0;
	int fd = int_arg(call, 0);
	void *bytes = bytes_arg(call, 1, 1, &length);
	return call->bad ? -EINVAL : call_read(fd, bytes, length);
}

static int do_socket_pair(struct call *call)
{
	int *pair = bytes_arg(call, 0, 2 * sizeof *pair, NULL);
	return call->bad ? -EINVAL : call_socket_pair(pair);
}

static int do_packet_pair(struct call *call)
{
	int *pair = bytes_arg(call, 0, 2 * sizeof *pair, NULL);
	return call->bad ? -EINVAL : call_packet_pair(pair);
}

static int do_writable(struct call *call)
{
	int fd = int_arg(call, 0);
	return call->bad ? -EINVAL : call_writable(fd);
}

static int do_shutdown_write(struct call *call)
{
	int fd = int_arg(call, 0);
	return call->bad ? -EINVAL : call_shutdown_write(fd);
}

static int do_socket_error(struct call *call)
{
	int fd = int_arg(call, 0);
	return call->bad ? -EINVAL : call_socket_error(fd);
}

static int do_set_no_delay(struct call *call)
{
	int fd = int_arg(call, 0);
	return call->bad ? -EINVAL : call_set_no_delay(fd);
}

static int do_close(struct call *call)
{
	int fd = int_arg(call, 0);
	if (call->bad)
		return -EINVAL;
	return close(fd) < 0 ? -errno : 0;
}

static int do_watch(struct call *call)
{
	int epoll = int_arg(call, 0), fd = int_arg(call, 1);
	uint32_t token = uint_arg(call, 2), events = uint_arg(call, 3);
	return call->bad ? -EINVAL : call_epoll_watch(epoll, fd, token, events);
}

static int do_forget(struct call *call)
{
	int epoll = int_arg(call, 0), fd = int_arg(call, 1);
	return call->bad ? -EINVAL : call_epoll_forget(epoll, fd);
}

static int do_service_port(struct call *call)
{
	char name[NAME_BYTES], protocol[NAME_BYTES];
	name_arg(call, 0, name);
	name_arg(call, 1, protocol);
	return call->bad ? -EINVAL : call_service_port(name, protocol);
}

static int do_host_addresses(struct call *call)
{
	char name[NAME_BYTES];
	size_t room = 0;
	name_arg(call, 0, name);
	uint8_t *rows = bytes_arg(call, 1, 1, &room);
	return call->bad ? -EINVAL : call_host_addresses(name, rows, room);
}

static int do_attribute(struct call *call)
{
	char name[NAME_BYTES];
	size_t room = 0;
	int fd = int_arg(call, 0);
	name_arg(call, 1, name);
	uint8_t *value = bytes_arg(call, 2, 1, &room);
	return call->bad ? -EINVAL : call_attribute(fd, name, value, room);
}

static int do_interface_index(struct call *call)
{
	char name[NAME_BYTES];
	name_arg(call, 0, name);
	return call->bad ? -EINVAL : call_interface_index(name);
}

static int do_network(struct call *call)
{
	char name[NAME_BYTES];
	name_arg(call, 0, name);
	uint8_t *octets = bytes_arg(call, 1, 4, NULL);
	return call->bad ? -EINVAL : call_network(name, octets);
}

static int do_limits(struct call *call)
{
	size_t length = 0;
	double *pairs = bytes_arg(call, 0, 1, &length);
	return call->bad ? -EINVAL : call_limits(pairs, length / sizeof *pairs);
}

static int do_sealed_memfd(struct call *call)
{
	size_t length = 0;
	const void *bytes = bytes_arg(call, 0, 1, &length);
	return call->bad ? -EINVAL : call_sealed_memfd(bytes, length);
}

static int do_lock_down(struct call *call)
{
	size_t length = 0;
	const void *program = bytes_arg(call, 0, 8, &length);
	return call->bad ? -EINVAL : call_lock_down(program, length);
}

SIMPLE(js_accept, do_accept(&call))
SIMPLE(js_lock, do_lock(&call))
SIMPLE(js_socket_facts, do_socket_facts(&call))
SIMPLE(js_local_endpoint, do_local_endpoint(&call))
SIMPLE(js_original_destination, do_original_destination(&call))
SIMPLE(js_peer_path, do_peer_path(&call))
SIMPLE(js_accept_waiting, do_accept_waiting(&call))
SIMPLE(js_backlog, do_backlog(&call))
SIMPLE(js_peek_offset, do_peek_offset(&call))
SIMPLE(js_receive_datagram, do_receive_datagram(&call))
SIMPLE(js_send_datagram, do_send_datagram(&call))
SIMPLE(js_peek, do_peek(&call))
SIMPLE(js_send, do_send(&call))
SIMPLE(js_receive, do_receive(&call))
SIMPLE(js_send_batch, do_send_batch(&call))
SIMPLE(js_receive_batch, do_receive_batch(&call))
SIMPLE(js_read, do_read(&call))
SIMPLE(js_socket_pair, do_socket_pair(&call))
SIMPLE(js_packet_pair, do_packet_pair(&call))
SIMPLE(js_writable, do_writable(&call))
SIMPLE(js_shutdown_write, do_shutdown_write(&call))
SIMPLE(js_socket_error, do_socket_error(&call))
SIMPLE(js_set_no_delay, do_set_no_delay(&call))
SIMPLE(js_close, do_close(&call))
SIMPLE(js_watch, do_watch(&call))
SIMPLE(js_forget, do_forget(&call))
SIMPLE(js_service_port, do_service_port(&call))
SIMPLE(js_host_addresses, do_host_addresses(&call))
SIMPLE(js_attribute, do_attribute(&call))
SIMPLE(js_interface_index, do_interface_index(&call))
SIMPLE(js_network, do_network(&call))
SIMPLE(js_limits, do_limits(&call))
SIMPLE(js_sealed_memfd, do_sealed_memfd(&call))
SIMPLE(js_lock_down, do_lock_down(&call))
SIMPLE(js_landlock_version, call.bad ? -EINVAL : call_landlock_version())
SIMPLE(js_has_seccomp, call.bad ? -EINVAL : call_has_seccomp())
SIMPLE(js_undumpable, call.bad ? -EINVAL : call_undumpable())

/* ---- names: a number, or an object ---- */

static napi_value user_object(napi_env env, const struct user *user)
{
	napi_value object, uid, gid, name, home;
	if (napi_create_object(env, &object) != napi_ok || napi_create_uint32(env, user->uid, &uid) != napi_ok ||
	    napi_create_uint32(env, user->gid, &gid) != napi_ok ||
	    napi_create_string_utf8(env, user->name, NAPI_AUTO_LENGTH, &name) != napi_ok ||
	    napi_create_string_utf8(env, user->home, NAPI_AUTO_LENGTH, &home) != napi_ok ||
	    napi_set_named_property(env, object, "home", home) != napi_ok ||
	    napi_set_named_property(env, object, "uid", uid) != napi_ok ||
	    napi_set_named_property(env, object, "gid", gid) != napi_ok ||
	    napi_set_named_property(env, object, "name", name) != napi_ok)
		return NULL;
	return object;
}

static napi_value js_user_by_name(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	struct user user;
	char name[NAME_BYTES];
	name_arg(&call, 0, name);
	int result = call.bad ? 0 : call_user_by_name(name, &user);
	return result == 1 ? user_object(env, &user) : number(env, result);
}

static napi_value js_user_by_id(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	struct user user;
	uint32_t uid = uint_arg(&call, 0);
	int result = call.bad ? -EINVAL : call_user_by_id(uid, &user);
	return result == 1 ? user_object(env, &user) : number(env, result);
}

static int do_group_by_name(struct call *call)
{
	char name[NAME_BYTES];
	name_arg(call, 0, name);
	uint32_t *gid = bytes_arg(call, 1, sizeof *gid, NULL);
	return call->bad ? 0 : call_group_by_name(name, gid);
}

static int do_rpc_program(struct call *call)
{
	char name[NAME_BYTES];
	name_arg(call, 0, name);
	uint32_t *program = bytes_arg(call, 1, sizeof *program, NULL);
	return call->bad ? -EINVAL : call_rpc_program(name, program);
}

static int do_groups_of(struct call *call)
{
	char name[NAME_BYTES];
	size_t length = 0;
	name_arg(call, 0, name);
	uint32_t gid = uint_arg(call, 1);
	uint32_t *groups = bytes_arg(call, 2, sizeof *groups, &length);
	return call->bad ? -EINVAL : call_groups_of(name, gid, groups, (int)(length / sizeof *groups));
}

static int do_netgroup_hosts(struct call *call)
{
	char name[NAME_BYTES];
	size_t length = 0;
	name_arg(call, 0, name);
	char *hosts = bytes_arg(call, 1, 1, &length);
	return call->bad ? -EINVAL : call_netgroup_hosts(name, hosts, length);
}

SIMPLE(js_group_by_name, do_group_by_name(&call))
SIMPLE(js_rpc_program, do_rpc_program(&call))
SIMPLE(js_groups_of, do_groups_of(&call))
SIMPLE(js_netgroup_hosts, do_netgroup_hosts(&call))

/* ---- exec ---- */

static void free_strings(char **strings)
{
	for (size_t i = 0; strings && strings[i]; i++)
		free(strings[i]);
	free(strings);
}

static char *string_of(napi_env env, napi_value value)
{
	size_t length = 0;
	if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok)
		return NULL;
	char *text = malloc(length + 1);
	if (text && napi_get_value_string_utf8(env, value, text, length + 1, &length) == napi_ok)
		return text;
	free(text);
	return NULL;
}

static char **strings_arg(struct call *call, size_t index)
{
	uint32_t count = 0;
	if (call->bad || index >= call->count || napi_get_array_length(call->env, call->args[index], &count) != napi_ok)
		return NULL;
	char **strings = calloc((size_t)count + 1, sizeof *strings);
	for (uint32_t i = 0; strings && i < count; i++) {
		napi_value item;
		if (napi_get_element(call->env, call->args[index], i, &item) == napi_ok)
			strings[i] = string_of(call->env, item);
		if (!strings[i]) {
			free_strings(strings);
			return NULL;
		}
	}
	return strings;
}

static napi_value js_exec(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	char *path = call.bad || call.count < 1 ? NULL : string_of(env, call.args[0]);
	char **argv = strings_arg(&call, 1), **variables = strings_arg(&call, 2);
	size_t length = 0;
	struct kept kept = { .fds = bytes_arg(&call, 3, sizeof *kept.fds, &length) };
	kept.count = (int)(length / sizeof *kept.fds);
	if (kept.count > MAX_KEPT)
		call.bad = 1;
	int result = path && argv && variables && !call.bad ? call_exec(path, argv, variables, &kept) : -EINVAL;
	free(path);
	free_strings(argv);
	free_strings(variables);
	return number(env, result);
}

/* ---- the poller: a private epoll descriptor inside one uv_poll ---- */

struct poller {
	uv_poll_t handle;
	napi_env env;
	napi_ref callback, events;
	uint32_t *pairs; /* of token and events, in the memory of `events` */
	int epoll;
};

static void poller_ready(uv_poll_t *handle, int status, int events)
{
	(void)status;
	(void)events;
	struct poller *poller = handle->data;
	struct epoll_event ready[EVENTS_AT_ONCE];
	napi_handle_scope scope;
	napi_value callback, global, count;
	int n = epoll_wait(poller->epoll, ready, EVENTS_AT_ONCE, 0);
	for (int i = 0; i < n; i++) {
		poller->pairs[2 * i] = ready[i].data.u32;
		poller->pairs[2 * i + 1] = ready[i].events;
	}
	if (n <= 0 || napi_open_handle_scope(poller->env, &scope) != napi_ok)
		return;
	if (napi_get_reference_value(poller->env, poller->callback, &callback) == napi_ok &&
	    napi_get_global(poller->env, &global) == napi_ok && napi_create_int32(poller->env, n, &count) == napi_ok &&
	    napi_make_callback(poller->env, NULL, global, callback, 1, &count, NULL) != napi_ok) {
		napi_value error;
		if (napi_get_and_clear_last_exception(poller->env, &error) == napi_ok)
			napi_fatal_exception(poller->env, error);
	}
	napi_close_handle_scope(poller->env, scope);
}

static void poller_closed(uv_handle_t *handle)
{
	struct poller *poller = handle->data;
	close(poller->epoll);
	free(poller);
}

static void poller_cleanup(void *data)
{
	struct poller *poller = data;
	napi_delete_reference(poller->env, poller->callback);
	napi_delete_reference(poller->env, poller->events);
	uv_close((uv_handle_t *)&poller->handle, poller_closed);
}

static int poller_start(struct poller *poller, struct call *call)
{
	uv_loop_t *loop = NULL;
	if (napi_get_uv_event_loop(call->env, &loop) != napi_ok)
		return -EINVAL;
	poller->epoll = call_epoll_create();
	if (poller->epoll < 0)
		return poller->epoll;
	int result = uv_poll_init(loop, &poller->handle, poller->epoll);
	poller->handle.data = poller;
	if (result == 0)
		result = uv_poll_start(&poller->handle, UV_READABLE, poller_ready);
	return result;
}

/* (events: Uint32Array, callback: (count) => void) => epoll descriptor; lives as long as the environment. */
static napi_value js_poller_open(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	uint32_t *pairs = bytes_arg(&call, 0, 2 * EVENTS_AT_ONCE * sizeof *pairs, NULL);
	if (call.bad || call.count < 2)
		return number(env, -EINVAL);
	struct poller *poller = calloc(1, sizeof *poller);
	if (!poller)
		return number(env, -ENOMEM);
	poller->env = env;
	poller->pairs = pairs;
	int result = poller_start(poller, &call);
	if (result < 0) {
		free(poller);
		return number(env, result);
	}
	if (napi_create_reference(env, call.args[0], 1, &poller->events) != napi_ok ||
	    napi_create_reference(env, call.args[1], 1, &poller->callback) != napi_ok ||
	    napi_add_env_cleanup_hook(env, poller_cleanup, poller) != napi_ok)
		napi_fatal_error("zinetd", NAPI_AUTO_LENGTH, "Cannot keep the poller", NAPI_AUTO_LENGTH);
	return number(env, poller->epoll);
}

static const struct {
	const char *name;
	napi_callback call;
} functions[] = {
	{ "pollerOpen", js_poller_open },
	{ "watch", js_watch },
	{ "forget", js_forget },
	{ "accept", js_accept },
	{ "localEndpoint", js_local_endpoint },
	{ "socketFacts", js_socket_facts },
	{ "originalDestination", js_original_destination },
	{ "peerPath", js_peer_path },
	{ "acceptWaiting", js_accept_waiting },
	{ "backlog", js_backlog },
	{ "peekOffset", js_peek_offset },
	{ "receiveDatagram", js_receive_datagram },
	{ "sendDatagram", js_send_datagram },
	{ "peek", js_peek },
	{ "send", js_send },
	{ "receive", js_receive },
	{ "sendBatch", js_send_batch },
	{ "receiveBatch", js_receive_batch },
	{ "read", js_read },
	{ "socketPair", js_socket_pair },
	{ "packetPair", js_packet_pair },
	{ "writable", js_writable },
	{ "shutdownWrite", js_shutdown_write },
	{ "socketError", js_socket_error },
	{ "setNoDelay", js_set_no_delay },
	{ "close", js_close },
	{ "userByName", js_user_by_name },
	{ "userById", js_user_by_id },
	{ "groupByName", js_group_by_name },
	{ "groupsOf", js_groups_of },
	{ "servicePort", js_service_port },
	{ "rpcProgram", js_rpc_program },
	{ "hostAddresses", js_host_addresses },
	{ "netgroupHosts", js_netgroup_hosts },
	{ "attribute", js_attribute },
	{ "interfaceIndex", js_interface_index },
	{ "network", js_network },
	{ "limits", js_limits },
	{ "sealedMemfd", js_sealed_memfd },
	{ "exec", js_exec },
	{ "lock", js_lock },
	{ "undumpable", js_undumpable },
	{ "landlockVersion", js_landlock_version },
	{ "hasSeccomp", js_has_seccomp },
	{ "lockDown", js_lock_down },
};

NAPI_MODULE_INIT()
{
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
		napi_value function;
		if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL, &function) != napi_ok ||
		    napi_set_named_property(env, exports, functions[i].name, function) != napi_ok)
			return NULL;
	}
	return exports;
}
